//! Results, uploads and registration.

use elk_api::{intake, registry};
use elk_wire::file_upload_response::StatusCode;
use elk_wire::{FileUploadRequest, FileUploadResponse, UPLOAD_PATH, frame};
use http_body_util::{BodyExt as _, Full};
use prost::Message as _;
use serde_json::{Value, json};

use crate::agent::{batch, record};
use crate::world::{World, key};

fn with_token<'a>(call: &'a Value, token: &str) -> Option<&'a Value> {
    call.as_array()?.iter().find(|it| it["token"] == token)
}

#[tokio::test]
async fn results_survive_a_manager_that_is_down_and_a_restart() {
    let world = World::new().await;
    world.answer(intake::RESULTS, 500, json!({}));
    let agent = world.agent().await;
    let result = record(5100, &[("token", "tok-1"), ("status", "succeed"), ("msg", "<b>")]);
    agent.send(&batch("agent-1", "h1", vec![result, record(6000, &[("token", "tok-2")])])).await;
    world.called(intake::RESULTS, |call| with_token(call, "tok-2").is_some()).await;
    drop(agent);
    let directory = world.end().await;
    let world = World::in_directory(directory, |_| {}).await;
    let call = world.called(intake::RESULTS, |call| with_token(call, "tok-2").is_some()).await;
    let expected =
        json!({"token": "tok-1", "status": "succeed", "msg": "<b>", "data_type": "5100"});
    assert_eq!(with_token(&call, "tok-1"), Some(&expected));
    let directory = world.end().await;
    assert_eq!(std::fs::metadata(directory.path().join("ac/results.log")).unwrap().len(), 0);
}

#[tokio::test]
async fn one_result_that_the_manager_will_never_take_does_not_hold_up_the_others() {
    let world = World::new().await;
    world.answer(intake::RESULTS, 400, json!({}));
    let agent = world.agent().await;
    agent.send(&batch("agent-1", "h1", vec![record(5100, &[("token", "bad")])])).await;
    world.called(intake::RESULTS, |_| true).await;
    world.answer(intake::RESULTS, 200, json!({"code": 0, "data": null}));
    agent.send(&batch("agent-1", "h1", vec![record(5100, &[("token", "good")])])).await;
    world.called(intake::RESULTS, |call| with_token(call, "good").is_some()).await;
    world.end().await;
}

/// Uploads `chunks` under `token`; returns the answer or the gRPC status.
async fn upload(world: &World, token: &str, chunks: &[&[u8]]) -> Result<StatusCode, i32> {
    let mut bytes = Vec::new();
    for chunk in chunks {
        let data = chunk.to_vec().into();
        bytes.extend(frame::snappy(&FileUploadRequest { token: token.to_owned(), data }));
    }
    let mut connection = world.dial().await;
    let request = http::Request::post(format!("https://ac{UPLOAD_PATH}"))
        .header("content-type", "application/grpc")
        .header("grpc-encoding", "snappy")
        .body(http_body_util::BodyExt::boxed(Full::from(bytes)))
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
    assert_eq!(std::fs::read_dir(world.path().join("ac/uploads")).unwrap().count(), 0);
    world.end().await;
}

#[tokio::test]
async fn a_token_that_leads_out_of_the_directory_is_refused() {
    let world = World::new().await;
    for token in ["../x", "/tmp/x", "a/b", "", "..", "a\0b"] {
        assert_eq!(upload(&world, token, &[b"x"]).await, Ok(StatusCode::Failed), "{token:?}");
    }
    assert_eq!(world.calls(intake::UPLOAD).len(), 0);
    assert_eq!(std::fs::read_dir(world.path().join("ac/uploads")).unwrap().count(), 0);
    world.end().await;
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_and_its_task_fails() {
    let world = World::with(|config| config.upload.max_bytes = 10).await;
    let outcome = upload(&world, "tok-1", &[b"hello ", b"world"]).await;
    assert_eq!(outcome, Ok(StatusCode::Failed));
    let call = world.called(intake::RESULTS, |call| with_token(call, "tok-1").is_some()).await;
    assert_eq!(with_token(&call, "tok-1").unwrap()["status"], "failed");
    assert_eq!(std::fs::read_dir(world.path().join("ac/uploads")).unwrap().count(), 0);
    world.end().await;
}

#[tokio::test]
async fn a_registration_that_failed_is_tried_again_under_the_advertised_address() {
    let directory = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap();
    // The listener closes at once: the first call fails before a byte is sent.
    drop(taken);
    let world = World::in_directory(directory, |config| {
        config.sd.addrs = vec![format!("http://{addr}")];
        config.sd.auth = Some(key());
        config.sd.advertise = Some("10.9.8.7".to_owned());
    })
    .await;
    let heard = std::sync::Arc::clone(&world.heard);
    let router = axum::Router::new().fallback(async move |request: axum::extract::Request| {
        let path = request.uri().path().to_owned();
        let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
        heard.lock().calls.push((path, serde_json::from_slice(&body).unwrap()));
        r#"{"msg":"ok"}"#
    });
    let listener = tokio::net::TcpListener::bind(addr).await.unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let call = world.called(registry::REGISTER, |it| it["name"] == "hids_svr_grpc").await;
    assert_eq!((&call["ip"], &call["port"]), (&json!("10.9.8.7"), &json!(world.grpc.port())));
    world.called(registry::REGISTER, |it| it["name"] == "hids_svr_http").await;
    world.stop.now();
    world.called(registry::EVICT, |it| it["name"] == "hids_svr_grpc").await;
    world.end().await;
    server.abort();
}
