//! `elkctl api`.

use std::fmt::Write as _;
use std::path::PathBuf;

use elk_client::{Client, RawReply};
use elk_desk::{Exit, Failure};
use http::{HeaderMap, HeaderValue, Method, header};
use serde_json::{Map, Value};

use crate::call;
use crate::dry;
use crate::format::Format;
use crate::output::{Column, Kind, field};
use crate::session::Session;

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  elkctl api GET /api/n1/self\n  \
    elkctl api GET /api/n1/agents -f limit=2\n  \
    elkctl api GET /openapi.json\n  \
    elkctl api --compat-table -o json")]
pub(crate) struct ApiArgs {
    /// GET, POST ...
    #[arg(required_unless_present = "compat_table")]
    method: Option<String>,
    /// Such as /api/n1/self
    #[arg(required_unless_present = "compat_table")]
    path: Option<String>,
    /// List the routes of the reference's API and which of them are served; asks no server
    #[arg(long, conflicts_with_all = ["method", "path", "fields", "json_fields", "input", "paginate", "include"])]
    compat_table: bool,
    /// NAME=TEXT: a field of the JSON to send; of the query for GET
    #[arg(short = 'f', long = "field", value_name = "NAME=TEXT")]
    fields: Vec<String>,
    /// NAME=JSON, or NAME=@FILE for the text of a file
    #[arg(short = 'F', long = "json-field", value_name = "NAME=JSON")]
    json_fields: Vec<String>,
    /// Send this file as it is; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fields", "json_fields"])]
    input: Option<PathBuf>,
    /// Follow next_cursor to the end; each page is a document of its own
    #[arg(long)]
    paginate: bool,
    /// Print the status and the headers first
    #[arg(short, long)]
    include: bool,
}

static ROUTE: Kind = Kind {
    name: "CompatRoute",
    noun: "route",
    key: "path",
    columns: &[
        Column { head: "METHOD", wide: false, cell: |item, _| field(item, "method") },
        Column { head: "PATH", wide: false, cell: |item, _| field(item, "path") },
        Column { head: "STATE", wide: false, cell: |item, _| field(item, "state") },
    ],
};

/// Calls any path and prints the answer as it is.
pub(crate) fn run(session: &Session<'_>, args: &ApiArgs) -> Result<Exit, Failure> {
    if args.compat_table {
        return session.show_all(&ROUTE, &elk_api::reference::routes(), None);
    }
    if !matches!(session.globals.output, None | Some(Format::Json)) {
        let message = "an answer is printed as the server gives it, in no other format";
        return Err(Failure::new(Exit::Usage, message));
    }
    // Both are there, or the arguments would have been refused.
    let method = method(args.method.as_deref().unwrap_or_default())?;
    let target = args.path.as_deref().unwrap_or_default();
    let reads = matches!(method, Method::GET | Method::HEAD);
    if !reads {
        session.writable()?;
    }
    if args.paginate && method != Method::GET {
        return Err(Failure::new(Exit::Usage, "only GET has pages"));
    }
    let fields = fields(args)?;
    let content = match &args.input {
        Some(path) => Some(read(path)?),
        None if reads || fields.is_empty() => None,
        None => Some(Value::Object(fields.clone()).to_string()),
    };
    let mut query = if reads { fields } else { Map::new() };
    let client = session.client()?;
    if session.globals.dry_run && !reads {
        let url = format!("{}{target}", client.base_url().trim_end_matches('/'));
        let body = content.map_or(Value::Null, |text| match serde_json::from_str(&text) {
            Ok(body) => body,
            Err(_) => Value::String(text),
        });
        dry::request(session, ("api", method.as_str(), &url), body)?;
        return Ok(Exit::Ok);
    }
    loop {
        let path = with_query(target, &query);
        let reply = once(session, client, (&method, &path), content.clone())?;
        print(session, args, &reply)?;
        if reply.status >= 400 {
            session.ui.note(&format!("the server answered {}", reply.status));
            return Ok(Exit::of_status(reply.status));
        }
        let next = args.paginate.then(|| next_cursor(&reply.body)).flatten();
        let Some(next) = next.filter(|_| !session.ui.is_closed()) else { return Ok(Exit::Ok) };
        query.insert("cursor".to_owned(), Value::String(next));
    }
}

fn method(name: &str) -> Result<Method, Failure> {
    use Method as M;
    let known = [M::GET, M::HEAD, M::POST, M::PUT, M::PATCH, M::DELETE];
    known.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(name)).ok_or_else(|| {
        let name = name.escape_debug();
        let message = format!("`{name}` is none of GET, HEAD, POST, PUT, PATCH and DELETE");
        Failure::new(Exit::Usage, message)
    })
}

fn once(
    session: &Session<'_>,
    client: &Client,
    (method, path): (&Method, &str),
    content: Option<String>,
) -> Result<RawReply, Failure> {
    let mut headers = HeaderMap::new();
    if content.is_some() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let content = content.map(|content| content.into_bytes().into());
    let called = Box::pin(client.raw(method.clone(), path, &headers, content));
    session.block_on(called)?.map_err(|error| call::failure(&error))
}

fn print(session: &Session<'_>, args: &ApiArgs, reply: &RawReply) -> Result<(), Failure> {
    let mut text = String::new();
    if args.include {
        // Writing to a string does not fail.
        writeln!(text, "HTTP {}", reply.status).ok();
        for (name, value) in &reply.headers {
            writeln!(text, "{name}: {}", String::from_utf8_lossy(value.as_bytes())).ok();
        }
        text.push('\n');
    }
    text.push_str(&String::from_utf8_lossy(&reply.body));
    if crate::ui::width(None).is_some() {
        text = text.lines().map(|line| format!("{}\n", elk_desk::sanitize(line))).collect();
    } else if (args.paginate || reply.status >= 400) && !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    session.ui.out(&text)
}

fn fields(args: &ApiArgs) -> Result<Map<String, Value>, Failure> {
    let usage = |what: String| Failure::new(Exit::Usage, what);
    let split = |text: &str| match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(usage(format!("`{}`: write it like NAME=VALUE", text.escape_debug()))),
    };
    let mut fields = Map::new();
    for field in &args.fields {
        let (name, value) = split(field)?;
        fields.insert(name, Value::String(value));
    }
    for field in &args.json_fields {
        let (name, value) = split(field)?;
        let value = match value.strip_prefix('@') {
            Some(path) => Value::String(read(path.as_ref())?),
            None => serde_json::from_str(&value)
                .map_err(|error| usage(format!("the field {name} is no JSON: {error}")))?,
        };
        fields.insert(name, value);
    }
    Ok(fields)
}

fn read(path: &std::path::Path) -> Result<String, Failure> {
    if path.as_os_str() == "-" {
        return crate::ui::stdin();
    }
    std::fs::read_to_string(path).map_err(|error| {
        Failure::new(Exit::Usage, format!("{} cannot be read: {error}", path.display()))
    })
}

fn with_query(path: &str, query: &Map<String, Value>) -> String {
    let mut path = path.to_owned();
    for (name, value) in query {
        path.push(if path.contains('?') { '&' } else { '?' });
        let value = crate::output::show(value);
        path.push_str(&format!("{}={}", escaped(name), escaped(&value)));
    }
    path
}

/// Escapes all that could have a meaning in a query.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let escape =
        |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(escape).collect()
}

fn next_cursor(body: &[u8]) -> Option<String> {
    let page: Value = serde_json::from_slice(body).ok()?;
    page.get("next_cursor")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_query_are_escaped() {
        let query = Map::from_iter([("selector".to_owned(), Value::from("tag=a b&c"))]);
        assert_eq!(with_query("/x", &query), "/x?selector=tag%3Da%20b%26c");
        assert_eq!(with_query("/x?a=1", &query), "/x?a=1&selector=tag%3Da%20b%26c");
    }
}
