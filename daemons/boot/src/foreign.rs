//! Settings that another program reads, in YAML, taken key by key.

use std::fs::File;
use std::io::{self, Read as _};
use std::net::{IpAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use elk_trust::aksk::{KeyPair, Keys};
use elk_trust::{PUBLISHED, Secret, is_published};

use crate::SettingsError;
use crate::yaml::{self, MAX_BYTES, Map, Node, Value};

/// A file of another program's settings. Keys count without their case; what is taken is gone, so
/// that in the end what is left is what nobody knows.
pub struct Foreign {
    path: PathBuf,
    map: Map,
}

impl Foreign {
    /// Reads a file of bounded size.
    pub(crate) fn read(path: &Path) -> Result<Self, SettingsError> {
        let failed = |source| SettingsError::Read { path: path.to_owned(), source };
        let mut text = String::new();
        let file = File::open(path).map_err(failed)?;
        let read = file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
        if u64::try_from(read).is_ok_and(|it| it > MAX_BYTES) {
            let limit = io::Error::other(format!("it is larger than {MAX_BYTES} bytes"));
            return Err(failed(limit));
        }
        let map = yaml::read(&text).map_err(|wrong| {
            let key = if wrong.key.is_empty() { wrong.key } else { format!("{}: ", wrong.key) };
            let (line, column) = (wrong.place.line, wrong.place.column);
            SettingsError::File { path: path.to_owned(), line, column, key, reason: wrong.reason }
        })?;
        Ok(Self { path: path.to_owned(), map })
    }

    /// Returns text, if the key has any.
    ///
    /// # Errors
    ///
    /// If something else stands there, or what the other program takes for a number or a switch.
    pub fn text(&mut self, key: &str) -> Result<Option<String>, SettingsError> {
        match self.take(key) {
            Some(node) if !node.is_empty() => self.as_text(key, &node).map(Some),
            _ => Ok(None),
        }
    }

    /// Returns text that must not be one that everybody knows.
    ///
    /// # Errors
    ///
    /// As [`text`](Self::text), or if it is published.
    pub fn secret(&mut self, key: &str) -> Result<Option<Secret>, SettingsError> {
        match self.take(key) {
            Some(node) if !node.is_empty() => self.as_secret(key, &node).map(Some),
            _ => Ok(None),
        }
    }

    /// Returns text of which `part` is a secret that must not be one that everybody knows.
    ///
    /// # Errors
    ///
    /// As [`secret`](Self::secret).
    pub fn text_with_secret(
        &mut self,
        key: &str,
        part: impl Fn(&str) -> Option<&str>,
    ) -> Result<Option<String>, SettingsError> {
        let Some(node) = self.take(key).filter(|it| !it.is_empty()) else { return Ok(None) };
        let text = self.as_text(key, &node)?;
        if part(&text).is_some_and(is_published) {
            return Err(self.wrong(key, &node, PUBLISHED));
        }
        Ok(Some(text))
    }

    /// Returns a number.
    ///
    /// # Errors
    ///
    /// If something else stands there, or the number does not fit.
    pub fn number<T: FromStr>(&mut self, key: &str) -> Result<Option<T>, SettingsError> {
        self.parsed(key, "a number is expected that fits")
    }

    /// Returns what text says.
    ///
    /// # Errors
    ///
    /// If something else stands there: what was `expected`.
    pub fn parsed<T: FromStr>(
        &mut self,
        key: &str,
        expected: &str,
    ) -> Result<Option<T>, SettingsError> {
        let Some(node) = self.take(key).filter(|it| !it.is_empty()) else { return Ok(None) };
        let parsed = match &node.value {
            Value::Text { text, .. } => text.trim().parse().ok(),
            _ => None,
        };
        parsed.map(Some).ok_or_else(|| self.wrong(key, &node, expected))
    }

    /// Returns a switch.
    ///
    /// # Errors
    ///
    /// If something else stands there.
    pub fn switch(&mut self, key: &str) -> Result<Option<bool>, SettingsError> {
        match self.take(key) {
            Some(node) if !node.is_empty() => {
                let word = match &node.value {
                    Value::Text { text, .. } => text.to_ascii_lowercase(),
                    _ => String::new(),
                };
                match word.as_str() {
                    "true" | "yes" | "on" | "y" | "t" | "1" => Ok(Some(true)),
                    "false" | "no" | "off" | "n" | "f" | "0" => Ok(Some(false)),
                    _ => Err(self.wrong(key, &node, "true or false is expected")),
                }
            }
            _ => Ok(None),
        }
    }

    /// Returns texts: a list, or words of one text.
    ///
    /// # Errors
    ///
    /// If something else stands there.
    pub fn list(&mut self, key: &str) -> Result<Vec<String>, SettingsError> {
        let Some(node) = self.take(key).filter(|it| !it.is_empty()) else { return Ok(Vec::new()) };
        match &node.value {
            Value::Text { text, .. } => Ok(text.split_whitespace().map(str::to_owned).collect()),
            Value::List(items) => items.iter().map(|it| self.as_text(key, it)).collect(),
            Value::Map(_) => Err(self.wrong(key, &node, "a list is expected")),
        }
    }

    /// Returns the pair `{key}.ak` and `{key}.sk` that signs, if both are set.
    ///
    /// # Errors
    ///
    /// If only one of them is set, or one is no text or published.
    pub fn pair(&mut self, key: &str) -> Result<Option<KeyPair>, SettingsError> {
        let (ak_key, sk_key) = (format!("{key}.ak"), format!("{key}.sk"));
        match (self.text(&ak_key)?, self.secret(&sk_key)?) {
            (Some(ak), Some(sk)) => Ok(Some(KeyPair { ak: ak.to_lowercase(), sk })),
            (None, None) => Ok(None),
            (None, Some(_)) => Err(self.missing(&ak_key)),
            (Some(_), None) => Err(self.missing(&sk_key)),
        }
    }

    /// Returns secret keys by access key.
    ///
    /// # Errors
    ///
    /// If something else stands there, one is empty or published.
    pub fn keys(&mut self, key: &str) -> Result<Keys, SettingsError> {
        let Some(node) = self.take(key).filter(|it| !it.is_empty()) else {
            return Ok(Keys::default());
        };
        let Value::Map(map) = &node.value else {
            return Err(self.wrong(key, &node, "access keys with secret keys are expected"));
        };
        let mut keys = Keys::default();
        for (ak, (_, sk)) in map {
            let full = format!("{key}.{ak}");
            if ak.is_empty() || sk.is_empty() {
                return Err(self.wrong(&full, sk, "an access key or a secret key is empty"));
            }
            if numeric(ak) {
                return Err(self.wrong(&full, sk, NUMERIC));
            }
            keys.insert(ak, self.as_secret(&full, sk)?);
        }
        Ok(keys)
    }

    /// Returns whether the file gives a key, or one below it, a value.
    pub fn gives(&self, key: &str) -> bool {
        let mut found = Some(&self.map);
        let mut parts = key.split('.').map(str::to_lowercase).peekable();
        while let Some(part) = parts.next() {
            let Some((_, node)) = found.and_then(|map| map.get(&part)) else { return false };
            if parts.peek().is_none() {
                return !node.is_empty();
            }
            found = match &node.value {
                Value::Map(inner) => Some(inner),
                _ => None,
            };
        }
        false
    }

    /// Takes keys with all below them and returns those that the file gives a value.
    pub fn drop_all(&mut self, keys: &[&str]) -> Vec<String> {
        let given = keys.iter().filter(|key| self.take(key).is_some_and(|it| !it.is_empty()));
        given.map(|&key| key.to_owned()).collect()
    }

    /// Returns all keys that nobody took, with their lines.
    pub(crate) fn left(&self) -> Vec<String> {
        let mut found = Vec::new();
        leaves(&self.map, "", &mut found);
        found
    }

    /// Returns the error that a key without which nothing works has no value.
    pub fn missing(&self, key: &str) -> SettingsError {
        SettingsError::Missing { path: self.path.clone(), key: key.to_owned() }
    }

    /// Returns the file's name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn take(&mut self, key: &str) -> Option<Node> {
        let mut parts: Vec<_> = key.split('.').map(str::to_lowercase).collect();
        let last = parts.pop()?;
        let mut map = &mut self.map;
        for part in &parts {
            match map.get_mut(part) {
                Some((_, Node { value: Value::Map(inner), .. })) => map = inner,
                _ => return None,
            }
        }
        map.remove(&last).map(|(_, node)| node)
    }

    fn as_text(&self, key: &str, node: &Node) -> Result<String, SettingsError> {
        match &node.value {
            Value::Text { text, plain: true } if numeric(text) => {
                Err(self.wrong(key, node, NUMERIC))
            }
            Value::Text { text, .. } => Ok(text.clone()),
            _ => Err(self.wrong(key, node, "text is expected")),
        }
    }

    fn as_secret(&self, key: &str, node: &Node) -> Result<Secret, SettingsError> {
        let text = self.as_text(key, node)?;
        if is_published(&text) {
            return Err(self.wrong(key, node, PUBLISHED));
        }
        Ok(Secret::new(text))
    }

    /// Returns an error that says where and what, and never the value.
    fn wrong(&self, key: &str, node: &Node, reason: &str) -> SettingsError {
        let (line, column) = (node.place.line, node.place.column);
        let (path, key, reason) = (self.path.clone(), format!("{key}: "), reason.to_owned());
        SettingsError::File { path, line, column, key, reason }
    }
}

const NUMERIC: &str = "is not the text that stands there for the reference, but a number or a switch; put it in quotes";

/// Returns whether YAML of old makes something else of plain `text`, which reads differently when it
/// becomes text again: `007` is 7, `1e3` is 1000 and `yes` is true. `6751` stays what it is.
fn numeric(text: &str) -> bool {
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false"
    );
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if word || digits.starts_with("0x") || digits.starts_with("0b") || digits.starts_with("0o") {
        return true;
    }
    let numbers = digits.starts_with(|it: char| it.is_ascii_digit() || it == '.')
        && digits.replace('_', "").parse::<f64>().is_ok();
    numbers && text.parse::<i64>().map(|it| it.to_string()).as_deref() != Ok(text)
}

fn leaves(map: &Map, before: &str, found: &mut Vec<String>) {
    for (key, (place, node)) in map {
        let key = format!("{before}{key}");
        match &node.value {
            Value::Map(inner) => leaves(inner, &format!("{key}."), found),
            _ => found.push(format!("{key} (line {})", place.line)),
        }
    }
}

/// Returns the address that this host would use towards the internet, without sending anything.
///
/// # Errors
///
/// If there is no route.
pub fn outbound_ip() -> io::Result<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    socket.connect("8.8.8.8:80")?;
    Ok(socket.local_addr()?.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Foreign {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("svr.yml");
        std::fs::write(&path, text).unwrap();
        Foreign::read(&path).map(|it| Foreign { path: "svr.yml".into(), ..it }).unwrap()
    }

    fn refused<T>(result: Result<T, SettingsError>) -> String {
        result.err().expect("is refused").to_string()
    }

    #[test]
    fn values_are_taken_as_the_other_program_reads_them() {
        let mut file = read(
            "Server:\n  Port: \"8088\"\n  on: yes\n  name: hids\n  words: a b\n  none:\n  list: [x, 12]\n\
             \n  ak: AbC\n  sk: s1\n",
        );
        assert_eq!(file.number::<u16>("server.port").unwrap(), Some(8088));
        assert_eq!(file.switch("SERVER.ON").unwrap(), Some(true));
        assert_eq!(file.text("server.name").unwrap().as_deref(), Some("hids"));
        assert_eq!(file.list("server.words").unwrap(), ["a", "b"]);
        assert_eq!(file.list("server.list").unwrap(), ["x", "12"]);
        assert_eq!(file.text("server.none").unwrap(), None);
        let pair = file.pair("server").unwrap().unwrap();
        assert_eq!((pair.ak.as_str(), pair.sk.expose()), ("abc", "s1"));
        assert_eq!(file.left(), Vec::<String>::new());
    }

    #[test]
    fn what_nobody_took_is_named_with_its_line() {
        let mut file = read("a:\n  b: 1\n  c: {d: 2}\ne: [1]\nf:\n");
        assert_eq!(file.drop_all(&["a.b", "f", "g"]), ["a.b"]);
        assert_eq!(file.left(), ["a.c.d (line 3)", "e (line 4)"]);
    }

    #[test]
    fn what_does_not_fit_is_refused_by_file_line_and_key_without_its_value() {
        let text = "port: [1]\nlarge: 70000\nswitch: hush\nname: {a: hush}\nlist: {a: hush}\n\
                    keys: hush\nempty:\n  hush: ''\nak: one\n";
        let mut file = read(text);
        for (error, expected) in [
            (
                refused(file.number::<u16>("port")),
                "svr.yml:1:7: port: a number is expected that fits",
            ),
            (
                refused(file.number::<u16>("large")),
                "svr.yml:2:8: large: a number is expected that fits",
            ),
            (refused(file.switch("switch")), "svr.yml:3:9: switch: true or false is expected"),
            (refused(file.text("name")), "svr.yml:4:7: name: text is expected"),
            (refused(file.list("list")), "svr.yml:5:7: list: a list is expected"),
            (
                refused(file.keys("keys")),
                "svr.yml:6:7: keys: access keys with secret keys are expected",
            ),
        ] {
            assert_eq!(error, expected);
        }
        let half = read("sd:\n  ak: one\n").pair("sd").map(drop);
        assert_eq!(refused(half), "svr.yml: sd.sk: is missing");
        let empty = read("keys:\n  one: ''\n  two: x\n").keys("keys").map(drop);
        assert!(
            refused(empty)
                .contains("svr.yml:2:8: keys.one: an access key or a secret key is empty")
        );
    }

    #[test]
    fn a_secret_that_everybody_knows_is_refused_with_the_way_to_a_new_one() {
        let error = refused(read("sasl:\n  password: password\n").secret("sasl.password"));
        assert!(error.starts_with("svr.yml:2:13: sasl.password: is the secret of"), "{error}");
        assert!(error.contains("openssl rand -hex 16"), "{error}");
        let error = refused(read("keys:\n  me: password\n").keys("keys").map(drop));
        assert!(error.starts_with("svr.yml:2:7: keys.me: is the secret of"), "{error}");
    }

    #[test]
    fn text_that_is_a_number_to_the_other_program_must_stand_in_quotes() {
        for text in ["007", "1e3", "0x1f", "1_000", "yes", "True", "123456789012345678901", "1.50"]
        {
            assert!(numeric(text), "{text}");
            let error = refused(read(&format!("sk: {text}\n")).secret("sk"));
            assert!(error.contains("put it in quotes") && !error.contains(text), "{error}");
            let quoted = read(&format!("sk: '{text}'\n")).secret("sk").unwrap();
            assert_eq!(quoted.unwrap().expose(), text);
        }
        for text in ["12345678", "0", "-5", "60b29se7", "abc", "10.0.0.1:8088", "127.0.0.1", "inf"]
        {
            assert!(!numeric(text), "{text}");
        }
    }

    #[test]
    fn a_file_without_end_is_refused_by_its_size() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("huge.yml");
        let file = File::create(&path).unwrap();
        file.set_len(1 << 40).unwrap();
        let error = refused(Foreign::read(&path).map(drop));
        assert!(error.contains("huge.yml"), "{error}");
    }
}
