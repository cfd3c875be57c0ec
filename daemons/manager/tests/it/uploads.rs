//! Files that agents sent, as AgentCenters hand them over.

use bytes::Bytes;
use elk_api::tasks::SubtaskState;
use elk_api::{Role, intake};
use elk_client::reference::{Caller, Upload};
use elk_client::{ClientError, Trust};
use elk_trust::Secret;
use elk_trust::aksk::KeyPair;
use md5::{Digest as _, Md5};

use crate::world::{HANG, World, key, raw, until};

async fn upload(
    world: &World,
    keys: Option<KeyPair>,
    token: &str,
    (content, md5): (&[u8], &str),
) -> Result<String, ClientError> {
    let caller = Caller::new(&Trust::System, keys, world.clock.clone()).unwrap();
    let url = format!("http://{}{}", world.addr, intake::UPLOAD);
    let upload = Upload {
        file_name: format!("{token}.zip"),
        md5: md5.to_owned(),
        content: Bytes::copy_from_slice(content),
    };
    caller.upload(&url, &upload, HANG).await
}

fn md5(content: &[u8]) -> String {
    Md5::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the tokens of an order that as many agents were sent and have not answered.
async fn awaited(world: &World, agents: usize) -> Vec<String> {
    let center = world.center_with(agents).await;
    let task = world.task("", |_| {}).await;
    world.until_task(&task.id, SubtaskState::Acked, agents as u64).await;
    center.tokens()
}

fn stored(world: &World) -> usize {
    std::fs::read_dir(world.dir.path().join("manager/agent-files")).unwrap().count()
}

#[tokio::test]
async fn a_file_is_stored_once_and_fetched_by_operators_only() {
    let world = World::new().await;
    let token = awaited(&world, 1).await.remove(0);
    let content: Vec<u8> = (0..20_u32 << 20).map(|it| (it % 251) as u8).collect();
    let hash = md5(&content);
    let name = upload(&world, Some(key()), &token, (&content, &hash)).await.unwrap();
    assert_eq!(name, format!("upload-{}-{hash}.zip", world.clock.unix()));
    world.clock.advance_ms(10_000);
    let again = upload(&world, Some(key()), &token, (b"whatever", &hash)).await.unwrap();
    assert_eq!(again, name);
    let path = format!("/api/v6/shared/Download/{name}");
    assert_eq!(raw(&world.anyone(), "GET", &path, None).await.status, 401);
    // Whoever only sees the fleet does not see what its hosts hold.
    let viewer = world.user("eve", Role::Viewer).await;
    let refused = raw(&viewer, "GET", &path, None).await;
    assert_eq!((refused.status, refused.body.len()), (403, 0));
    let operator = world.user("kim", Role::Operator).await;
    assert_eq!(raw(&operator, "GET", &path, None).await.status, 200);
    let world = world.kill().await;
    let reply = raw(&world.admin, "GET", &path, None).await;
    assert!(reply.body == content, "the file differs");
    let absent = raw(&world.admin, "GET", "/api/v6/shared/Download/..%2fstate.db", None).await;
    assert_eq!(absent.status, 404);
    world.end().await;
}

#[tokio::test]
async fn a_file_of_a_stranger_or_with_a_wrong_digest_leaves_nothing() {
    let world = World::new().await;
    let token = awaited(&world, 1).await.remove(0);
    let wrong =
        upload(&world, Some(key()), &token, (b"content", &md5(b"other"))).await.unwrap_err();
    assert!(wrong.to_string().contains("md5 check failed"), "{wrong}");
    let none = upload(&world, Some(key()), &token, (b"content", "")).await.unwrap_err();
    assert!(none.to_string().contains("no file hash"), "{none}");
    let forged = KeyPair { ak: key().ak, sk: Secret::new("guessed") };
    for keys in [None, Some(forged)] {
        let refused = upload(&world, keys, &token, (b"content", &md5(b"content"))).await;
        assert!(matches!(refused, Err(ClientError::Status { status: 401, .. })), "{refused:?}");
    }
    assert_eq!(stored(&world), 0);
    world.end().await;
}

#[tokio::test]
async fn a_file_that_no_order_waits_for_is_not_taken() {
    let world = World::new().await;
    let tokens = awaited(&world, 2).await;
    let give = async |token: &str, content: &[u8]| {
        upload(&world, Some(key()), token, (content, &md5(content))).await
    };
    for token in ["", "stranger", "%"] {
        let refused = give(token, b"content").await.unwrap_err();
        assert!(refused.to_string().contains("no task waits for this file"), "{refused}");
    }
    // One order brings a few files, not as many as an agent likes.
    for content in [b"a", b"b", b"c", b"d"] {
        give(&tokens[0], content).await.unwrap();
    }
    assert!(give(&tokens[0], b"e").await.is_err());
    // An order that was answered brings none.
    give(&tokens[1], b"f").await.unwrap();
    world.answer(&tokens[1], "succeed").await;
    assert!(give(&tokens[1], b"g").await.is_err());
    assert_eq!(stored(&world), 5);
    world.end().await;
}

#[tokio::test]
async fn files_of_agents_are_kept_for_some_days() {
    let world = World::new().await;
    let token = awaited(&world, 1).await.remove(0);
    let old = upload(&world, Some(key()), &token, (b"old", &md5(b"old"))).await.unwrap();
    world.clock.advance_ms(20 * 86_400_000);
    let new = upload(&world, Some(key()), &token, (b"new", &md5(b"new"))).await.unwrap();
    world.clock.advance_ms(11 * 86_400_000);
    let world = world.restart().await;
    until("the old one to be removed", async || stored(&world) == 1).await;
    let status = async |name: &str| {
        raw(&world.admin, "GET", &format!("/api/v6/shared/Download/{name}"), None).await.status
    };
    assert_eq!((status(&old).await, status(&new).await), (404, 200));
    world.end().await;
}
