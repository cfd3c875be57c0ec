//! Messages of RFC 5424.

use std::time::Duration;

use serde_json::{Map, Value};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpStream, UdpSocket, lookup_host};
use tokio::time::timeout;

/// The facility `local0`.
const FACILITY: u8 = 16;
/// The longest message: what every receiver should take in a datagram.
const MAX_MESSAGE: usize = 2_048;
/// The longest value of a parameter and the longest text.
const MAX_VALUE: usize = 256;

/// Where messages go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Target {
    stream: bool,
    authority: String,
}

impl Target {
    /// Reads `udp://HOST:PORT` or `tcp://HOST:PORT`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (stream, authority) = match text.split_once("://")? {
            ("udp", rest) => (false, rest),
            ("tcp", rest) => (true, rest),
            _ => return None,
        };
        let (host, port) = authority.rsplit_once(':')?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let bracketed = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        let sound = match bracketed {
            Some(inner) => inner.parse::<std::net::Ipv6Addr>().is_ok(),
            None => (1..=253).contains(&host.len()) && host.chars().all(plain),
        };
        let port = port.parse::<u16>().ok().filter(|it| *it != 0);
        (sound && port.is_some()).then(|| Self { stream, authority: authority.to_owned() })
    }

    /// Sends messages in order; returns how many were sent before something failed.
    pub(super) async fn send(
        &self,
        messages: &[String],
        patience: Duration,
    ) -> (usize, Option<String>) {
        let sent = timeout(patience, async {
            if self.stream {
                self.by_stream(messages).await
            } else {
                self.by_datagram(messages).await
            }
        });
        match sent.await {
            Ok(Ok(())) => (messages.len(), None),
            Ok(Err(error)) => (0, Some(error.to_string())),
            Err(_) => (0, Some("it took too long".to_owned())),
        }
    }

    async fn by_stream(&self, messages: &[String]) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(&self.authority).await?;
        let framed: String = messages.iter().map(|it| format!("{} {it}", it.len())).collect();
        stream.write_all(framed.as_bytes()).await?;
        stream.shutdown().await
    }

    async fn by_datagram(&self, messages: &[String]) -> std::io::Result<()> {
        let to = lookup_host(&self.authority).await?.next();
        let to = to.ok_or_else(|| std::io::Error::other("the host has no address"))?;
        let local = if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
        let socket = UdpSocket::bind(local).await?;
        socket.connect(to).await?;
        for message in messages {
            socket.send(message.as_bytes()).await?;
        }
        Ok(())
    }
}

/// Makes a message of what a sink is told, `host` being this host.
pub(super) fn message(body: &str, host: &str) -> String {
    let told: Map<String, Value> = serde_json::from_str(body).unwrap_or_default();
    let text = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or_default();
    let severity: u8 = match text("severity") {
        "critical" => 2,
        "high" => 3,
        "medium" => 4,
        _ => 5,
    };
    let priority = FACILITY * 8 + severity;
    let head = format!(
        "<{priority}>1 {} {} elk - {} ",
        token(text("at"), 64),
        token(host, 255),
        token(text("kind"), 32),
    );
    // The number is the one that is set aside for examples: we have none of our own.
    let mut data = "[alert@32473".to_owned();
    for name in ["event", "id", "source", "severity", "agent", "object"] {
        let value = text(name);
        if !value.is_empty() {
            data.push_str(&format!(" {name}=\"{}\"", quoted(value)));
        }
    }
    data.push(']');
    let said = format!("{} {}", text("title"), text("detail"));
    let said: String = said.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut message = format!("{head}{data} {said}");
    message.truncate(message.floor_char_boundary(MAX_MESSAGE));
    message
}

/// Makes a field of the head: printable ASCII without blanks.
fn token(text: &str, most: usize) -> String {
    let plain: String = text.chars().filter(char::is_ascii_graphic).take(most).collect();
    if plain.is_empty() { "-".to_owned() } else { plain }
}

fn quoted(text: &str) -> String {
    let text = text.get(..text.floor_char_boundary(MAX_VALUE)).unwrap_or_default();
    let mut quoted = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' | ']' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_is_what_the_rfc_says_and_nothing_in_an_alert_breaks_out_of_it() {
        let body = json!({
            "event": "raised", "id": "alert-1", "source": "hids", "kind": "reverse shell\n",
            "severity": "high", "title": "r\n<1>1 forged", "detail": "ä", "agent": null,
            "object": "a\"]\\[b", "at": "2023-11-14T22:13:20Z",
        });
        assert_eq!(
            message(&body.to_string(), "10.0.0.1:6701"),
            "<131>1 2023-11-14T22:13:20Z 10.0.0.1:6701 elk - reverseshell [alert@32473 \
             event=\"raised\" id=\"alert-1\" source=\"hids\" severity=\"high\" \
             object=\"a\\\"\\]\\\\[b\"] r <1>1 forged ä"
        );
        let long = json!({ "detail": "ä".repeat(5_000), "object": "\\".repeat(5_000) });
        assert!(message(&long.to_string(), "").len() <= MAX_MESSAGE);
        assert!(message("nonsense", "").starts_with("<133>1 - - elk - - [alert@32473]"));
    }

    #[test]
    fn only_what_can_be_dialled_is_a_target() {
        for text in ["udp://10.0.0.9:514", "tcp://log.example:6514", "tcp://[::1]:514"] {
            assert!(Target::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "http://a:1",
            "udp://a",
            "udp://:1",
            "udp://a:0",
            "udp://a:x",
            "udp://a b:1",
            "tcp://[x]:1",
            "udp://u@h:1",
        ] {
            assert_eq!(Target::parse(text), None, "{text}");
        }
    }
}
