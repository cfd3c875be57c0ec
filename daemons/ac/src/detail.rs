//! Heartbeats as the JSON objects that Managers read.

use elk_wire::item;
use serde_json::{Map, Number, Value};

/// Names of the values that are also gauges, in the order of [`Gauges`].
pub(crate) const GAUGES: [&str; 7] =
    ["cpu", "rss", "du", "read_speed", "write_speed", "tx_speed", "rx_speed"];

/// Numeric values of one heartbeat, in the order of [`GAUGES`].
pub(crate) type Gauges = [Option<f64>; 7];

/// What stays text even if it looks like a number: a Manager refuses a numeric kernel version, and
/// a field whose type changes from agent to agent cannot be searched.
const TEXTS: [&str; 20] = [
    "arch",
    "cpu_name",
    "dns",
    "gateway",
    "host_id",
    "host_model",
    "host_serial",
    "host_vendor",
    "idc",
    "kernel_version",
    "name",
    "net_mode",
    "platform",
    "platform_family",
    "platform_version",
    "pversion",
    "region",
    "state",
    "state_detail",
    "version",
];

/// What Managers keep in the same document under their own authority.
const RESERVED: [&str; 8] =
    ["_id", "clone", "config", "plugins", "source_ip", "source_port", "status", "tags"];

const MAX_KEYS: usize = 256;
const MAX_KEY: usize = 64;
const MAX_VALUE: usize = 16 * 1024;
/// The most bytes of all keys and values; real heartbeats have less than 2 KiB.
const MAX_TOTAL: usize = 64 * 1024;

/// One heartbeat, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Detail {
    pub(crate) fields: Map<String, Value>,
    pub(crate) gauges: Gauges,
    pub(crate) boot_time: Option<i64>,
}

/// Reads the item of a heartbeat; `None` if it is malformed.
pub(crate) fn read(body: &[u8]) -> Option<Detail> {
    let mut detail = Detail::default();
    let mut total = 0;
    for pair in item::pairs(body) {
        let (key, value) = pair.ok()?;
        let Ok(key) = str::from_utf8(key) else { continue };
        let plain = !key.is_empty() && key.len() <= MAX_KEY && !key.contains(['.', '$', '\0']);
        if !plain || RESERVED.contains(&key) || value.len() > MAX_VALUE {
            continue;
        }
        if detail.fields.len() == MAX_KEYS && !detail.fields.contains_key(key) {
            continue;
        }
        total += key.len() + value.len();
        if total > MAX_TOTAL {
            break;
        }
        detail.fields.insert(key.to_owned(), convert(key, &item::text(value)));
    }
    for (name, gauge) in GAUGES.iter().zip(&mut detail.gauges) {
        *gauge = detail.fields.get(*name).and_then(Value::as_f64);
    }
    detail.boot_time = detail.fields.get("boot_time").and_then(Value::as_i64).filter(|it| *it > 0);
    Some(detail)
}

fn convert(key: &str, text: &str) -> Value {
    if TEXTS.binary_search(&key).is_ok() {
        return Value::String(text.to_owned());
    }
    number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

/// Reads what the reference takes for a number; whole ones are written without a fraction, as there.
fn number(text: &str) -> Option<Number> {
    let value =
        text.parse().ok().or_else(|| hexadecimal(text)).filter(|it: &f64| it.is_finite())?;
    let whole = value.fract() == 0.0 && value.abs() < 9e15;
    #[expect(clippy::cast_possible_truncation, reason = "whole and far below the bound of i64")]
    if whole { Some(Number::from(value as i64)) } else { Number::from_f64(value) }
}

/// Reads a hexadecimal float such as `0x1.8p-2`; the exponent is mandatory.
fn hexadecimal(text: &str) -> Option<f64> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let rest = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X"))?;
    let (mantissa, exponent) = rest.split_once(['p', 'P'])?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0.0_f64;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value.mul_add(16.0, f64::from(digit.to_digit(16)?));
    }
    let scale = i32::try_from(fraction.len()).ok()?.checked_mul(4)?;
    let value = value * 2.0_f64.powi(exponent.checked_sub(scale)?);
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(pairs: &[(&str, &str)]) -> Vec<u8> {
        let mut out = Vec::new();
        for (key, value) in pairs {
            item::push(&mut out, key.as_bytes(), value.as_bytes());
        }
        out
    }

    #[test]
    fn values_become_numbers_exactly_where_the_reference_makes_them_so() {
        let cases = [
            ("1795416867", "1795416867"),
            ("0.00149993", "0.00149993"),
            ("1.", "1"),
            (".5", "0.5"),
            ("-2e3", "-2000"),
            ("0x1p-2", "0.25"),
            ("0x1.8p1", "3"),
            ("+Inf", "\"+Inf\""),
            ("NaN", "\"NaN\""),
            (" 1", "\" 1\""),
            ("1e400", "\"1e400\""),
            ("0x10", "\"0x10\""),
            ("", "\"\""),
        ];
        for (text, expected) in cases {
            let detail = read(&encode(&[("du", text)])).unwrap();
            assert_eq!(detail.fields["du"].to_string(), expected, "reading {text:?}");
        }
    }

    #[test]
    fn a_kernel_version_that_looks_like_a_number_stays_text() {
        let detail =
            read(&encode(&[("kernel_version", "5.10"), ("idc", "7"), ("arch", "1")])).unwrap();
        assert_eq!(
            Value::Object(detail.fields).to_string(),
            r#"{"arch":"1","idc":"7","kernel_version":"5.10"}"#
        );
    }

    #[test]
    fn keys_that_would_overwrite_a_managers_own_fields_are_left_out() {
        let detail =
            read(&encode(&[("tags", "x"), ("a.b", "1"), ("$set", "1"), ("cpu", "2")])).unwrap();
        assert_eq!(detail.fields.keys().collect::<Vec<_>>(), ["cpu"]);
        assert_eq!(detail.gauges[0], Some(2.0));
    }

    #[test]
    fn a_huge_heartbeat_is_kept_only_in_part() {
        let value = "x".repeat(MAX_VALUE);
        let keys: Vec<String> = (0..100).map(|it| format!("k{it}")).collect();
        let pairs: Vec<(&str, &str)> = keys.iter().map(|key| (&**key, &*value)).collect();
        assert_eq!(read(&encode(&pairs)).unwrap().fields.len(), MAX_TOTAL / MAX_VALUE - 1);
        let pairs: Vec<(&str, &str)> = keys.iter().map(|key| (&**key, "1")).collect();
        assert_eq!(read(&encode(&pairs)).unwrap().fields.len(), 100);
    }

    #[test]
    fn a_heartbeat_that_is_no_item_is_told_apart() {
        assert_eq!(read(&[0x0a, 0xff]), None);
        assert_eq!(read(&[]), Some(Detail::default()));
    }

    #[test]
    fn the_list_of_texts_is_sorted() {
        assert!(TEXTS.is_sorted());
    }
}
