use std::fs;

use elk_desk::config::{
    ConfigError, Edited, Store, delete_context, load, rename_context, set_context, set_setting,
    use_context,
};

use crate::place::{Place, chmod, mode};

#[test]
fn the_users_file_counts_more_than_the_systems() {
    let place = Place::new();
    let system =
        "[settings]\noutput = \"wide\"\npage_limit = 7\n[contexts.lab]\nserver = \"http://a\"\n";
    fs::write(&place.paths.system, system).unwrap();
    place.configure(
        "version = 1\ncurrent_context = \"eu\"\n[settings]\noutput = \"json\"\n\
         [contexts.eu]\nserver = \"https://eu:6701\"\nca_file = \"ca/eu.pem\"\nproxy = \"\"\n\
         credential = { store = \"exec\", command = [\"vault\"], cache_ttl = \"10m\" }\n",
    );
    let config = load(&place.paths).unwrap();
    assert_eq!(config.settings.output.as_deref(), Some("json"));
    assert_eq!(config.settings.page_limit, Some(7));
    assert_eq!(config.current_context.as_deref(), Some("eu"));
    assert_eq!(config.context("lab").unwrap().server, "http://a");
    let eu = config.context("eu").unwrap();
    assert_eq!(eu.ca_file, Some(place.paths.config.with_file_name("ca/eu.pem")));
    assert_eq!(eu.proxy, None);
    let credential = eu.credential.as_ref().unwrap();
    assert_eq!((credential.store, credential.cache_ttl.unwrap().as_secs()), (Store::Exec, 600));
    assert_eq!(config.warnings, Vec::<String>::new());
}

#[test]
fn unknown_keys_are_warned_of_and_later_versions_refused() {
    let place = Place::new();
    place.configure("colour = 1\n[settings]\noutptu = \"json\"\n[contexts.a]\nserver = \"http://a\"\nservr = 1\n");
    let warnings = load(&place.paths).unwrap().warnings.join("\n");
    for part in ["`colour`", "`settings.outptu`; did you mean `output`?", "`contexts.a.servr`"] {
        assert!(warnings.contains(part), "{part} in {warnings}");
    }
    place.configure("version = 2\n");
    let error = load(&place.paths).unwrap_err();
    assert!(error.to_string().contains("must be upgraded"), "{error}");
}

#[test]
fn secrets_are_refused_and_named_but_not_shown() {
    let place = Place::new();
    for (text, key) in [
        ("token = \"hunter2\"\n", "`token`"),
        (
            "[contexts.lab]\nserver = \"http://a\"\npassword = \"hunter2\"\n",
            "`contexts.lab.password`",
        ),
        ("[settings]\napi_token = \"hunter2\"\n", "`settings.api_token`"),
    ] {
        place.configure(text);
        let error = load(&place.paths).unwrap_err().to_string();
        assert!(error.contains(key) && !error.contains("hunter2"), "{error}");
    }
    place.configure("[contexts.token-lab]\nserver = \"http://a\"\n");
    assert!(load(&place.paths).is_ok(), "a context may be named so");
}

#[test]
fn bad_files_are_refused_with_the_line() {
    let place = Place::new();
    for text in ["a = \n", "[contexts]\nlab = 3\n", "[settings]\npage_limit = \"x\"\n", "\u{0}"] {
        place.configure(text);
        let error = load(&place.paths).unwrap_err();
        assert!(matches!(error, ConfigError::Syntax { .. }), "{text:?}: {error}");
    }
}

#[test]
fn files_that_others_can_change_are_refused_and_readable_ones_warned_of() {
    let place = Place::new();
    place.configure("version = 1\n");
    chmod(&place.paths.config, 0o644);
    assert!(load(&place.paths).unwrap().warnings.join("").contains("chmod 600"));
    for bad in [0o620, 0o602] {
        chmod(&place.paths.config, bad);
        assert!(load(&place.paths).unwrap_err().to_string().contains("chmod 600"), "{bad:o}");
        assert!(use_context(&place.paths, "x").is_err());
    }
    chmod(&place.paths.config, 0o600);
    let directory = place.paths.config.parent().unwrap();
    chmod(directory, 0o770);
    let error = load(&place.paths).unwrap_err().to_string();
    assert!(error.contains("chmod 700"), "{error}");
    assert!(set_context(&place.paths, "a", &[]).is_err());
    chmod(directory, 0o700);
}

#[test]
fn contexts_are_created_used_renamed_and_deleted() {
    let place = Place::new();
    let server = |text: &str| [("server", Some(text.into()))];
    let paths = &place.paths;
    assert_eq!(set_context(paths, "eu", &server("https://eu")).unwrap(), Edited::Created);
    assert_eq!(set_context(paths, "eu", &server("https://eu2")).unwrap(), Edited::Changed);
    assert_eq!(mode(&paths.config), 0o600);
    assert_eq!(mode(paths.config.parent().unwrap()), 0o700);
    set_context(paths, "lab", &server("http://127.0.0.1:1")).unwrap();
    use_context(paths, "eu").unwrap();
    rename_context(paths, "eu", "prod-eu").unwrap();
    set_setting(paths, "page_limit", Some(50.into())).unwrap();
    let config = load(paths).unwrap();
    assert_eq!(config.current_context.as_deref(), Some("prod-eu"));
    assert_eq!(config.context("prod-eu").unwrap().server, "https://eu2");
    assert_eq!(config.settings.page_limit, Some(50));
    assert!(matches!(rename_context(paths, "lab", "prod-eu"), Err(ConfigError::Exists(_))));
    let error = use_context(paths, "prod-ue").unwrap_err().to_string();
    assert!(error.contains("did you mean `prod-eu`"), "{error}");
    delete_context(paths, "prod-eu").unwrap();
    let config = load(paths).unwrap();
    assert_eq!((config.current_context, config.contexts.len()), (None, 1));
    assert!(matches!(delete_context(paths, "prod-eu"), Err(ConfigError::NoContext { .. })));
}

#[test]
fn names_keys_and_values_that_cannot_be_are_refused_and_write_nothing() {
    let place = Place::new();
    for name in ["", "a b", "a\u{1b}", "../x", &"x".repeat(64)] {
        assert!(
            matches!(set_context(&place.paths, name, &[]), Err(ConfigError::Name(_))),
            "{name:?}"
        );
    }
    let error = set_context(&place.paths, "a", &[("servre", Some("x".into()))]).unwrap_err();
    assert!(error.to_string().contains("did you mean `server`"), "{error}");
    assert!(set_context(&place.paths, "a", &[("token", Some("x".into()))]).is_err());
    assert!(set_context(&place.paths, "a", &[("protected", Some("maybe".into()))]).is_err());
    assert!(!place.paths.config.exists());
}

#[test]
fn comments_survive_a_change() {
    let place = Place::new();
    let text = "# mine\nversion = 1\n\n# the lab\n[contexts.lab]\nserver = \"http://a\" # old\nuser = \"root\"\n";
    place.configure(text);
    set_context(&place.paths, "lab", &[("server", Some("http://b".into()))]).unwrap();
    let expected = text.replace("http://a", "http://b");
    assert_eq!(fs::read_to_string(&place.paths.config).unwrap(), expected);
}

#[test]
fn a_link_stays_a_link_and_an_open_file_becomes_private() {
    let place = Place::new();
    let real = place.path("dotfiles/elkctl.toml");
    Place::file(&real, "version = 1\n", 0o644);
    fs::create_dir_all(place.paths.config.parent().unwrap()).unwrap();
    chmod(place.paths.config.parent().unwrap(), 0o700);
    std::os::unix::fs::symlink(&real, &place.paths.config).unwrap();
    set_context(&place.paths, "a", &[("server", Some("http://a".into()))]).unwrap();
    assert!(fs::symlink_metadata(&place.paths.config).unwrap().is_symlink());
    assert_eq!(mode(&real), 0o600);
    assert!(fs::read_to_string(&real).unwrap().contains("http://a"));
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let place = Place::new();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let paths = &place.paths;
            scope.spawn(move || {
                for number in 0..25 {
                    let name = format!("c-{writer}-{number}");
                    set_context(paths, &name, &[("server", Some("http://a".into()))]).unwrap();
                }
            });
        }
    });
    let config = load(&place.paths).unwrap();
    assert_eq!(config.contexts.len(), 100);
    // The drafts are gone.
    let files = fs::read_dir(place.paths.config.parent().unwrap()).unwrap().count();
    assert_eq!(files, 2, "config.toml and its lock");
}
