//! Records on the bus.

use std::collections::BTreeMap;

use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Content, Endpoint, Nothing, Permission};

/// Which records to show.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RecordQuery {
    /// Only this agent's; its exact id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Only this type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_type: Option<i32>,
    /// Where to begin; with what arrives from now on if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<RecordStart>,
    /// Goes on where another stream ended: the offset of the next record of each partition, joined
    /// by commas; in place of `from`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub places: Option<String>,
}

/// Where to begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordStart {
    /// With what arrives from now on.
    Now,
    /// With the oldest record kept.
    Earliest,
}

/// One record, or word of records that were passed over.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RecordLine {
    /// A record.
    Record(Record),
    /// The reader was too slow, or retention removed records: this many were passed over.
    Gap {
        /// How many.
        missed: u64,
    },
    /// The first line, and one when nothing was shown for a while.
    Idle {
        /// The server's clock.
        at: Timestamp,
        /// The offset of the next record of each partition.
        places: Vec<u64>,
    },
}

/// A record as it stands on the bus.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// Its partition.
    pub partition: u32,
    /// Its place in the partition.
    pub offset: u64,
    /// Its type.
    pub data_type: i32,
    /// The agent's clock when it was made, whole seconds.
    pub agent_time: Option<Timestamp>,
    /// The server's clock when it arrived, whole seconds.
    pub server_time: Option<Timestamp>,
    /// The agent's id as sent, which may be empty.
    pub agent: String,
    /// The host's name.
    pub hostname: String,
    /// The agent's tags when it arrived, joined by commas.
    pub tags: String,
    /// Its fields; bytes that are not UTF-8 are replaced.
    pub fields: BTreeMap<String, String>,
    /// The body in base64 where it is not a map of fields; else null.
    pub body: Option<String>,
}

/// Streams records as they arrive.
#[derive(Debug)]
pub struct Tail;

impl Endpoint for Tail {
    const ID: &'static str = "event.tail";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/records";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str =
        "Streams the records on the bus as they arrive; 501 where the Manager has no bus.";
    const REPLY: Content = Content::Lines;
    type Query = RecordQuery;
    type Body = Nothing;
    type Reply = RecordLine;
}
