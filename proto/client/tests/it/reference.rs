use std::time::Duration;

use bytes::Bytes;
use elk_api::center::ConfigItem;
use elk_api::registry::{Instance, Registration};
use elk_client::reference::{Caller, Content, Payload, Upload};
use elk_client::{ClientError, Trust};
use elk_life::Clock;
use elk_trust::Secret;
use elk_trust::aksk::{self, KeyPair, Keys, RequestParts};

use crate::server::{Request, Server, answer, json};

const NOW: i64 = 1_700_000_000;
const SOON: Duration = Duration::from_secs(5);

fn keys() -> KeyPair {
    KeyPair {
        ak: "0376b2a4c481SEF5".to_owned(),
        sk: Secret::new("60b29se7164027072799f565eb964d91"),
    }
}

fn caller() -> Caller {
    Caller::new(&Trust::Insecure, Some(keys()), Clock::manual(NOW * 1000)).unwrap()
}

fn verified(request: &Request, method: &str, path: &str, query: &str) {
    let header = |name: &str| request.header(&name.to_ascii_lowercase()).unwrap();
    let parts = RequestParts {
        method,
        path,
        query,
        access_key: header(aksk::ACCESS_KEY),
        timestamp: header(aksk::TIMESTAMP),
        signature: header(aksk::SIGNATURE),
    };
    let keys: Keys = [keys()].into_iter().collect();
    aksk::verify(&keys, &parts, &request.body, NOW).unwrap();
}

#[tokio::test]
async fn a_signed_get_equals_the_vector_of_the_reference() {
    let server = Server::answering(vec![json(r#"{"code":0,"msg":"success","data":["a"]}"#)]);
    let ids: Vec<String> =
        caller().get(&format!("{}/conn/stat", server.url()), SOON).await.unwrap();
    assert_eq!(ids, ["a"]);
    let request = server.seen().remove(0);
    assert_eq!(request.header("accesskey"), Some("0376b2a4c481sef5"));
    assert_eq!(request.header("timestamp"), Some("1700000000"));
    let signature = "c384433a9c256ad5e4a59e5744babc61ddc242a571599496c31d90fc0645ac46";
    assert_eq!(request.header("signature"), Some(signature));
}

#[tokio::test]
async fn queries_decoded_paths_and_bodies_are_signed_as_the_server_sees_them() {
    let server =
        Server::answering(vec![json(r#"{"data":[],"msg":"ok"}"#), json(r#"{"msg":"ok"}"#)]);
    let url = format!("{}/registry/a%20b/detail?name=x%20y&count=3", server.url());
    let none: Vec<Instance> = caller().get(&url, SOON).await.unwrap();
    assert!(none.is_empty());
    verified(&server.seen()[0], "GET", "/registry/a b/detail", "name=x%20y&count=3");
    let body = Registration { name: "hids_svr_grpc".to_owned(), ..Registration::default() };
    let url = format!("{}/registry/register", server.url());
    let nothing: Option<String> = caller().post(&url, &body, SOON).await.unwrap();
    assert_eq!(nothing, None);
    verified(&server.seen()[1], "POST", "/registry/register", "");
}

#[tokio::test]
async fn null_data_reads_as_null() {
    let server = Server::answering(vec![json(r#"{"code":0,"msg":"success","data":null}"#)]);
    let none: Option<Vec<ConfigItem>> = caller().get(&server.url(), SOON).await.unwrap();
    assert!(none.is_none());
    let error = caller().get::<Vec<ConfigItem>>(&server.url(), SOON).await.unwrap_err();
    assert!(matches!(error, ClientError::Decode { .. }), "{error}");
}

#[tokio::test]
async fn a_missing_answer_is_told_from_null_where_that_matters() {
    let server = Server::answering(vec![
        json(r#"{"code":0,"msg":"success","data":null}"#),
        json(r#"{"code":0,"msg":"success"}"#),
        json(r#"{"code":0,"data":{"a": [1]}}"#),
    ]);
    for expected in [Some("null"), None, Some(r#"{"a": [1]}"#)] {
        let data = caller().ask(&server.url(), Payload::json("{}"), SOON).await.unwrap();
        assert_eq!(data.as_deref(), expected.map(str::as_bytes));
    }
    assert_eq!(server.seen()[0].header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn a_file_is_sent_under_the_signature_of_its_digest() {
    let path = std::env::temp_dir().join(format!("elk-client-{}", std::process::id()));
    std::fs::write(&path, "hello world").unwrap();
    let server = Server::answering(vec![json(r#"{"code":0,"data":"kept"}"#)]);
    let sha256 = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9".to_owned();
    let file = tokio::fs::File::open(&path).await.unwrap();
    let payload =
        Payload { media: "text/x".to_owned(), content: Content::File { file, len: 11, sha256 } };
    let data = caller().ask(&format!("{}/up", server.url()), payload, SOON).await.unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(data.as_deref(), Some(&b"\"kept\""[..]));
    let request = server.seen().remove(0);
    assert_eq!(
        (request.header("content-length"), &*request.body),
        (Some("11"), &b"hello world"[..])
    );
    verified(&request, "POST", "/up", "");
}

#[tokio::test]
async fn a_code_is_an_error_whatever_the_status() {
    let cases = [
        ("200 OK", r#"{"code":1,"msg":"auth failed","data":"User not exist"}"#, 1, 200),
        ("400 Bad Request", r#"{"code":2,"msg":"param invalid","data":"EOF"}"#, 2, 400),
        ("403 Forbidden", r#"{"code":-1,"data":"Signature Error","msg":"auth failed"}"#, -1, 403),
    ];
    for (line, body, code, status) in cases {
        let server = Server::answering(vec![answer(line, "", body)]);
        let error = caller().get::<Option<String>>(&server.url(), SOON).await.unwrap_err();
        assert_eq!((error.reference_code(), error.status()), (Some(code), Some(status)), "{body}");
        let data = body.split('"').find(|part| part.contains(' ') || *part == "EOF").unwrap();
        assert!(error.to_string().contains(data), "{error}");
    }
}

#[tokio::test]
async fn other_failures_keep_their_kind() {
    let server = Server::answering(vec![answer("502 Bad Gateway", "", "<html>"), json("<html>")]);
    let error = caller().get::<Option<String>>(&server.url(), SOON).await.unwrap_err();
    assert!(matches!(error, ClientError::Status { status: 502, .. }), "{error}");
    let error = caller().get::<Option<String>>(&server.url(), SOON).await.unwrap_err();
    assert!(matches!(error, ClientError::Decode { .. }), "{error}");
    let held = Server::start(None, |_| {
        std::thread::park();
        Vec::new()
    });
    let soon = Duration::from_millis(100);
    let error = caller().get::<Option<String>>(&held.url(), soon).await.unwrap_err();
    assert!(matches!(error, ClientError::Timeout { .. }), "{error}");
}

#[tokio::test]
async fn an_uploaded_file_arrives_whole_under_a_name_that_breaks_nothing() {
    let reply = r#"{"code":0,"msg":"success","data":"upload-1-abc.zip"}"#;
    let server = Server::answering(vec![json(reply)]);
    let upload = Upload {
        file_name: "a\"\r\nX: y\\.zip".to_owned(),
        md5: "0cc175b9c0f1b6a831c399e269772661".to_owned(),
        content: Bytes::from_static(b"\0\r\n--elk\xff"),
    };
    let url = format!("{}/api/v6/shared/Upload", server.url());
    assert_eq!(caller().upload(&url, &upload, SOON).await.unwrap(), "upload-1-abc.zip");
    let request = server.seen().remove(0);
    verified(&request, "POST", "/api/v6/shared/Upload", "");
    let content_type = request.header("content-type").unwrap();
    let boundary = content_type.split_once("boundary=").unwrap().1;
    let body = String::from_utf8_lossy(&request.body).into_owned();
    let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
    assert_eq!(parts.len(), 4, "{body}");
    assert!(parts[1].contains("filename=\"a___X: y_.zip\""), "{}", parts[1]);
    assert!(parts[1].ends_with("\r\n\r\n\0\r\n--elk\u{fffd}\r\n"), "{:?}", parts[1]);
    assert!(parts[2].ends_with("\r\n\r\n0cc175b9c0f1b6a831c399e269772661\r\n"), "{}", parts[2]);
    assert_eq!(parts[3], "--\r\n");
}
