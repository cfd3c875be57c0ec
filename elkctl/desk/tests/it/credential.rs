use std::fs;
use std::path::Path;

use elk_desk::config::{Context, CredentialSource, Store};
use elk_desk::credential::{self, Account, CredentialError, Found, Kept, Source, Wanted};
use elk_desk::{Exit, Origin};
use elk_life::Clock;
use elk_trust::Secret;
use jiff::Timestamp;

use crate::place::{Place, chmod, mode};

fn origin(text: &str) -> Origin {
    text.parse().unwrap()
}

fn account() -> Account {
    Account { origin: origin("http://127.0.0.1:6701"), user: "alice".to_owned() }
}

fn kept(token: &str) -> Kept {
    Kept { token: Secret::new(token), stored_at: now(), expires_at: None }
}

fn now() -> Timestamp {
    Clock::manual(1_700_000_000_000).now()
}

fn wanted<'a>(origin: &'a Origin, context: Option<&'a Context>) -> Wanted<'a> {
    Wanted { origin, user: Some("alice"), context, token_file: None, now: now() }
}

fn stored_file(place: &Place) -> std::path::PathBuf {
    let mut files = fs::read_dir(&place.paths.credentials).unwrap();
    files.next().unwrap().unwrap().path()
}

fn token(found: &Found) -> &str {
    found.token.expose()
}

#[test]
fn the_first_source_wins_and_tells_what_it_overrides() {
    let place = Place::new();
    credential::write(Store::File, &account(), &kept("stored"), &place.paths).unwrap();
    let file = place.path("t");
    Place::file(&file, "from-file\n", 0o600);
    let here = origin("http://127.0.0.1:6701");
    let wanted = wanted(&here, None);

    let env = place.env(&[]);
    let found = credential::find(&wanted, &env, &place.paths).unwrap().unwrap();
    assert_eq!((token(&found), &found.source), ("stored", &Source::Stored(Store::File)));
    assert_eq!(found.stored_at, Some(now()));

    let env = place.env(&[("ELKCTL_TOKEN", "from-env")]);
    let found = credential::find(&wanted, &env, &place.paths).unwrap().unwrap();
    assert_eq!((token(&found), &found.source), ("from-env", &Source::EnvToken));
    assert_eq!(found.overrides, [Source::Stored(Store::File)]);

    let path = file.to_str().unwrap();
    let env = place.env(&[("ELKCTL_TOKEN", "from-env"), ("ELKCTL_TOKEN_FILE", path)]);
    let found = credential::find(&wanted, &env, &place.paths).unwrap().unwrap();
    assert_eq!(token(&found), "from-file");
    assert_eq!(found.overrides, [Source::EnvToken, Source::Stored(Store::File)]);

    let flag = Wanted { token_file: Some(Path::new("/no/such/file")), ..wanted };
    let error = credential::find(&flag, &env, &place.paths).unwrap_err();
    assert!(error.to_string().contains("/no/such/file"), "{error}");
}

#[test]
fn a_stored_credential_is_used_for_its_own_origin_and_user_only() {
    let place = Place::new();
    credential::write(Store::File, &account(), &kept("s"), &place.paths).unwrap();
    let env = place.env(&[]);
    for other in ["http://localhost:6701", "https://127.0.0.1:6701", "http://127.0.0.1:6702"] {
        let other = origin(other);
        assert!(credential::find(&wanted(&other, None), &env, &place.paths).unwrap().is_none());
    }
    let here = origin("http://127.0.0.1:6701");
    let bob = Wanted { user: Some("bob"), ..wanted(&here, None) };
    assert!(credential::find(&bob, &env, &place.paths).unwrap().is_none());
    // A file under another account's name is not taken for that account.
    let alices = stored_file(&place);
    let bobs = Account { user: "bob".to_owned(), ..account() };
    credential::write(Store::File, &bobs, &kept("b"), &place.paths).unwrap();
    let bobs = fs::read_dir(&place.paths.credentials).unwrap();
    let bobs = bobs.map(|entry| entry.unwrap().path()).find(|path| *path != alices).unwrap();
    fs::copy(&alices, bobs).unwrap();
    let error = credential::find(&bob, &env, &place.paths).unwrap_err();
    assert!(matches!(error, CredentialError::Damaged(_)), "{error}");
}

#[test]
fn credential_files_are_private_whole_and_removable() {
    let place = Place::new();
    let paths = &place.paths;
    credential::write(Store::File, &account(), &kept("one"), paths).unwrap();
    let file = stored_file(&place);
    assert_eq!((mode(&file), mode(&paths.credentials)), (0o600, 0o700));
    // A file that was open to all before is private after it is written again.
    chmod(&file, 0o644);
    credential::write(Store::File, &account(), &kept("two"), paths).unwrap();
    assert_eq!(mode(&file), 0o600);
    let read = credential::read(Store::File, &account(), paths).unwrap().unwrap();
    assert_eq!(read.token.expose(), "two");
    assert!(credential::remove(Store::File, &account(), paths).unwrap());
    assert!(!credential::remove(Store::File, &account(), paths).unwrap());
    assert!(credential::read(Store::File, &account(), paths).unwrap().is_none());
}

#[test]
fn credential_files_that_others_reach_are_refused() {
    let place = Place::new();
    let paths = &place.paths;
    let read = || credential::read(Store::File, &account(), paths);
    credential::write(Store::File, &account(), &kept("one"), paths).unwrap();
    let file = stored_file(&place);
    for bad in [0o640, 0o604, 0o620, 0o602] {
        chmod(&file, bad);
        let error = read().unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{bad:o}: {error}");
        assert_eq!(error.failure().exit, Exit::Auth);
    }
    chmod(&file, 0o600);
    chmod(&paths.credentials, 0o770);
    assert!(read().unwrap_err().to_string().contains("chmod 700"));
    assert!(credential::write(Store::File, &account(), &kept("x"), paths).is_err());
    chmod(&paths.credentials, 0o700);
    let moved = place.path("moved");
    fs::rename(&file, &moved).unwrap();
    std::os::unix::fs::symlink(&moved, &file).unwrap();
    assert!(read().unwrap_err().to_string().contains("not a regular file"));
}

#[test]
fn damaged_credentials_and_tokens_are_refused_without_being_shown() {
    let place = Place::new();
    credential::write(Store::File, &account(), &kept("one"), &place.paths).unwrap();
    fs::write(stored_file(&place), "{\"token\":\"hunter2\"").unwrap();
    let error = credential::read(Store::File, &account(), &place.paths).unwrap_err();
    assert!(matches!(error, CredentialError::Damaged(_)));
    let here = origin("http://127.0.0.1:6701");
    for text in ["\n", "hunter2 hunter2", "hunter2\u{1b}", &"hunter2".repeat(4000)] {
        let file = place.path("t");
        Place::file(&file, text, 0o600);
        let wanted = Wanted { token_file: Some(&file), ..wanted(&here, None) };
        let error = credential::find(&wanted, &place.env(&[]), &place.paths).unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

fn exec(place: &Place, script: &str, ttl: Option<&str>) -> Context {
    let program = place.path("cred.sh");
    Place::file(&program, &format!("#!/bin/sh\n{script}\n"), 0o700);
    let command = vec!["/bin/sh".to_owned(), program.to_str().unwrap().to_owned()];
    let cache_ttl = ttl.map(|ttl| elk_desk::parse_duration(ttl).unwrap());
    let credential = Some(CredentialSource { store: Store::Exec, command, cache_ttl });
    Context { credential, ..Context::default() }
}

#[test]
fn a_command_gives_a_credential_and_its_answer_is_kept_for_its_time() {
    let place = Place::new();
    let count = place.path("count");
    let script = format!(
        "echo run >> {}; echo \"$ELKCTL_EXEC_INFO\" | grep -q '\"server\":\"http://127.0.0.1:6701\"' || exit 3\n\
         echo '{{\"api_version\":\"elkctl/cred/v1\",\"token\":\"from-exec\",\"expires_at\":null}}'",
        count.display()
    );
    let context = exec(&place, &script, Some("10m"));
    let here = origin("http://127.0.0.1:6701");
    let early = wanted(&here, Some(&context));
    for _ in 0..2 {
        let found = credential::find(&early, &place.env(&[]), &place.paths).unwrap().unwrap();
        assert_eq!(token(&found), "from-exec");
        assert!(matches!(found.source, Source::Exec(_)));
    }
    assert_eq!(fs::read_to_string(&count).unwrap(), "run\n");
    let later = now().checked_add(std::time::Duration::from_secs(601)).unwrap();
    let late = Wanted { now: later, ..early };
    credential::find(&late, &place.env(&[]), &place.paths).unwrap().unwrap();
    assert_eq!(fs::read_to_string(&count).unwrap(), "run\nrun\n");
}

#[test]
fn a_command_that_fails_or_answers_something_else_is_an_error_that_shows_no_token() {
    let place = Place::new();
    let here = origin("http://127.0.0.1:6701");
    for script in [
        "exit 1",
        "echo hunter2",
        "echo '{\"api_version\":\"v2\",\"token\":\"hunter2\"}'",
        "echo '{\"api_version\":\"elkctl/cred/v1\",\"token\":\"\"}'",
        "echo '{\"api_version\":\"elkctl/cred/v1\",\"token\":\"hunter2\",\"expires_at\":\"2001-01-01T00:00:00Z\"}'",
        "head -c 100000 /dev/zero",
    ] {
        let context = exec(&place, script, None);
        let wanted = wanted(&here, Some(&context));
        let error = credential::find(&wanted, &place.env(&[]), &place.paths).unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
        assert_eq!(error.failure().exit, Exit::Auth, "{script}");
    }
}

#[test]
fn a_context_that_keeps_none_finds_none() {
    let place = Place::new();
    credential::write(Store::File, &account(), &kept("s"), &place.paths).unwrap();
    let source = CredentialSource { store: Store::None, command: Vec::new(), cache_ttl: None };
    let context = Context { credential: Some(source), ..Context::default() };
    let here = origin("http://127.0.0.1:6701");
    let found = credential::find(&wanted(&here, Some(&context)), &place.env(&[]), &place.paths);
    assert!(found.unwrap().is_none());
}

/// Set for the child of the next test, whose bus never answers.
#[cfg(feature = "keyring")]
const CHILD: &str = "ELK_TEST_KEYRING_CHILD";

#[cfg(feature = "keyring")]
#[test]
fn a_keyring_that_never_answers_is_given_up_with_the_ways_out() {
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    let place = Place::new();
    if std::env::var_os(CHILD).is_some() {
        let error = credential::probe_keyring(&place.env(&[])).unwrap_err();
        let failure = error.failure();
        assert_eq!((failure.exit, failure.code.as_str()), (Exit::Auth, "keyring_unusable"));
        let hints = failure.hints.join("\n");
        for way in ["--store file", "--no-store", "ELKCTL_TOKEN_FILE"] {
            assert!(hints.contains(way), "{way}");
        }
        assert!(credential::read(Store::Keyring, &account(), &place.paths).is_err());
        return;
    }
    let socket = place.path("bus");
    // It accepts into its backlog and never answers.
    let listener = UnixListener::bind(&socket).unwrap();
    let name = "credential::a_keyring_that_never_answers_is_given_up_with_the_ways_out";
    let begun = Clock::System.unix();
    let output = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact"])
        .env(CHILD, "1")
        .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", socket.display()))
        .output()
        .unwrap();
    drop(listener);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    // Two calls of at most three seconds each.
    assert!(Clock::System.unix() - begun < 20, "hangs");
}
