//! The output contract: one envelope, many formats.

use std::fmt::Write as _;
use std::str::FromStr;

use elk_desk::{Env, Exit, Failure, sanitize};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::table;

/// How results are shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    Table,
    Wide,
    Json,
    Jsonl,
    Yaml,
    Csv,
    Name,
    JsonPath(String),
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("jsonpath=") {
            let path = plain_path(path);
            let parsed = serde_json_path::JsonPath::parse(&path);
            parsed.map_err(|error| format!("`{}`: {error}", sanitize(&path)))?;
            return Ok(Self::JsonPath(path));
        }
        Ok(match text {
            "table" => Self::Table,
            "wide" => Self::Wide,
            "json" => Self::Json,
            "jsonl" => Self::Jsonl,
            "yaml" => Self::Yaml,
            "csv" => Self::Csv,
            "name" => Self::Name,
            _ => {
                let known = "table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR";
                return Err(format!("use {known}"));
            }
        })
    }
}

impl Format {
    /// Returns whether people read it.
    pub(crate) fn is_human(&self) -> bool {
        matches!(self, Self::Table | Self::Wide)
    }

    /// Returns whether errors are told as JSON.
    pub(crate) fn machine_errors(flag: Option<&Self>, env: &Env) -> bool {
        let set = || env.get("ELKCTL_OUTPUT")?.parse().ok();
        let format = flag.cloned().or_else(set);
        matches!(format, Some(Self::Json | Self::Jsonl | Self::Yaml | Self::JsonPath(_)))
    }
}

/// Takes kubectl's way of writing paths too: `{.a.b}`.
fn plain_path(text: &str) -> String {
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    if inner.starts_with('$') { inner.to_owned() } else { format!("${inner}") }
}

/// One column of a kind.
pub(crate) struct Column {
    pub(crate) head: &'static str,
    /// Only in `wide`, and in CSV.
    pub(crate) wide: bool,
    pub(crate) cell: fn(&Value, Timestamp) -> String,
}

/// What a command shows.
pub(crate) struct Kind {
    /// `Agent`; a list of them is an `AgentList`.
    pub(crate) name: &'static str,
    /// Before the slash in `-o name`.
    pub(crate) noun: &'static str,
    /// The field that names an object.
    pub(crate) key: &'static str,
    pub(crate) columns: &'static [Column],
}

/// What stands around the objects.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Metadata {
    pub(crate) context: Option<String>,
    pub(crate) server_time: Option<Timestamp>,
    pub(crate) total: Option<u64>,
    pub(crate) returned: u64,
    pub(crate) next_cursor: Option<String>,
}

/// Objects to show.
pub(crate) struct Document {
    pub(crate) kind: &'static Kind,
    /// One object, not a list.
    pub(crate) single: bool,
    pub(crate) metadata: Metadata,
    pub(crate) items: Vec<Value>,
}

#[derive(Serialize)]
struct Envelope<'a> {
    api_version: &'static str,
    kind: String,
    metadata: &'a Metadata,
    items: &'a [Value],
}

impl Document {
    /// Renders as `format`; `pretty` is for JSON on a terminal.
    pub(crate) fn render(
        &self,
        format: &Format,
        now: Timestamp,
        pretty: bool,
    ) -> Result<String, Failure> {
        match format {
            Format::Table => Ok(self.table(false, now)),
            Format::Wide => Ok(self.table(true, now)),
            Format::Json if pretty => line(serde_json::to_string_pretty(&self.envelope())),
            Format::Json => line(serde_json::to_string(&self.envelope())),
            Format::Jsonl => Ok(self.items.iter().map(|item| format!("{item}\n")).collect()),
            Format::Yaml => serde_saphyr::to_string(&self.envelope())
                .map_err(|error| Failure::new(Exit::Failure, format!("no YAML: {error}"))),
            Format::Csv => self.csv(now),
            Format::Name => Ok(self.names()),
            Format::JsonPath(path) => self.path(path),
        }
    }

    fn envelope(&self) -> Envelope<'_> {
        let list = if self.single { "" } else { "List" };
        Envelope {
            api_version: "elkctl/v1",
            kind: format!("{}{list}", self.kind.name),
            metadata: &self.metadata,
            items: &self.items,
        }
    }

    fn table(&self, wide: bool, now: Timestamp) -> String {
        if self.items.is_empty() {
            return String::new();
        }
        let shown = || self.kind.columns.iter().filter(|column| wide || !column.wide);
        let headers: Vec<&str> = shown().map(|column| column.head).collect();
        let row = |item| shown().map(|column| (column.cell)(item, now)).collect();
        let rows: Vec<Vec<String>> = self.items.iter().map(row).collect();
        table::layout(&headers, &rows)
    }

    fn csv(&self, now: Timestamp) -> Result<String, Failure> {
        let failed = |what: String| Failure::new(Exit::Failure, format!("no CSV: {what}"));
        let mut writer = csv::Writer::from_writer(Vec::new());
        let columns = self.kind.columns;
        let heads = columns.iter().map(|column| column.head.to_lowercase());
        writer.write_record(heads).map_err(|error| failed(error.to_string()))?;
        for item in &self.items {
            let cells = columns.iter().map(|column| harmless_cell((column.cell)(item, now)));
            writer.write_record(cells).map_err(|error| failed(error.to_string()))?;
        }
        let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
    }

    fn names(&self) -> String {
        let mut text = String::new();
        for item in &self.items {
            let name = field(item, self.kind.key);
            // Writing to a string does not fail.
            writeln!(text, "{}/{}", self.kind.noun, sanitize(&name)).ok();
        }
        text
    }

    fn path(&self, path: &str) -> Result<String, Failure> {
        let bad = |what: String| Failure::new(Exit::Usage, what);
        let path =
            serde_json_path::JsonPath::parse(path).map_err(|error| bad(error.to_string()))?;
        let whole =
            serde_json::to_value(self.envelope()).map_err(|error| bad(error.to_string()))?;
        let mut text = String::new();
        for found in path.query(&whole).all() {
            let shown = show(found);
            writeln!(text, "{}", sanitize(&shown)).ok();
        }
        Ok(text)
    }
}

fn line(json: serde_json::Result<String>) -> Result<String, Failure> {
    let json = json.map_err(|error| Failure::new(Exit::Failure, format!("no JSON: {error}")))?;
    Ok(json + "\n")
}

/// Keeps spreadsheets from taking a cell for a formula.
fn harmless_cell(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

/// Shows a value without the quotes of JSON.
pub(crate) fn show(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.iter().all(Value::is_string) => {
            values.iter().map(show).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}

/// Shows a field of an object; empty if it is absent or null.
pub(crate) fn field(item: &Value, name: &str) -> String {
    item.get(name).map(show).unwrap_or_default()
}

/// Shows a field that is a time as its age.
pub(crate) fn age(item: &Value, name: &str, now: Timestamp) -> String {
    let text = item.get(name).and_then(Value::as_str);
    let time: Option<Timestamp> = text.and_then(|text| text.parse().ok());
    time.map(|time| elk_desk::ago(time, now)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    static KIND: Kind = Kind {
        name: "Agent",
        noun: "agent",
        key: "id",
        columns: &[
            Column { head: "ID", wide: false, cell: |item, _| field(item, "id") },
            Column { head: "HOSTNAME", wide: false, cell: |item, _| field(item, "hostname") },
        ],
    };

    fn document(hostname: &str) -> Document {
        let metadata = Metadata { returned: 1, total: Some(1), ..Metadata::default() };
        let items = vec![json!({"id": "a1", "hostname": hostname})];
        Document { kind: &KIND, single: false, metadata, items }
    }

    fn render(hostname: &str, format: &str) -> String {
        let format: Format = format.parse().expect("a format");
        document(hostname).render(&format, Timestamp::UNIX_EPOCH, false).expect("renders")
    }

    #[test]
    fn the_envelope_has_its_keys_in_order() {
        assert_eq!(
            render("h", "json"),
            concat!(
                r#"{"api_version":"elkctl/v1","kind":"AgentList","metadata":{"context":null,"#,
                r#""server_time":null,"total":1,"returned":1,"next_cursor":null},"#,
                r#""items":[{"hostname":"h","id":"a1"}]}"#,
                "\n"
            )
        );
    }

    #[test]
    fn names_are_taken_back_by_commands() {
        assert_eq!(render("h", "name"), "agent/a1\n");
    }

    #[test]
    fn a_path_may_be_written_as_kubectl_does() {
        assert_eq!(render("h", "jsonpath={.items[0].hostname}"), "h\n");
        assert_eq!(render("h\u{1b}[1m", "jsonpath=$.items[*].hostname"), "h\\x1b[1m\n");
    }

    #[test]
    fn a_spreadsheet_gets_no_formula() {
        assert_eq!(render("=1+1", "csv"), "id,hostname\na1,'=1+1\n");
    }

    #[test]
    fn an_unknown_format_is_refused() {
        assert!("xml".parse::<Format>().is_err());
        assert!("jsonpath={.a[".parse::<Format>().is_err());
    }
}
