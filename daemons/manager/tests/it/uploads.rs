//! Files that agents sent, as AgentCenters hand them over.

use bytes::Bytes;
use elk_api::intake;
use elk_client::reference::{Caller, Upload};
use elk_client::{ClientError, Trust};
use elk_trust::Secret;
use elk_trust::aksk::KeyPair;
use md5::{Digest as _, Md5};

use crate::world::{HANG, World, key, raw};

async fn upload(
    world: &World,
    keys: Option<KeyPair>,
    (content, md5): (&[u8], &str),
) -> Result<String, ClientError> {
    let caller = Caller::new(&Trust::System, keys, world.clock.clone()).unwrap();
    let url = format!("http://{}{}", world.addr, intake::UPLOAD);
    let upload = Upload {
        file_name: "token.zip".to_owned(),
        md5: md5.to_owned(),
        content: Bytes::copy_from_slice(content),
    };
    caller.upload(&url, &upload, HANG).await
}

fn md5(content: &[u8]) -> String {
    Md5::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_file_is_stored_once_and_fetched_by_operators_only() {
    let world = World::new().await;
    let content: Vec<u8> = (0..20_u32 << 20).map(|it| (it % 251) as u8).collect();
    let hash = md5(&content);
    let name = upload(&world, Some(key()), (&content, &hash)).await.unwrap();
    assert_eq!(name, format!("upload-{}-{hash}.zip", world.clock.unix()));
    world.clock.advance_ms(10_000);
    let again = upload(&world, Some(key()), (b"whatever", &hash)).await.unwrap();
    assert_eq!(again, name);
    let path = format!("/api/v6/shared/Download/{name}");
    assert_eq!(raw(&world.anyone(), "GET", &path, None).await.status, 401);
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
    let wrong = upload(&world, Some(key()), (b"content", &md5(b"other"))).await.unwrap_err();
    assert!(wrong.to_string().contains("md5 check failed"), "{wrong}");
    let none = upload(&world, Some(key()), (b"content", "")).await.unwrap_err();
    assert!(none.to_string().contains("no file hash"), "{none}");
    let forged = KeyPair { ak: key().ak, sk: Secret::new("guessed") };
    for keys in [None, Some(forged)] {
        let refused = upload(&world, keys, (b"content", &md5(b"content"))).await;
        assert!(matches!(refused, Err(ClientError::Status { status: 401, .. })), "{refused:?}");
    }
    let files = world.dir.path().join("manager/agent-files");
    assert_eq!(std::fs::read_dir(files).unwrap().count(), 0);
    world.end().await;
}
