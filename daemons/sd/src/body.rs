//! Bodies as the reference's decoder reads them: keys in any case, unknown ones ignored, `null` as
//! if the key were not there.

use elk_api::registry::Registration;
use serde_json::{Map, Value};

/// Why a body is no registration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("it is not JSON")]
    Syntax(#[from] serde_json::Error),
    #[error("it is not an object")]
    NoObject,
    #[error("`{field}` is not {expected}")]
    Field { field: &'static str, expected: &'static str },
}

/// Reads what is registered or evicted.
///
/// A port beyond 65,535 reads as 0, which no instance has.
pub(crate) fn registration(body: &[u8]) -> Result<Registration, BodyError> {
    read(serde_json::from_slice(body)?)
}

/// Reads what changed at another node: actions and what they concern.
pub(crate) fn changes(body: &[u8]) -> Result<Vec<(String, Registration)>, BodyError> {
    let mut list = Vec::new();
    for (key, value) in object(serde_json::from_slice(body)?)? {
        match (key.to_lowercase().as_str(), value) {
            ("data", Value::Array(items)) => list = items,
            ("data", Value::Null) => {}
            ("data", _) => return Err(wrong("data", "a list")),
            _ => {}
        }
    }
    list.into_iter().map(change).collect()
}

fn change(item: Value) -> Result<(String, Registration), BodyError> {
    let (mut action, mut registry) = (String::new(), Registration::default());
    for (key, value) in object(item)? {
        match (key.to_lowercase().as_str(), value) {
            (_, Value::Null) => {}
            ("action", value) => action = text("action", value)?,
            ("registry", value) => registry = read(value)?,
            _ => {}
        }
    }
    Ok((action, registry))
}

fn object(value: Value) -> Result<Map<String, Value>, BodyError> {
    match value {
        Value::Object(fields) => Ok(fields),
        Value::Null => Ok(Map::new()),
        _ => Err(BodyError::NoObject),
    }
}

fn read(value: Value) -> Result<Registration, BodyError> {
    let fields = object(value)?;
    let mut read = Registration { extra: Value::Object(Map::new()), ..Registration::default() };
    for (key, value) in fields {
        match (key.to_lowercase().as_str(), value) {
            ("extra", value @ (Value::Null | Value::Object(_))) => read.extra = value,
            ("extra", _) => return Err(wrong("extra", "an object")),
            (_, Value::Null) => {}
            ("name", value) => read.name = text("name", value)?,
            ("ip", value) => read.ip = text("ip", value)?,
            ("port", value) => {
                read.port = u16::try_from(number("port", &value)?).unwrap_or_default();
            }
            ("weight", value) => read.weight = number("weight", &value)?,
            _ => {}
        }
    }
    Ok(read)
}

fn text(field: &'static str, value: Value) -> Result<String, BodyError> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(wrong(field, "a string")),
    }
}

fn number(field: &'static str, value: &Value) -> Result<i64, BodyError> {
    value.as_i64().ok_or_else(|| wrong(field, "a whole number of 64 bits"))
}

fn wrong(field: &'static str, expected: &'static str) -> BodyError {
    BodyError::Field { field, expected }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_of_any_case_nulls_and_unknown_keys_read_as_with_the_reference() {
        let body = br#"{"NAME":"a","Ip":"10.0.0.1","port":null,"weight":7,"x":[1]}"#;
        let read = registration(body).unwrap();
        let expected = Registration {
            name: "a".to_owned(),
            ip: "10.0.0.1".to_owned(),
            port: 0,
            weight: 7,
            extra: json!({}),
        };
        assert_eq!(read, expected);
        assert_eq!(registration(br#"{"Extra":null}"#).unwrap().extra, Value::Null);
        assert_eq!(registration(br#"{"port":70000}"#).unwrap().port, 0);
        assert_eq!(registration(b"null").unwrap().name, "");
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let cases = [
            ("", "it is not JSON"),
            ("[]", "it is not an object"),
            (r#"{"name":1}"#, "`name` is not a string"),
            (r#"{"port":"1"}"#, "`port` is not a whole number of 64 bits"),
            (r#"{"weight":1.5}"#, "`weight` is not a whole number of 64 bits"),
            (r#"{"weight":9223372036854775808}"#, "`weight` is not a whole number of 64 bits"),
            (r#"{"extra":"x"}"#, "`extra` is not an object"),
        ];
        for (body, expected) in cases {
            let error = registration(body.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), expected, "{body}");
        }
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes: Vec<u8>, json in "[\\[{\":,}\\]0-9a-z]{0,40}") {
            drop(registration(&bytes));
            drop(registration(json.as_bytes()));
            drop(changes(&bytes));
            drop(changes(json.as_bytes()));
        }
    }
}
