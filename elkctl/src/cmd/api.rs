//! `elkctl api`.

use elk_desk::{Exit, Failure};

use crate::call;
use crate::cmd::task::text_of;
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub(crate) struct ApiArgs {
    /// GET, POST ...
    method: String,
    /// Such as /api/n1/self
    path: String,
    /// JSON to send; @FILE reads a file, - standard input
    #[arg(long)]
    data: Option<String>,
}

/// Calls any path and prints the answer as it is.
pub(crate) fn run(session: &Session<'_>, args: &ApiArgs) -> Result<Exit, Failure> {
    let method = args.method.to_ascii_uppercase();
    if !matches!(method.as_str(), "GET" | "HEAD") {
        session.writable()?;
    }
    let bad =
        || Failure::new(Exit::Usage, format!("`{}` is no method", args.method.escape_debug()));
    let method = method.parse().map_err(|_| bad())?;
    let data = args.data.as_deref().map(text_of).transpose()?;
    let mut headers = http::HeaderMap::new();
    if data.is_some() {
        let json = http::HeaderValue::from_static("application/json");
        headers.insert(http::header::CONTENT_TYPE, json);
    }
    let content = data.map(|data| data.into_bytes().into());
    let client = session.client()?;
    let called = Box::pin(client.raw(method, &args.path, &headers, content));
    let reply = session.block_on(called)?.map_err(|error| call::failure(&error))?;
    let text = String::from_utf8_lossy(&reply.body);
    let text = if crate::ui::is_terminal() {
        text.lines().map(|line| format!("{}\n", elk_desk::sanitize(line))).collect()
    } else {
        text.into_owned()
    };
    session.ui.out(&text)?;
    if reply.status < 400 {
        return Ok(Exit::Ok);
    }
    session.ui.note(&format!("the server answered {}", reply.status));
    Ok(Exit::of_status(reply.status))
}
