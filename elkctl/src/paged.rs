//! Lists that are printed page by page, so that they may be longer than memory.

use std::fmt::Write as _;

use elk_desk::Failure;
use serde_json::Value;

use crate::format::Format;
use crate::output::{API_VERSION, Kind, Manner, Metadata, csv, line, lines, names};

/// A list that is printed page by page.
pub(crate) struct Paged<'a> {
    kind: &'static Kind,
    manner: Manner<'a>,
    begun: bool,
}

impl<'a> Paged<'a> {
    /// Returns `None` for formats that need the whole list at once.
    pub(crate) fn new(kind: &'static Kind, manner: Manner<'a>) -> Option<Self> {
        let format = manner.format;
        matches!(format, Format::Json | Format::Jsonl | Format::Csv | Format::Name)
            .then_some(Self { kind, manner, begun: false })
    }

    /// Renders the next page.
    pub(crate) fn page(&mut self, items: &[Value]) -> Result<String, Failure> {
        let first = !std::mem::replace(&mut self.begun, true);
        match self.manner.format {
            Format::Csv => csv(self.kind, items, &self.manner, first),
            Format::Name => Ok(names(self.kind, items)),
            Format::Json => {
                let mut text = if first { self.head() } else { String::new() };
                for (at, item) in items.iter().enumerate() {
                    let comma = if first && at == 0 { "" } else { "," };
                    // Writing to a string does not fail.
                    write!(text, "{comma}\n{item}").ok();
                }
                Ok(text)
            }
            _ => Ok(lines(items)),
        }
    }

    /// Renders what is behind the last page.
    pub(crate) fn end(&mut self, metadata: &Metadata) -> Result<String, Failure> {
        if *self.manner.format != Format::Json {
            return Ok(String::new());
        }
        let head = if self.begun { String::new() } else { self.head() };
        let metadata = line(serde_json::to_string(metadata))?;
        Ok(format!("{head}\n],\"metadata\":{}}}\n", metadata.trim_end()))
    }

    fn head(&self) -> String {
        let kind = self.kind.name(false);
        format!("{{\"api_version\":\"{API_VERSION}\",\"kind\":\"{kind}\",\"items\":[")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::output::{Column, Document, When, field};

    static KIND: Kind = Kind {
        name: "Agent",
        noun: "agent",
        key: "id",
        columns: &[Column { head: "ID", wide: false, cell: |item, _| field(item, "id") }],
    };

    #[test]
    fn a_paged_list_is_the_same_document() {
        for format in ["json", "jsonl", "csv", "name"] {
            let format: Format = format.parse().expect("a format");
            let when = When::Exact;
            let manner =
                Manner { format: &format, columns: &[], when, width: None, colours: false };
            let mut paged = Paged::new(&KIND, manner).expect("can be paged");
            let (a, b) = (vec![json!({"id": "a"})], vec![json!({"id": "b"})]);
            let metadata = Metadata { returned: 2, ..Metadata::default() };
            let mut text = paged.page(&a).expect("renders");
            text += &paged.page(&[]).expect("renders");
            text += &paged.page(&b).expect("renders");
            text += &paged.end(&metadata).expect("renders");
            let items = [a, b].concat();
            let whole = Document { kind: &KIND, single: false, metadata, items };
            let whole = whole.render(&manner).expect("renders");
            if format == Format::Json {
                let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
                assert_eq!(read(&text), read(&whole));
            } else {
                assert_eq!(text, whole);
            }
        }
    }
}
