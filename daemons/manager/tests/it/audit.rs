//! The audit log: what is in it, and that nobody changes it unseen.

use std::path::Path;
use std::process::{Command, Stdio};

use elk_api::audit::{self, AuditQuery, Entry, Outcome, Verdict, VerifyQuery};
use elk_api::{Nothing, Role};
use elk_client::Client;
use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use crate::world::{NOW, PASSWORD, World, json, raw, until};

async fn entries(client: &Client, query: AuditQuery) -> Vec<Entry> {
    client.send::<audit::List>(&[], &query, &Nothing {}).await.unwrap().items
}

fn of(action: &str) -> AuditQuery {
    AuditQuery { action: Some(action.to_owned()), ..AuditQuery::default() }
}

async fn verify(world: &World, known: Option<String>) -> Verdict {
    let query = VerifyQuery { known };
    world.admin.send::<audit::Verify>(&[], &query, &Nothing {}).await.unwrap()
}

/// Changes the database behind the Manager's back.
async fn meddle(world: &World, sql: &str) {
    let file = world.dir.path().join("manager/state.db");
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(file)).await.unwrap();
    sqlx::query(AssertSqlSafe(sql)).execute(&pool).await.unwrap();
    pool.close().await;
}

async fn lines(client: &Client) -> String {
    let reply = raw(client, "GET", "/api/n1/audit/export", None).await;
    assert_eq!(reply.status, 200);
    String::from_utf8(reply.body.to_vec()).unwrap()
}

#[tokio::test]
async fn a_change_is_written_before_and_after_it_is_made_without_its_secrets() {
    let world = World::new().await;
    world.user("kim", Role::Viewer).await;
    let [ended] = &entries(&world.admin, of("user.create")).await[..1] else { panic!() };
    assert_eq!((ended.actor.as_str(), ended.object.as_str()), ("admin", "kim"));
    assert_eq!((ended.via.as_str(), ended.address.as_str()), ("session", "127.0.0.1"));
    assert_eq!((ended.kind.as_str(), ended.outcome), ("user", Outcome::Ok));
    assert_eq!(ended.summary, "name=kim password=<secret> role=viewer");
    assert_eq!(ended.at.as_millisecond(), NOW);
    let begun = AuditQuery { outcome: Some(Outcome::Begun), ..of("user.create") };
    let begun = &entries(&world.admin, begun).await[0];
    assert_eq!((&begun.request_id, &begun.object), (&ended.request_id, &ended.object));
    assert!(begun.sequence < ended.sequence && !begun.request_id.is_empty());
    // What the Manager did by itself comes first.
    let made = entries(&world.admin, of("user.*")).await;
    let first = made.last().unwrap();
    assert_eq!((first.sequence, first.actor.as_str(), first.via.as_str()), (1, "system", "system"));
    let login = &entries(&world.admin, of("session.login")).await[0];
    assert_eq!((login.actor.as_str(), login.via.as_str()), ("kim", "password"));
    let all = lines(&world.admin).await;
    assert!(!all.contains(PASSWORD) && !all.contains("seesion-"), "{all}");
    world.end().await;
}

#[tokio::test]
async fn a_change_that_fails_is_written_with_its_cause_and_what_is_made_with_its_id() {
    let world = World::new().await;
    world.center_with(1).await;
    world.user("kim", Role::Viewer).await;
    let again = r#"{"name":"kim","role":"viewer","password":"correct horse battery"}"#;
    assert_eq!(raw(&world.admin, "POST", "/api/n1/users", Some(again)).await.status, 409);
    let failed = &entries(&world.admin, of("user.create")).await[0];
    assert_eq!((failed.outcome, failed.code.as_str()), (Outcome::Failed, "user_exists"));
    let task = world.task("", |_| {}).await;
    let made = &entries(&world.admin, of("task.create")).await[0];
    assert_eq!((&made.object, made.outcome), (&task.id, Outcome::Ok));
    let gone = raw(&world.admin, "PUT", "/api/n1/users/no%40body/password", Some("{}")).await;
    assert_eq!(gone.status, 400);
    let failed = &entries(&world.admin, of("user.passwd")).await[0];
    assert_eq!((failed.object.as_str(), failed.code.as_str()), ("no@body", "invalid_body"));
    world.end().await;
}

#[tokio::test]
async fn changes_through_the_references_api_are_written_too() {
    let world = World::new().await;
    world.user("kim", Role::Viewer).await;
    let body = r#"{"username":"kim","level":2,"avatar":"x"}"#;
    raw(&world.admin, "POST", "/api/v1/user/update", Some(body)).await;
    let entry = &entries(&world.admin, of("user.update")).await[0];
    assert_eq!((entry.object.as_str(), entry.outcome), ("kim", Outcome::Ok));
    assert_eq!(entry.summary, "avatar=<1 bytes> level=2 username=kim");
    // The reference answers 200 to what it refuses.
    raw(&world.admin, "POST", "/api/v1/user/del", Some(r#"{"username":"admin"}"#)).await;
    let entry = &entries(&world.admin, of("user.delete")).await[0];
    assert_eq!((entry.object.as_str(), entry.outcome), ("admin", Outcome::Failed));
    let tell = r#"{"action":"stop","data":"{\"id\":\"job-7\"}"}"#;
    assert_eq!(world.signed("/api/v0/inner/sync", tell).await.status, 200);
    let entry = &entries(&world.admin, of("job.stop")).await[0];
    assert_eq!((entry.via.as_str(), entry.object.as_str()), ("key/testak", "job-7"));
    // A read is no change.
    raw(&world.admin, "GET", "/api/v1/getTags", None).await;
    assert_eq!(entries(&world.admin, of("reference.*")).await, []);
    world.end().await;
}

#[tokio::test]
async fn who_is_refused_is_written_and_a_flood_is_counted() {
    let world = World::new().await;
    let kim = world.user("kim", Role::Viewer).await;
    raw(&kim, "POST", "/api/n1/users", Some("{}")).await;
    raw(&kim, "POST", "/api/v1/user/del", Some("{}")).await;
    raw(&world.anyone(), "GET", "/api/n1/agents", None).await;
    let wrong = r#"{"username":"ki\u0007m","password":"wrong"}"#;
    raw(&world.anyone(), "POST", "/api/n1/login", Some(wrong)).await;
    let refused = AuditQuery { outcome: Some(Outcome::Refused), ..AuditQuery::default() };
    let found = entries(&world.admin, refused.clone()).await;
    let told: Vec<_> =
        found.iter().map(|it| (it.actor.as_str(), it.action.as_str(), it.code.as_str())).collect();
    let wanted = [
        ("ki\u{7}m", "session.login", "wrong_credentials"),
        ("", "agent.list", "unauthenticated"),
        ("kim", "user.delete", "403"),
        ("kim", "user.create", "denied"),
    ];
    assert_eq!(told, wanted);
    for _ in 0..300 {
        raw(&world.anyone(), "GET", "/api/n1/agents", None).await;
    }
    let found = entries(&world.admin, refused.clone()).await;
    assert!(found.len() <= 10, "{}", found.len());
    // Ten minutes later those that were not written are told of, to the last one.
    world.clock.advance_ms(600_000);
    let counted = of("audit.refusals");
    until("the count", async || !entries(&world.admin, counted.clone()).await.is_empty()).await;
    let told = &entries(&world.admin, counted).await[0];
    let unwritten = 304 - found.len();
    let wanted = format!("{unwritten} more attempts were refused and not written one by one");
    assert_eq!((told.summary.as_str(), told.address.as_str()), (wanted.as_str(), "127.0.0.1"));
    assert!(verify(&world, None).await.whole);
    world.end().await;
}

#[tokio::test]
async fn a_user_who_fails_again_and_again_cannot_fill_the_log() {
    let world = World::new().await;
    let eve = world.user("eve", Role::HubViewer).await;
    let total = async || {
        let all = AuditQuery { limit: Some(1), ..AuditQuery::default() };
        world.admin.send::<audit::List>(&[], &all, &Nothing {}).await.unwrap().total
    };
    let fail = async || raw(&eve, "DELETE", "/api/n1/tokens/none", None).await;
    for _ in 0..300 {
        assert_eq!(fail().await.status, 404);
    }
    let before = total().await;
    for _ in 0..200 {
        let reply = fail().await;
        assert_eq!((reply.status, &json(&reply)["code"]), (429, &"too_many_failures".into()));
    }
    let more = total().await - before;
    assert!(more <= 10, "{more}");
    // It hinders nobody else, and not for long.
    world.user("kim", Role::Viewer).await;
    world.clock.advance_ms(1_000);
    assert_eq!(fail().await.status, 404);
    world.end().await;
}

#[tokio::test]
async fn nothing_is_changed_that_cannot_be_written_down() {
    let world = World::new().await;
    meddle(&world, "ALTER TABLE audit RENAME TO hidden").await;
    let body = r#"{"name":"kim","role":"viewer","password":"correct horse battery"}"#;
    let reply = raw(&world.admin, "POST", "/api/n1/users", Some(body)).await;
    assert_eq!((reply.status, &json(&reply)["code"]), (503, &"audit_unavailable".into()));
    let login = format!(r#"{{"username":"admin","password":"{PASSWORD}"}}"#);
    let reply = raw(&world.anyone(), "POST", "/api/n1/login", Some(&login)).await;
    assert_eq!(reply.status, 500);
    let users = json(&raw(&world.admin, "GET", "/api/n1/users", None).await);
    assert_eq!(users["total"], 1);
    meddle(&world, "ALTER TABLE hidden RENAME TO audit").await;
    assert!(verify(&world, None).await.whole);
    world.end().await;
}

#[tokio::test]
async fn whatever_is_changed_in_the_log_is_found_and_the_first_entry_named() {
    let world = World::new().await;
    for number in 0..4 {
        world.user(&format!("user-{number}"), Role::Viewer).await;
    }
    let whole = verify(&world, None).await;
    assert!(whole.whole && whole.entries >= 10, "{whole:?}");
    assert_eq!(whole.entries, whole.head.sequence);
    let known = format!("{}:{}", whole.head.sequence, whole.head.hash);
    assert!(verify(&world, Some(known.clone())).await.whole);
    let other = format!("{}:{}", whole.head.sequence, "0".repeat(64));
    let broken = verify(&world, Some(other)).await.broken.unwrap();
    assert_eq!(broken.sequence, whole.head.sequence);
    let copy = "CREATE TABLE kept AS SELECT * FROM audit";
    meddle(&world, copy).await;
    let columns =
        ["actor", "via", "address", "action", "kind", "object", "code", "request", "summary"];
    let mut changes: Vec<(String, u64)> = columns
        .iter()
        .map(|it| (format!("UPDATE audit SET {it} = {it} || 'x' WHERE seq = 5"), 5))
        .collect();
    let last = whole.head.sequence;
    changes.extend([
        ("UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 6".to_owned(), 6),
        ("UPDATE audit SET outcome = 'failed' WHERE seq = 3".to_owned(), 3),
        ("UPDATE audit SET outcome = 'fine' WHERE seq = 3".to_owned(), 3),
        ("UPDATE audit SET hash = previous WHERE seq = 3".to_owned(), 3),
        ("DELETE FROM audit WHERE seq = 4".to_owned(), 4),
        ("DELETE FROM audit WHERE seq < 4".to_owned(), 1),
        (format!("DELETE FROM audit WHERE seq > {}", last - 2), last - 1),
        ("DELETE FROM audit".to_owned(), 1),
        ("UPDATE audit SET seq = seq + 100 WHERE seq >= 7".to_owned(), 7),
    ]);
    for (change, entry) in changes {
        meddle(&world, &change).await;
        let verdict = verify(&world, None).await;
        let first = verdict.broken.as_ref().map(|it| it.sequence);
        assert_eq!((verdict.whole, first), (false, Some(entry)), "{change}");
        meddle(&world, "DELETE FROM audit").await;
        meddle(&world, "INSERT INTO audit SELECT * FROM kept").await;
        assert!(verify(&world, Some(known.clone())).await.whole, "{change}");
    }
    world.end().await;
}

/// Verifies an export with nothing but what is documented of it.
const SCRIPT: &str = r#"
import hashlib, json, sys
fields = ["previous", "sequence", "at", "actor", "via", "address", "action", "kind", "object",
          "outcome", "code", "request_id", "summary"]
before = None
for line in sys.stdin:
    entry = json.loads(line)
    texts = [str(entry[field]).encode() for field in fields]
    covered = b"".join(b"%d:%s," % (len(text), text) for text in texts)
    if before not in (None, entry["previous"]) or hashlib.sha256(covered).hexdigest() != entry["hash"]:
        sys.exit("broken at %d" % entry["sequence"])
    before = entry["hash"]
print(before)
"#;

fn script(dir: &Path, export: &str) -> Option<String> {
    let file = dir.join("export.jsonl");
    std::fs::write(&file, export).unwrap();
    let input = std::fs::File::open(file).unwrap();
    let mut command = Command::new("python3");
    let done = command.args(["-c", SCRIPT]).stdin(Stdio::from(input)).output();
    let Ok(done) = done else {
        let all = std::env::var("ELK_REQUIRE_ALL").is_ok_and(|it| it == "1");
        assert!(!all, "python3 is missing");
        #[expect(clippy::print_stdout, reason = "whoever runs the tests is told what was left out")]
        {
            println!("skipped: python3 is missing");
        }
        return None;
    };
    let (out, err) = (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr));
    Some(if done.status.success() { out.trim().to_owned() } else { err.unwrap().trim().to_owned() })
}

#[tokio::test]
async fn an_export_can_be_verified_by_a_script_without_the_server() {
    let world = World::new().await;
    let dir = world.dir.path().to_owned();
    let odd = r#"{"username":"\u0001\"\\ä\ud83e\udd8c\n,7:","password":"x"}"#;
    raw(&world.anyone(), "POST", "/api/n1/login", Some(odd)).await;
    world.user("kim", Role::Viewer).await;
    let export = lines(&world.admin).await;
    let head = verify(&world, None).await.head;
    if let Some(said) = script(&dir, &export) {
        assert_eq!(said, head.hash);
        let forged = export.replace("\"object\":\"kim\"", "\"object\":\"tim\"");
        assert!(script(&dir, &forged).unwrap().starts_with("broken at "));
        let mut shorter: Vec<_> = export.lines().collect();
        shorter.remove(3);
        let said = script(&dir, &(shorter.join("\n") + "\n")).unwrap();
        assert_eq!(said, "broken at 5");
    }
    let path = "/api/n1/audit/export?after=3";
    let rest = raw(&world.admin, "GET", path, None).await;
    let first = rest.body.split(|it| *it == b'\n').next().unwrap();
    let first: Value = serde_json::from_slice(first).unwrap();
    assert_eq!(first["sequence"], 4);
    world.end().await;
}

#[tokio::test]
async fn what_is_left_when_old_entries_are_removed_can_be_verified() {
    let world = World::with(|config| config.audit_days = 2).await;
    world.user("kim", Role::Viewer).await;
    let old = verify(&world, None).await;
    world.clock.advance_ms(86_400_000);
    // Idle for a day: the old session has ended.
    let world = world.restart().await;
    assert_eq!(verify(&world, None).await.anchor.sequence, 0);
    world.clock.advance_ms(86_400_001);
    let world = world.restart().await;
    until("old entries to go", async || !entries(&world.admin, of("audit.prune")).await.is_empty())
        .await;
    let young = verify(&world, None).await;
    assert!(young.whole, "{young:?}");
    assert_eq!(young.anchor, old.head);
    assert_eq!(young.entries, young.head.sequence - old.head.sequence);
    // A place before the anchor can be compared no more; the anchor itself can.
    let place = |it: &audit::Place| Some(format!("{}:{}", it.sequence, it.hash));
    assert!(verify(&world, place(&young.anchor)).await.whole);
    meddle(&world, "UPDATE audit_marks SET hash = upper(hash) WHERE name = 'anchor'").await;
    let broken = verify(&world, None).await.broken.unwrap();
    assert_eq!(broken.sequence, young.anchor.sequence + 1);
    world.end().await;
}

#[tokio::test]
async fn entries_are_found_by_who_what_and_when_page_by_page() {
    let world = World::new().await;
    world.user("kim", Role::Viewer).await;
    world.clock.advance_ms(60_000);
    world.user("tim", Role::Viewer).await;
    let all = entries(&world.admin, AuditQuery::default()).await;
    let none = AuditQuery { object: Some("nobody".to_owned()), ..AuditQuery::default() };
    assert_eq!(entries(&world.admin, none).await, []);
    let since = jiff::Timestamp::from_millisecond(NOW + 1).unwrap();
    let late = AuditQuery { since: Some(since), ..AuditQuery::default() };
    let early = AuditQuery { until: Some(since), ..AuditQuery::default() };
    let (late, early) = (entries(&world.admin, late).await, entries(&world.admin, early).await);
    assert_eq!([late.clone(), early].concat(), all);
    assert!(late.iter().all(|it| it.object == "tim"));
    let actor = AuditQuery { actor: Some("tim".to_owned()), ..AuditQuery::default() };
    assert_eq!(entries(&world.admin, actor).await.len(), 1);
    let (mut cursor, mut walked) = (None, Vec::new());
    loop {
        let query = AuditQuery { limit: Some(2), cursor, ..AuditQuery::default() };
        let sent = world.admin.send::<audit::List>(&[], &query, &Nothing {}).await.unwrap();
        assert_eq!(sent.total, all.len() as u64);
        walked.extend(sent.items);
        cursor = sent.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(walked, all);
    let one = &all[1];
    let path = format!("/api/n1/audit/{}", one.sequence);
    let got: Entry =
        serde_json::from_value(json(&raw(&world.admin, "GET", &path, None).await)).unwrap();
    assert_eq!(&got, one);
    for (path, status) in [
        ("/api/n1/audit/0", 404),
        ("/api/n1/audit/999999", 404),
        ("/api/n1/audit/99999999999999999999", 404),
        ("/api/n1/audit?cursor=WyIxIiwiMiJd", 422),
        ("/api/n1/audit?outcome=fine", 400),
        ("/api/n1/audit/verify?known=1", 422),
        ("/api/n1/audit/export?after=18446744073709551615", 422),
    ] {
        assert_eq!(raw(&world.admin, "GET", path, None).await.status, status, "{path}");
    }
    world.end().await;
}
