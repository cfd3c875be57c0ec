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
    pub(crate) cell: fn(&Value, When) -> String,
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

/// How a time is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum When {
    /// As its age at this time.
    Ago(Timestamp),
    /// As it is, in RFC 3339.
    Exact,
}

/// In which manner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner<'a> {
    pub(crate) format: &'a Format,
    /// Only these columns, in this order; the usual ones if empty.
    pub(crate) columns: &'a [String],
    pub(crate) when: When,
    /// The width of the terminal that reads it, if one does.
    pub(crate) width: Option<usize>,
    /// Whether states are coloured for people.
    pub(crate) colours: bool,
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
            Format::Yaml => self.yaml(),
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
        let row = |item| shown.iter().map(|column| (column.cell)(item, manner.when)).collect();
        let mut rows: Vec<Vec<String>> = self.items.iter().map(row).collect();
        // Agents' ids are long, and commands take as much of one as tells it from others.
        if manner.width.is_some() && self.kind.noun == "agent" && headers.first() == Some(&"ID") {
            shorten(&mut rows);
        }
        let fitted = manner.width.filter(|_| manner.columns.is_empty());
        Ok(table::layout(&headers, &rows, fitted, manner.colours))
    }

    fn yaml(&self) -> Result<String, Failure> {
        let yaml = serde_saphyr::to_string(&self.envelope())
            .map_err(|error| Failure::new(Exit::Failure, format!("no YAML: {error}")))?;
        // JSON is YAML too, and writes any character without showing it.
        let shows = |c: char| c != '\n' && (c < ' ' || elk_desk::is_harmful(c));
        if yaml.contains(shows) { line(serde_json::to_string(&self.envelope())) } else { Ok(yaml) }
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

/// The fewest characters that are left of an id.
const SHORTEST: usize = 8;

/// Leaves of the ids in the first column what tells them apart.
fn shorten(rows: &mut [Vec<String>]) {
    let ids: Vec<String> = rows.iter().filter_map(|row| row.first().cloned()).collect();
    let mut sorted: Vec<&str> = ids.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    let alike = |a: &str, b: &str| a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    for (row, id) in rows.iter_mut().zip(&ids) {
        let at = sorted.partition_point(|it| *it < id.as_str());
        let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        let others = beside.filter_map(|at| sorted.get(at));
        let needed = others.map(|other| alike(id, other) + 1).max().unwrap_or(0);
        if let Some(cell) = row.first_mut() {
            *cell = id.chars().take(needed.max(SHORTEST)).collect();
        }
    }
}

pub(crate) fn lines(items: &[Value]) -> String {
    items.iter().map(|item| harmless_json(&item.to_string()) + "\n").collect()
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
        let cells = columns.iter().map(|column| harmless_cell(&(column.cell)(item, When::Exact)));
        writer.write_record(cells).map_err(|error| failed(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

pub(crate) fn line(json: serde_json::Result<String>) -> Result<String, Failure> {
    let json = json.map_err(|error| Failure::new(Exit::Failure, format!("no JSON: {error}")))?;
    Ok(harmless_json(&json) + "\n")
}

/// Writes what a terminal would obey as JSON can write it: the same text to whoever reads it.
fn harmless_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        // Lines end only between values.
        if c != '\n' && elk_desk::is_harmful(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string does not fail.
                write!(text, "\\u{unit:04x}").ok();
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// Keeps spreadsheets from taking a cell for a formula, and terminals from obeying it.
fn harmless_cell(cell: &str) -> String {
    let cell = sanitize(cell);
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.into_owned()
    }
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

/// Shows a field that is a time, as its age where somebody reads it.
pub(crate) fn age(item: &Value, name: &str, when: When) -> String {
    let text = item.get(name).and_then(Value::as_str);
    let time: Option<Timestamp> = text.and_then(|text| text.parse().ok());
    let shown = time.map(|time| match when {
        When::Ago(now) => elk_desk::ago(time, now),
        When::Exact => time.to_string(),
    });
    shown.unwrap_or_default()
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
        let when = When::Ago(Timestamp::UNIX_EPOCH);
        let (width, colours) = (None, false);
        document(hostname).render(&Manner { format: &format, columns, when, width, colours })
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
    fn no_format_lets_a_terminal_obey_what_an_agent_says() {
        let hostile = "a\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\u{200b}\u{7f}\r\n\u{2028}b";
        for format in ["table", "wide", "json", "jsonl", "yaml", "csv", "jsonpath=$.items[*]"] {
            let text = render(hostile, format);
            let shown = |c: char| c != '\n' && (c < ' ' || elk_desk::is_harmful(c));
            assert!(!text.contains(shown), "{format}: {text:?}");
        }
        for format in ["json", "jsonl"] {
            let read: Value = serde_json::from_str(&render(hostile, format)).expect("JSON");
            let item = if format == "json" { &read["items"][0] } else { &read };
            assert_eq!(item["hostname"], hostile);
        }
        let read: Value = serde_saphyr::from_str(&render(hostile, "yaml")).expect("YAML");
        assert_eq!(read["items"][0]["hostname"], hostile);
    }

    #[test]
    fn times_are_exact_for_machines_and_ages_for_people() {
        let item = json!({"at": "2026-01-02T03:04:05Z"});
        let now = "2026-01-02T03:04:10Z".parse().expect("a time");
        assert_eq!(age(&item, "at", When::Ago(now)), "5s ago");
        assert_eq!(age(&item, "at", When::Exact), "2026-01-02T03:04:05Z");
    }

    #[test]
    fn a_terminal_shows_as_much_of_an_id_as_tells_it_from_others() {
        let rows = ["05c0aaaa-1111", "05c0aaaa-1122", "9", "f0000000-0000"];
        let mut rows: Vec<_> = rows.iter().map(|id| vec![(*id).to_owned()]).collect();
        shorten(&mut rows);
        assert_eq!(rows.concat(), ["05c0aaaa-111", "05c0aaaa-112", "9", "f0000000"]);
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
