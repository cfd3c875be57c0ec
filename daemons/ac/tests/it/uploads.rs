//! Files that agents upload.

use std::fs;
use std::time::Duration;

use axum::body::Bytes;
use elk_api::intake;
use elk_wire::file_upload_response::StatusCode;
use elk_wire::{FileUploadRequest, FileUploadResponse, UPLOAD_PATH, frame};
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::Frame;
use prost::Message as _;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use crate::agent::{Connection, Outgoing};
use crate::results::with_token;
use crate::world::World;

/// Uploads `chunks` under `token`; returns the answer or the gRPC status.
async fn upload(world: &World, token: &str, chunks: &[&[u8]]) -> Result<StatusCode, i32> {
    let mut bytes = Vec::new();
    for chunk in chunks {
        let data = chunk.to_vec().into();
        bytes.extend(frame::snappy(&FileUploadRequest { token: token.to_owned(), data }));
    }
    post(world.dial().await, http_body_util::BodyExt::boxed(Full::from(bytes))).await
}

/// Calls `Upload`; returns the answer or the gRPC status.
pub(crate) async fn post(mut connection: Connection, body: Outgoing) -> Result<StatusCode, i32> {
    let request = http::Request::post(format!("https://ac{UPLOAD_PATH}"))
        .header("content-type", "application/grpc")
        .header("grpc-encoding", "snappy")
        .body(body)
        .unwrap();
    let response = connection.sender.send_request(request).await.unwrap();
    let status = |map: &http::HeaderMap| {
        map.get("grpc-status").map(|it| it.to_str().unwrap().parse::<i32>().unwrap())
    };
    if let Some(code) = status(response.headers()) {
        return Err(code);
    }
    let collected = response.into_body().collect().await.unwrap();
    assert_eq!(status(collected.trailers().unwrap()), Some(0));
    let body = collected.to_bytes();
    Ok(FileUploadResponse::decode(&body[5..]).unwrap().status())
}

#[tokio::test]
async fn an_uploaded_file_reaches_the_manager_as_an_archive_and_leaves_nothing_behind() {
    let world = World::new().await;
    world.answer(intake::UPLOAD, 200, json!({"code": 0, "data": "upload-1-abc.zip"}));
    let outcome = upload(&world, "tok-1", &[b"hello ", b"world", b""]).await;
    assert_eq!(outcome, Ok(StatusCode::Success));
    let form = world.calls(intake::UPLOAD);
    let form = form[0].as_str().unwrap();
    assert!(form.contains("filename=\"tok-1.zip\"") && form.contains("name=\"hash\""), "{form}");
    let call = world.called(intake::RESULTS, |call| with_token(call, "tok-1").is_some()).await;
    let expected = json!({"token": "tok-1", "status": "succeed", "data_type": "5100", "msg": "upload-1-abc.zip"});
    assert_eq!(with_token(&call, "tok-1"), Some(&expected));
    assert_eq!(fs::read_dir(world.path().join("ac/uploads")).unwrap().count(), 0);
    world.end().await;
}

#[tokio::test]
async fn a_token_that_leads_out_of_the_directory_is_refused() {
    let world = World::new().await;
    for token in ["../x", "/tmp/x", "a/b", "", "..", "a\0b"] {
        assert_eq!(upload(&world, token, &[b"x"]).await, Ok(StatusCode::Failed), "{token:?}");
    }
    assert_eq!(world.calls(intake::UPLOAD).len(), 0);
    assert_eq!(fs::read_dir(world.path().join("ac/uploads")).unwrap().count(), 0);
    world.end().await;
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_and_its_task_fails() {
    let world = World::with(|config| config.upload.max_bytes = 10).await;
    let outcome = upload(&world, "tok-1", &[b"hello ", b"world"]).await;
    assert_eq!(outcome, Ok(StatusCode::Failed));
    let call = world.called(intake::RESULTS, |call| with_token(call, "tok-1").is_some()).await;
    assert_eq!(with_token(&call, "tok-1").unwrap()["status"], "failed");
    assert_eq!(fs::read_dir(world.path().join("ac/uploads")).unwrap().count(), 0);
    world.end().await;
}

/// A body that goes on as long as its sender lives.
fn endless() -> (mpsc::Sender<Bytes>, Outgoing) {
    let (out, mut chunks) = mpsc::channel::<Bytes>(4);
    let stream = futures_util::stream::poll_fn(move |cx| {
        chunks.poll_recv(cx).map(|it| it.map(|it| Ok(Frame::data(it))))
    });
    (out, http_body_util::BodyExt::boxed(StreamBody::new(stream)))
}

fn chunk(token: &str) -> Bytes {
    frame::snappy(&FileUploadRequest { token: token.to_owned(), data: b"x".to_vec().into() })
}

#[tokio::test]
async fn more_uploads_at_a_time_than_allowed_are_refused_and_slow_ones_end() {
    let world = World::with(|config| {
        config.upload.concurrent = 1;
        config.upload.seconds = 3;
    })
    .await;
    world.answer(intake::UPLOAD, 200, json!({"code": 0, "data": "name.zip"}));
    let (out, body) = endless();
    out.send(chunk("slow")).await.unwrap();
    let slow = post(world.dial().await, body);
    let other = async {
        let deadline = Instant::now() + Duration::from_secs(20);
        while fs::read_dir(world.path().join("ac/uploads")).unwrap().count() == 0 {
            assert!(Instant::now() < deadline, "the upload never began");
            sleep(Duration::from_millis(5)).await;
        }
        upload(&world, "tok-2", &[b"x"]).await
    };
    let (slow, other) = tokio::join!(slow, other);
    assert_eq!((slow, other), (Err(4), Err(8)), "too late, and too many");
    drop(out);
    assert_eq!(upload(&world, "tok-3", &[b"x"]).await, Ok(StatusCode::Success));
    assert_eq!(world.metric("elk_ac_uploads_total{outcome=\"timeout\"}").await, Some(1.0));
    assert_eq!(world.metric("elk_ac_uploads_total{outcome=\"busy\"}").await, Some(1.0));
    world.end().await;
}

#[tokio::test]
async fn an_upload_that_falls_silent_ends_and_one_address_leaves_room_for_others() {
    let world = World::with(|config| {
        config.upload.concurrent_per_address = 1;
        config.upload.idle_seconds = 1;
    })
    .await;
    world.answer(intake::UPLOAD, 200, json!({"code": 0, "data": "name.zip"}));
    let (out, body) = endless();
    out.send(chunk("silent")).await.unwrap();
    let (silent, other) = tokio::join!(post(world.dial().await, body), async {
        let deadline = Instant::now() + Duration::from_secs(20);
        while fs::read_dir(world.path().join("ac/uploads")).unwrap().count() == 0 {
            assert!(Instant::now() < deadline, "the upload never began");
            sleep(Duration::from_millis(5)).await;
        }
        upload(&world, "tok-2", &[b"x"]).await
    });
    assert_eq!((silent, other), (Err(4), Err(8)), "too silent, and too many");
    assert_eq!(upload(&world, "tok-3", &[b"x"]).await, Ok(StatusCode::Success));
    world.end().await;
}

#[tokio::test]
async fn what_is_no_upload_is_refused_and_leaves_nothing_behind() {
    let world = World::new().await;
    let framed = |payload: &[u8]| {
        let mut bytes = vec![0, 0, 0, 0, u8::try_from(payload.len()).unwrap()];
        bytes.extend(payload);
        Bytes::from(bytes)
    };
    let torn = {
        let whole = chunk("tok-1");
        whole.slice(..whole.len() - 1)
    };
    let mut behind = chunk("tok-1").to_vec();
    behind.extend(framed(&[0x0a, 0xff]));
    let corrupt = Bytes::from_static(&[1, 0, 0, 0, 3, 1, 2, 3]);
    for (what, bytes) in [
        ("no message", framed(&[0x0a, 0xff])),
        ("a wrong wire type", framed(&[0x0f, 1])),
        ("a torn frame", torn),
        ("no snappy", corrupt),
        ("a bad flag", Bytes::from_static(&[7, 0, 0, 0, 0])),
        ("a length without end", Bytes::from_static(&[0, 255, 255, 255, 255])),
        ("a bad second chunk", behind.into()),
    ] {
        let outcome =
            post(world.dial().await, http_body_util::BodyExt::boxed(Full::from(bytes))).await;
        assert!(matches!(outcome, Err(8 | 13)), "{what}: {outcome:?}");
        assert_eq!(fs::read_dir(world.path().join("ac/uploads")).unwrap().count(), 0, "{what}");
    }
    assert_eq!(world.calls(intake::UPLOAD).len(), 0);
    world.end().await;
}

#[tokio::test]
async fn uploads_leave_no_file_open() {
    let world = World::new().await;
    world.answer(intake::UPLOAD, 200, json!({"code": 0, "data": "name.zip"}));
    for number in 0..5 {
        let token = format!("tok-{number}");
        assert_eq!(upload(&world, &token, &[b"x"]).await, Ok(StatusCode::Success));
    }
    assert_eq!(upload(&world, "../x", &[b"x"]).await, Ok(StatusCode::Failed));
    let uploads = fs::canonicalize(world.path().join("ac/uploads")).unwrap();
    let open =
        fs::read_dir("/proc/self/fd").unwrap().filter_map(|it| fs::read_link(it.ok()?.path()).ok());
    let open: Vec<_> = open.filter(|it| it.starts_with(&uploads)).collect();
    assert!(open.is_empty(), "{open:?}");
    world.end().await;
}

#[tokio::test]
async fn a_large_file_reaches_the_manager_whole_under_a_signature_of_its_digest() {
    let world = World::new().await;
    world.answer(intake::UPLOAD, 200, json!({"code": 0, "data": "name.zip"}));
    // What cannot be compressed, so that the archive has many pieces.
    let mut state = 1_u64;
    let content: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    })
    .take(3 << 20)
    .collect();
    let chunks: Vec<&[u8]> = content.chunks(500 * 1024).collect();
    assert_eq!(upload(&world, "tok-1", &chunks).await, Ok(StatusCode::Success));
    let (length, signed) = world.heard.lock().uploads.remove(0);
    assert!(signed, "the signature does not fit the body");
    assert!(length > content.len(), "{length} bytes");
    world.end().await;
}
