//! Components: uploads, versions that never change, and the files that agents fetch.

use bytes::Bytes;
use elk_api::components::{
    Component, ComponentKind, Create, Get, List, NewComponent, NewFile, NewVersion, Publish,
    Upload, Uploaded, Version, Versions,
};
use elk_api::{ListQuery, Nothing};
use elk_client::{Client, ClientError};
use elk_model::Sha256;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::Digest as _;

use crate::world::{World, json, raw};

pub(crate) fn digest(content: &[u8]) -> Sha256 {
    Sha256::from_bytes(sha2::Sha256::digest(content).into())
}

pub(crate) async fn create(client: &Client, name: &str, kind: ComponentKind) -> Component {
    let new = NewComponent { name: name.parse().unwrap(), kind };
    client.send::<Create>(&[], &Nothing {}, &new).await.unwrap()
}

async fn upload(client: &Client, name: &str, content: &[u8]) -> Result<Uploaded, ClientError> {
    upload_as(client, name, content, &digest(content).to_string()).await
}

async fn upload_as(
    client: &Client,
    name: &str,
    content: &[u8],
    sha256: &str,
) -> Result<Uploaded, ClientError> {
    let body = Bytes::copy_from_slice(content);
    client.upload::<Upload>(&[name, sha256], &Nothing {}, body, None).await
}

async fn publish(
    client: &Client,
    name: &str,
    version: &str,
    files: &[(&str, &[u8])],
) -> Result<Version, ClientError> {
    let file = |(variant, content): &(&str, &[u8])| NewFile {
        variant: (*variant).to_owned(),
        sha256: digest(content),
    };
    let files = files.iter().map(file).collect();
    let new = NewVersion { version: version.parse().unwrap(), files };
    client.send::<Publish>(&[name], &Nothing {}, &new).await
}

/// Uploads and publishes.
pub(crate) async fn release(
    client: &Client,
    name: &str,
    version: &str,
    files: &[(&str, &[u8])],
) -> Version {
    for (_, content) in files {
        upload(client, name, content).await.unwrap();
    }
    publish(client, name, version, files).await.unwrap()
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, ClientError>) -> String {
    match result {
        Err(ClientError::Problem { problem, .. }) => problem.code,
        other => panic!("no problem: {other:?}"),
    }
}

fn package(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o755);
        tar.append_data(&mut header, name, *content).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

#[tokio::test]
async fn a_published_version_is_fetched_by_anyone_and_survives_a_kill() {
    let world = World::new().await;
    create(&world.admin, "driver", ComponentKind::TarGz).await;
    let content = package(&[("./driver", b"program"), ("lib/x", b"library")]);
    let version = release(&world.admin, "driver", "1.7.0.10", &[("x86_64", &content)]).await;
    let file = &version.files[0];
    assert_eq!(file.path, "/agent/component/driver/driver-default-x86_64-1.7.0.10.tar.gz");
    assert_eq!(file.signature, digest(b"program").to_string());
    assert_eq!((file.sha256, file.size_bytes), (digest(&content), content.len() as u64));
    let path = file.path.clone();
    let world = world.kill().await;
    let reply = raw(&world.anyone(), "GET", &path, None).await;
    assert_eq!((reply.status, &reply.body[..]), (200, &content[..]));
    let shown = world.admin.send::<Get>(&["driver"], &Nothing {}, &Nothing {}).await.unwrap();
    assert_eq!((shown.latest_version, shown.versions), (Some(version.version), 1));
    for path in [
        "/agent/component/driver/driver-default-x86_64-1.7.0.11.tar.gz",
        "/agent/component/other/driver-default-x86_64-1.7.0.10.tar.gz",
        "/agent/component/driver/..%2f..%2fstate.db",
    ] {
        assert_eq!(raw(&world.anyone(), "GET", path, None).await.status, 404, "{path}");
    }
    world.end().await;
}

#[tokio::test]
async fn a_version_never_changes() {
    let world = World::new().await;
    create(&world.admin, "driver", ComponentKind::Exec).await;
    let first = release(&world.admin, "driver", "1.0.0.1", &[("default", b"one")]).await;
    let again = publish(&world.admin, "driver", "1.0.0.1", &[("default", b"one")]).await.unwrap();
    assert_eq!(again.published_at, first.published_at);
    upload(&world.admin, "driver", b"two").await.unwrap();
    let other = publish(&world.admin, "driver", "1.0.0.1", &[("default", b"two")]).await;
    assert_eq!(code(other), "version_exists");
    let path = &first.files[0].path;
    assert_eq!(raw(&world.anyone(), "GET", path, None).await.body, "one");
    world.end().await;
}

#[tokio::test]
async fn versions_are_listed_highest_first_a_page_at_a_time() {
    let world = World::new().await;
    create(&world.admin, "driver", ComponentKind::Exec).await;
    for version in ["1.0.0.9", "1.0.0.10", "0.9.9999.1"] {
        release(&world.admin, "driver", version, &[("default", version.as_bytes())]).await;
    }
    let mut query = ListQuery { limit: Some(2), cursor: None };
    let mut seen = Vec::new();
    loop {
        let page = world.admin.send::<Versions>(&["driver"], &query, &Nothing {}).await.unwrap();
        assert_eq!(page.total, 3);
        seen.extend(page.items.iter().map(|it| it.version.to_string()));
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["1.0.0.10", "1.0.0.9", "0.9.9999.1"]);
    let all = world.admin.send::<List>(&[], &Default::default(), &Nothing {}).await.unwrap();
    assert_eq!(all.items[0].latest_version.unwrap().to_string(), "1.0.0.10");
    world.end().await;
}

#[tokio::test]
async fn what_agents_could_not_use_is_not_published() {
    let world = World::new().await;
    let admin = &world.admin;
    create(admin, "driver", ComponentKind::TarGz).await;
    create(admin, "tool", ComponentKind::Exec).await;
    let again = NewComponent { name: "tool".parse().unwrap(), kind: ComponentKind::Exec };
    assert_eq!(code(admin.send::<Create>(&[], &Nothing {}, &again).await), "component_exists");
    for (name, kind) in [("elkeid-agent", ComponentKind::Exec), ("tool2", ComponentKind::Agent)] {
        let new = NewComponent { name: name.parse().unwrap(), kind };
        assert_eq!(code(admin.send::<Create>(&[], &Nothing {}, &new).await), "invalid_type");
    }
    assert_eq!(code(upload(admin, "absent", b"x").await), "component_not_found");
    assert_eq!(code(upload(admin, "tool", b"").await), "empty_file");
    let wrong = upload_as(admin, "tool", b"x", &digest(b"y").to_string()).await;
    assert_eq!(code(wrong), "digest_mismatch");
    assert_eq!(
        code(publish(admin, "tool", "1.0.0.0", &[("default", b"x")]).await),
        "file_not_uploaded"
    );
    upload(admin, "tool", b"x").await.unwrap();
    assert_eq!(code(publish(admin, "tool", "1.0.0.0", &[("mips", b"x")]).await), "invalid_variant");
    assert_eq!(code(publish(admin, "tool", "1.0.0.0", &[]).await), "invalid_files");
    let twice: [(&str, &[u8]); 2] = [("default", b"x"), ("default", b"x")];
    assert_eq!(code(publish(admin, "tool", "1.0.0.0", &twice).await), "invalid_files");
    for content in [b"no archive".to_vec(), package(&[("lib/driver", b"x")])] {
        upload(admin, "driver", &content).await.unwrap();
        let made = publish(admin, "driver", "1.0.0.0", &[("default", &content)]).await;
        assert_eq!(code(made), "invalid_archive");
    }
    // What was uploaded for one component is nothing that another can publish.
    create(admin, "other", ComponentKind::Exec).await;
    assert_eq!(
        code(publish(admin, "other", "1.0.0.0", &[("default", b"x")]).await),
        "file_not_uploaded"
    );
    assert_eq!(admin.send::<Get>(&["tool"], &Nothing {}, &Nothing {}).await.unwrap().versions, 0);
    let bad = raw(admin, "PUT", "/api/n1/components/tool/files/zz", Some("x")).await;
    assert_eq!(json(&bad)["code"], "invalid_path");
    world.end().await;
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing_behind() {
    use tokio::io::AsyncWriteExt as _;
    let world = World::new().await;
    create(&world.admin, "tool", ComponentKind::Exec).await;
    let token =
        crate::world::open_session(world.addr, "admin", crate::world::PASSWORD).await.unwrap();
    let mut socket = tokio::net::TcpStream::connect(world.addr).await.unwrap();
    let head = format!(
        "PUT /api/n1/components/tool/files/{} HTTP/1.1\r\nhost: x\r\ntoken: {}\r\ncontent-length: 1000\r\n\r\nhalf",
        digest(b"x"),
        token.expose()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let files = world.dir.path().join("manager/files");
    let count = || std::fs::read_dir(&files).unwrap().count();
    crate::world::until("the upload to begin", async || count() == 1).await;
    drop(socket);
    crate::world::until("the upload to be removed", async || count() == 0).await;
    world.end().await;
}
