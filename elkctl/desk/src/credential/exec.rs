//! Credentials that a program prints: the door to single sign-on and vaults.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use elk_trust::Secret;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::{Account, CredentialError, Kept, Wanted, file, token_of};
use crate::Paths;

const VERSION: &str = "elkctl/cred/v1";
const DEADLINE: Duration = Duration::from_secs(10);
/// The longest answer.
const MAX_OUTPUT: u64 = 64 * 1024;

#[derive(Deserialize)]
struct Answer {
    api_version: String,
    token: Secret,
    expires_at: Option<Timestamp>,
}

/// Runs the context's command, or takes its last answer while that is good.
pub(super) fn credential(wanted: &Wanted<'_>, paths: &Paths) -> Result<Kept, CredentialError> {
    let source = wanted.context.and_then(|context| context.credential.as_ref());
    let (command, ttl) =
        source.map_or((&[][..], None), |source| (&source.command[..], source.cache_ttl));
    let Some(ttl) = ttl else { return run(command, wanted) };
    // The account of a cached answer cannot be one of login: no user has a line feed.
    let user = format!("exec\n{}", command.join("\0"));
    let account = Account { origin: wanted.origin.clone(), user };
    if let Ok(Some(cached)) = file::read(&paths.credentials, &account)
        && cached.expires_at.is_some_and(|end| end > wanted.now)
    {
        return Ok(cached);
    }
    let mut fresh = run(command, wanted)?;
    let end = wanted.now.checked_add(ttl).unwrap_or(Timestamp::MAX);
    fresh.expires_at = Some(fresh.expires_at.map_or(end, |expires| expires.min(end)));
    file::write(&paths.credentials, &account, &fresh)?;
    Ok(fresh)
}

fn run(command: &[String], wanted: &Wanted<'_>) -> Result<Kept, CredentialError> {
    let Some((program, arguments)) = command.split_first() else {
        let reason = "the context names no command".to_owned();
        return Err(CredentialError::Exec { program: String::new(), reason });
    };
    let failed = |reason: String| CredentialError::Exec { program: program.clone(), reason };
    let info = json!({ "api_version": VERSION, "server": wanted.origin.to_string() });
    let mut child = Command::new(program)
        .args(arguments)
        .env("ELKCTL_EXEC_INFO", info.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let stdout = child.stdout.take();
    let (done, answer) = mpsc::sync_channel(1);
    let reader = std::thread::Builder::new().name("credential".to_owned()).spawn(move || {
        let mut text = Vec::new();
        let read = match stdout {
            Some(stdout) => stdout.take(MAX_OUTPUT + 1).read_to_end(&mut text).map(|_| text),
            None => Ok(text),
        };
        drop(done.send(read));
    });
    let read = match reader {
        Ok(_) => answer.recv_timeout(DEADLINE),
        Err(_) => Err(mpsc::RecvTimeoutError::Disconnected),
    };
    let Ok(read) = read else {
        // It may have ended by itself in the meantime.
        drop(child.kill());
        drop(child.wait());
        return Err(failed(format!("no answer within {} s", DEADLINE.as_secs())));
    };
    let text = read.map_err(|error| failed(error.to_string()))?;
    if text.len() as u64 > MAX_OUTPUT {
        drop(child.kill());
        drop(child.wait());
        return Err(failed(format!("its answer is longer than {MAX_OUTPUT} bytes")));
    }
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    if !status.success() {
        return Err(failed(status.to_string()));
    }
    // The error would quote the token.
    let wrong = || format!("its answer is not `{{\"api_version\":\"{VERSION}\",\"token\":..}}`");
    let answer: Answer = serde_json::from_slice(&text).map_err(|_| failed(wrong()))?;
    if answer.api_version != VERSION {
        return Err(failed(wrong()));
    }
    if answer.expires_at.is_some_and(|end| end <= wanted.now) {
        return Err(failed("its token has expired already".to_owned()));
    }
    let token = token_of(answer.token.expose(), "the credential command")?;
    Ok(Kept { token, stored_at: wanted.now, expires_at: answer.expires_at })
}
