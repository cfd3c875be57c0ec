//! The output contract: one envelope, many formats.

use std::fmt::Write as _;

use elk_desk::{Exit, Failure, sanitize};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::format::Format;
use crate::table;

pub(crate) const API_VERSION: &str = "elkctl/v1";

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
    /// Null where there is no total.
    pub(crate) total_is_estimate: Option<bool>,
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

/// In which manner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner<'a> {
    pub(crate) format: &'a Format,
    /// Only these columns, in this order; the usual ones if empty.
    pub(crate) columns: &'a [String],
    pub(crate) now: Timestamp,
    /// The width of the terminal that reads it, if one does.
    pub(crate) width: Option<usize>,
}

#[derive(Serialize)]
struct Envelope<'a> {
    api_version: &'static str,
    kind: String,
    metadata: &'a Metadata,
    items: &'a [Value],
}

impl Kind {
    /// Returns the columns to show.
    fn columns(&self, manner: &Manner<'_>, all: bool) -> Result<Vec<&Column>, Failure> {
        if manner.columns.is_empty() {
            return Ok(self.columns.iter().filter(|column| all || !column.wide).collect());
        }
        let named = |name: &String| {
            let found = self.columns.iter().find(|column| column.head.eq_ignore_ascii_case(name));
            found.ok_or_else(|| {
                let known: Vec<_> = self.columns.iter().map(|it| it.head.to_lowercase()).collect();
                let message = format!("there is no column `{name}`: use {}", known.join(", "));
                Failure::new(Exit::Usage, message).code("unknown_column")
            })
        };
        manner.columns.iter().map(named).collect()
    }

    pub(crate) fn name(&self, single: bool) -> String {
        format!("{}{}", self.name, if single { "" } else { "List" })
    }
}

impl Document {
    /// Renders all of it.
    pub(crate) fn render(&self, manner: &Manner<'_>) -> Result<String, Failure> {
        match manner.format {
            Format::Table => self.table(manner, false),
            Format::Wide => self.table(&Manner { width: None, ..*manner }, true),
            Format::Json if manner.width.is_some() => {
                line(serde_json::to_string_pretty(&self.envelope()))
            }
            Format::Json => line(serde_json::to_string(&self.envelope())),
            Format::Jsonl => Ok(lines(&self.items)),
            Format::Yaml => serde_saphyr::to_string(&self.envelope())
                .map_err(|error| Failure::new(Exit::Failure, format!("no YAML: {error}"))),
            Format::Csv => csv(self.kind, &self.items, manner, true),
            Format::Name => Ok(names(self.kind, &self.items)),
            Format::JsonPath(path) => self.path(path),
        }
    }

    fn envelope(&self) -> Envelope<'_> {
        let (metadata, items) = (&self.metadata, self.items.as_slice());
        Envelope { api_version: API_VERSION, kind: self.kind.name(self.single), metadata, items }
    }

    fn table(&self, manner: &Manner<'_>, wide: bool) -> Result<String, Failure> {
        let shown = self.kind.columns(manner, wide)?;
        if self.items.is_empty() {
            return Ok(String::new());
        }
        let headers: Vec<&str> = shown.iter().map(|column| column.head).collect();
        let row = |item| shown.iter().map(|column| (column.cell)(item, manner.now)).collect();
        let rows: Vec<Vec<String>> = self.items.iter().map(row).collect();
        let fitted = manner.width.filter(|_| manner.columns.is_empty());
        Ok(table::layout(&headers, &rows, fitted))
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
            // Writing to a string does not fail.
            writeln!(text, "{}", sanitize(&shown)).ok();
        }
        Ok(text)
    }
}

pub(crate) fn lines(items: &[Value]) -> String {
    items.iter().map(|item| format!("{item}\n")).collect()
}

pub(crate) fn names(kind: &Kind, items: &[Value]) -> String {
    let name = |item| format!("{}/{}\n", kind.noun, sanitize(&field(item, kind.key)));
    items.iter().map(name).collect()
}

pub(crate) fn csv(
    kind: &Kind,
    items: &[Value],
    manner: &Manner<'_>,
    header: bool,
) -> Result<String, Failure> {
    let failed = |what: String| Failure::new(Exit::Failure, format!("no CSV: {what}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    let columns = kind.columns(manner, true)?;
    if header {
        let heads = columns.iter().map(|column| column.head.to_lowercase());
        writer.write_record(heads).map_err(|error| failed(error.to_string()))?;
    }
    for item in items {
        let cells = columns.iter().map(|column| harmless_cell((column.cell)(item, manner.now)));
        writer.write_record(cells).map_err(|error| failed(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

pub(crate) fn line(json: serde_json::Result<String>) -> Result<String, Failure> {
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
        let total_is_estimate = Some(false);
        let metadata =
            Metadata { returned: 1, total: Some(1), total_is_estimate, ..Metadata::default() };
        let items = vec![json!({"id": "a1", "hostname": hostname})];
        Document { kind: &KIND, single: false, metadata, items }
    }

    fn render(hostname: &str, format: &str) -> String {
        rendered(hostname, format, &[]).expect("renders")
    }

    fn rendered(hostname: &str, format: &str, columns: &[String]) -> Result<String, Failure> {
        let format: Format = format.parse().expect("a format");
        let now = Timestamp::UNIX_EPOCH;
        document(hostname).render(&Manner { format: &format, columns, now, width: None })
    }

    #[test]
    fn the_envelope_has_its_keys_in_order() {
        assert_eq!(
            render("h", "json"),
            concat!(
                r#"{"api_version":"elkctl/v1","kind":"AgentList","metadata":{"context":null,"#,
                r#""server_time":null,"total":1,"total_is_estimate":false,"returned":1,"#,
                r#""next_cursor":null},"#,
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
    fn columns_are_chosen_by_name_and_an_unknown_one_lists_them() {
        let columns = ["hostname".to_owned()];
        assert_eq!(rendered("h", "csv", &columns).expect("renders"), "hostname\nh\n");
        assert_eq!(rendered("h", "table", &columns).expect("renders"), "HOSTNAME\nh\n");
        let unknown = rendered("h", "table", &["host".to_owned()]).expect_err("is none");
        assert_eq!(unknown.exit, Exit::Usage);
        assert!(unknown.message.contains("use id, hostname"), "{unknown}");
    }
}
