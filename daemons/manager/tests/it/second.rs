//! The second factor.

use elk_api::Role;
use elk_client::{Client, RawReply};
use ring::hmac;
use serde_json::{Value, json};

use crate::world::{NOW, PASSWORD, World, json as body, raw, sign_in};

/// Returns the code of a secret at a time, as an authenticator does.
fn code(secret: &str, unix: i64) -> String {
    let mut bits = String::new();
    for letter in secret.bytes() {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|it| *it == letter);
        bits += &format!("{:05b}", value.unwrap());
    }
    let bytes: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|it| u8::from_str_radix(std::str::from_utf8(it).unwrap(), 2).unwrap())
        .collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let tag = hmac::sign(&key, &(unix / 30).to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[19] & 15);
    let word = u32::from_be_bytes(tag[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

async fn login(world: &World, otp: Option<&str>) -> RawReply {
    let given = json!({ "username": "kim", "password": PASSWORD, "otp": otp });
    raw(&world.anyone(), "POST", "/api/n1/login", Some(&given.to_string())).await
}

fn told(reply: &RawReply) -> (u16, String) {
    (reply.status, body(reply)["code"].as_str().unwrap_or_default().to_owned())
}

/// Makes a user with a second factor; returns the secret and the recovery codes.
async fn kim(world: &World) -> (Client, String, Vec<String>) {
    let kim = world.user("kim", Role::Viewer).await;
    let begun = body(&raw(&kim, "POST", "/api/n1/self/totp", None).await);
    let secret = begun["secret"].as_str().unwrap().to_owned();
    let uri = begun["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/Elk:kim?") && uri.contains(&secret), "{uri}");
    // Until a code was told nothing is asked for.
    assert_eq!(login(world, None).await.status, 200);
    let wrong = json!({ "code": "000000x" }).to_string();
    let reply = raw(&kim, "PUT", "/api/n1/self/totp", Some(&wrong)).await;
    assert_eq!(told(&reply), (422, "wrong_otp".to_owned()));
    let right = json!({ "code": code(&secret, world.clock.unix()) }).to_string();
    let reply = body(&raw(&kim, "PUT", "/api/n1/self/totp", Some(&right)).await);
    let codes: Vec<String> = reply["recovery_codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(codes.len(), 10);
    (kim, secret, codes)
}

#[tokio::test]
async fn a_sign_in_needs_a_code_and_no_code_counts_twice() {
    let world = World::new().await;
    let (kim, secret, _) = kim(&world).await;
    assert_eq!(told(&login(&world, None).await), (401, "otp_required".to_owned()));
    // The code that put it in force is used up.
    let used = code(&secret, NOW / 1_000);
    assert_eq!(told(&login(&world, Some(&used)).await), (401, "wrong_otp".to_owned()));
    world.clock.advance_ms(30_000);
    let next = code(&secret, world.clock.unix());
    assert_eq!(login(&world, Some(&next)).await.status, 200);
    assert_eq!(told(&login(&world, Some(&next)).await), (401, "wrong_otp".to_owned()));
    // Nor does one that is older than the last.
    assert_eq!(login(&world, Some(&used)).await.status, 401);
    let shown = body(&raw(&kim, "GET", "/api/n1/users/kim", None).await);
    assert_eq!(shown["totp"], true);
    let again = raw(&kim, "POST", "/api/n1/self/totp", None).await;
    assert_eq!(told(&again), (409, "totp_enabled".to_owned()));
    // The reference's API asks for it, too, with the code that it has for that.
    world.clock.advance_ms(60_000);
    let v1 = async |otp: Value| {
        let given = json!({ "username": "kim", "password": PASSWORD, "otp": otp }).to_string();
        body(&raw(&world.anyone(), "POST", "/api/v1/user/login", Some(&given)).await)
    };
    assert_eq!(v1(Value::Null).await["code"], 17);
    assert_eq!(v1(code(&secret, world.clock.unix()).into()).await["code"], 0);
    world.end().await;
}

#[tokio::test]
async fn a_recovery_code_works_once_however_it_is_typed() {
    let world = World::new().await;
    let (_, _, codes) = kim(&world).await;
    let typed = codes[0].to_lowercase().replace('-', " ");
    assert_eq!(login(&world, Some(&typed)).await.status, 200);
    assert_eq!(login(&world, Some(&codes[0])).await.status, 401);
    assert_eq!(login(&world, Some(&codes[1])).await.status, 200);
    let file = world.dir.path().join("manager/state.db-wal");
    let kept = std::fs::read(file).unwrap_or_default();
    let plain = codes[2].replace('-', "");
    let text = String::from_utf8_lossy(&kept);
    assert!(!text.contains(&codes[2]) && !text.contains(&plain));
    world.end().await;
}

#[tokio::test]
async fn codes_are_not_guessed_and_putting_it_in_force_ends_other_sessions() {
    let world = World::new().await;
    let other = {
        world.user("eve", Role::Viewer).await;
        sign_in(world.addr, "eve", PASSWORD).await.unwrap()
    };
    let (kim, secret, _) = kim(&world).await;
    let me = async |client: &Client| raw(client, "GET", "/api/n1/self", None).await.status;
    assert_eq!((me(&kim).await, me(&other).await), (200, 200));
    let sessions = body(&raw(&kim, "GET", "/api/n1/sessions", None).await);
    assert_eq!(sessions["total"], 1, "the session without a code has ended");
    let mut last = 0;
    for _ in 0..8 {
        last = login(&world, Some("000000")).await.status;
    }
    assert_eq!(last, 429);
    world.clock.advance_ms(90_000);
    let right = code(&secret, world.clock.unix());
    assert_eq!(login(&world, Some(&right)).await.status, 200);
    world.end().await;
}

#[tokio::test]
async fn it_is_taken_away_by_a_code_or_by_an_administrator() {
    let world = World::new().await;
    let (kim, _, codes) = kim(&world).await;
    let path = "/api/n1/users/kim/totp";
    let take = async |client: &Client, code: Option<&str>| {
        raw(client, "DELETE", path, Some(&json!({ "code": code }).to_string())).await.status
    };
    assert_eq!((take(&kim, None).await, take(&kim, Some("1")).await), (422, 422));
    assert_eq!(take(&kim, Some(&codes[0])).await, 200);
    assert_eq!(login(&world, None).await.status, 200);
    // It can be made anew, and an administrator takes it away without a code.
    let begun = body(&raw(&kim, "POST", "/api/n1/self/totp", None).await);
    let secret = begun["secret"].as_str().unwrap();
    let right = json!({ "code": code(secret, world.clock.unix()) }).to_string();
    assert_eq!(raw(&kim, "PUT", "/api/n1/self/totp", Some(&right)).await.status, 200);
    assert_eq!(login(&world, Some(&codes[1])).await.status, 401, "of the old ones none works");
    assert_eq!(take(&world.admin, None).await, 200);
    assert_eq!(login(&world, None).await.status, 200);
    world.end().await;
}
