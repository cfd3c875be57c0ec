//! JSON as Go's decoder reads it: keys in any case, `null` as if the key were not there.

use serde_json::{Map, Value};

/// Lowers the case of all keys and leaves out those that are `null`.
pub(crate) fn lenient(value: Value) -> Value {
    match value {
        Value::Array(items) => {
            let items = items.into_iter().map(lenient);
            items.map(|it| if it.is_null() { Value::Object(Map::new()) } else { it }).collect()
        }
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            fields.map(|(key, value)| (key.to_ascii_lowercase(), lenient(value))).collect()
        }
        other => other,
    }
}
