//! MongoDB's Extended JSON, of both versions, as plain JSON.

use serde_json::{Map, Number, Value};

/// Returns a value without MongoDB's types: ids are text, times seconds since the Unix epoch.
pub(super) fn plain(value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(plain).collect(),
        Value::Object(object) => match typed(&object) {
            Some(value) => value,
            None => Value::Object(object.into_iter().map(|(key, it)| (key, plain(it))).collect()),
        },
        other => other,
    }
}

/// Reads an object that stands for a value of another type.
fn typed(object: &Map<String, Value>) -> Option<Value> {
    let (key, value) = object.iter().next().filter(|_| object.len() == 1)?;
    let text = value.as_str();
    match key.as_str() {
        "$oid" | "$symbol" | "$uuid" => text.map(Value::from),
        "$numberInt" | "$numberLong" => {
            let number = text.and_then(|it| it.parse::<i64>().ok());
            number.or_else(|| value.as_i64()).map(Value::from)
        }
        "$numberDouble" | "$numberDecimal" => {
            let number = text.and_then(|it| it.parse::<f64>().ok()).or_else(|| value.as_f64())?;
            Some(Number::from_f64(number).map_or(Value::Null, Value::Number))
        }
        "$date" => Some(date(&plain(value.clone()))),
        "$undefined" => Some(Value::Null),
        _ => None,
    }
}

fn date(value: &Value) -> Value {
    let milliseconds = match value {
        Value::String(text) => text.parse::<jiff::Timestamp>().ok().map(|it| it.as_millisecond()),
        other => other.as_i64(),
    };
    milliseconds.map_or(Value::Null, |it| Value::from(it.div_euclid(1_000)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_versions_of_extended_json_mean_the_same() {
        for (written, meant) in [
            (json!({"$oid": "65a"}), json!("65a")),
            (json!({"$numberLong": "-7"}), json!(-7)),
            (json!({"$numberInt": "7"}), json!(7)),
            (json!({"$numberDouble": "1.5"}), json!(1.5)),
            (json!({"$numberDouble": "NaN"}), json!(null)),
            (json!({"$date": "2023-11-14T22:13:20Z"}), json!(1_700_000_000)),
            (json!({"$date": {"$numberLong": "1700000000000"}}), json!(1_700_000_000)),
            (json!({"$date": 1_700_000_000_000_i64}), json!(1_700_000_000)),
            (json!({"$date": "soon"}), json!(null)),
            (json!([{"a": {"$numberInt": "1"}}]), json!([{"a": 1}])),
            (json!({"$oid": "x", "b": 1}), json!({"$oid": "x", "b": 1})),
            (json!({"$numberLong": "many"}), json!({"$numberLong": "many"})),
        ] {
            assert_eq!(plain(written), meant);
        }
    }
}
