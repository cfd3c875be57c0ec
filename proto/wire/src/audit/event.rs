//! `Event` of `audit.k8s.io/v1`: the fields that the reference knows, in the order it writes them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::go::{Text, Time, compact, nullable};

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Event {
    #[serde(skip_serializing_if = "Text::is_empty")]
    kind: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    api_version: Text,
    level: Text,
    #[serde(rename = "auditID")]
    audit_id: Text,
    stage: Text,
    #[serde(rename = "requestURI")]
    request_uri: Text,
    verb: Text,
    #[serde(deserialize_with = "nullable")]
    user: User,
    #[serde(skip_serializing_if = "Option::is_none")]
    impersonated_user: Option<User>,
    #[serde(rename = "sourceIPs", skip_serializing_if = "none_or_empty")]
    source_ips: Option<Vec<Text>>,
    #[serde(skip_serializing_if = "Text::is_empty")]
    user_agent: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    object_ref: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_status: Option<Status>,
    #[serde(deserialize_with = "object", skip_serializing_if = "Option::is_none")]
    request_object: Option<Box<RawValue>>,
    #[serde(deserialize_with = "object", skip_serializing_if = "Option::is_none")]
    response_object: Option<Box<RawValue>>,
    request_received_timestamp: Time,
    stage_timestamp: Time,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<String, Text>,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct User {
    #[serde(skip_serializing_if = "Text::is_empty")]
    username: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    uid: Text,
    #[serde(skip_serializing_if = "none_or_empty")]
    groups: Option<Vec<Text>>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "BTreeMap::is_empty")]
    extra: BTreeMap<String, Option<Vec<Text>>>,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
struct Reference {
    #[serde(skip_serializing_if = "Text::is_empty")]
    resource: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    namespace: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    name: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    uid: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    api_group: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    api_version: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    resource_version: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    subresource: Text,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    #[serde(skip_serializing_if = "Text::is_empty")]
    kind: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    api_version: Text,
    #[serde(deserialize_with = "nullable")]
    metadata: ListMeta,
    #[serde(skip_serializing_if = "Text::is_empty")]
    status: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    message: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    reason: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "zero")]
    code: i32,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
struct ListMeta {
    #[serde(skip_serializing_if = "Text::is_empty")]
    self_link: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    resource_version: Text,
    #[serde(rename = "continue", skip_serializing_if = "Text::is_empty")]
    next: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining_item_count: Option<i64>,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
struct Details {
    #[serde(skip_serializing_if = "Text::is_empty")]
    name: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    group: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    kind: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    uid: Text,
    #[serde(skip_serializing_if = "none_or_empty")]
    causes: Option<Vec<Cause>>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "zero")]
    retry_after_seconds: i32,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct Cause {
    #[serde(skip_serializing_if = "Text::is_empty")]
    reason: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    message: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    field: Text,
}

#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
fn none_or_empty<T>(list: &Option<Vec<T>>) -> bool {
    list.as_ref().is_none_or(Vec::is_empty)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference to the field")]
fn zero(number: &i32) -> bool {
    *number == 0
}

/// Reads an object of any kind; it is kept as it is, without the blanks around its parts.
fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    let Some(raw) = Option::<Box<RawValue>>::deserialize(deserializer)? else { return Ok(None) };
    RawValue::from_string(compact(raw.get())).map(Some).map_err(serde::de::Error::custom)
}
