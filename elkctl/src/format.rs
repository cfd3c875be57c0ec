//! How results are shown.

use std::str::FromStr;

use elk_desk::{Env, sanitize};

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

    /// Returns whether errors are told as JSON. It is asked of the bare arguments, as those that
    /// cannot be read are told so too.
    pub(crate) fn machine_errors(args: &[String], env: &Env) -> bool {
        let after = |at: usize| args.get(at + 1).map(String::as_str);
        let flag = args.iter().enumerate().find_map(|(at, arg)| match arg.as_str() {
            "-o" | "--output" => after(at),
            arg if arg.starts_with("--output=") => arg.strip_prefix("--output="),
            arg if arg.starts_with("--") => None,
            arg => arg.strip_prefix("-o").map(|rest| rest.trim_start_matches('=')),
        });
        let format = flag.or_else(|| env.get("ELKCTL_OUTPUT")).and_then(|text| text.parse().ok());
        matches!(format, Some(Self::Json | Self::Jsonl | Self::Yaml | Self::JsonPath(_)))
    }
}

/// Takes kubectl's way of writing paths too: `{.a.b}`.
fn plain_path(text: &str) -> String {
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    if inner.starts_with('$') { inner.to_owned() } else { format!("${inner}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_format_is_refused() {
        assert!("xml".parse::<Format>().is_err());
        assert!("jsonpath={.a[".parse::<Format>().is_err());
    }

    #[test]
    fn errors_are_json_where_results_are() {
        let args = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let none = Env::default();
        for (line, machine) in [
            ("agent list -o json --nonsense", true),
            ("agent list -ojsonl", true),
            ("--output yaml agent", true),
            ("agent list --output=jsonpath=$.items", true),
            ("agent list -o table", false),
            ("agent list -o", false),
            ("agent list", false),
        ] {
            assert_eq!(Format::machine_errors(&args(line), &none), machine, "{line}");
        }
        let set = Env::from_fn(|name| (name == "ELKCTL_OUTPUT").then(|| "json".to_owned()));
        assert!(Format::machine_errors(&args("agent list"), &set));
        assert!(!Format::machine_errors(&args("agent list -o name"), &set));
    }
}
