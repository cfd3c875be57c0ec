//! The audit log: who changed what, and who was refused.

use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Content, Cursor, Endpoint, Nothing, Page, Permission};

/// What became of what somebody wanted.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is about to be done: written before a change, so that none goes unseen.
    Begun,
    /// It was done.
    Ok,
    /// The caller was not allowed to.
    Refused,
    /// It was allowed and not done.
    Failed,
    /// The caller did not wait for the end.
    Unknown,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 5] = [Self::Begun, Self::Ok, Self::Refused, Self::Failed, Self::Unknown];

    /// Returns the lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// An entry of the log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Its number; the entries of a log are numbered without gaps.
    pub sequence: u64,
    /// When it was written.
    pub at: Timestamp,
    /// The user; `system` for the Manager itself, empty for a stranger.
    pub actor: String,
    /// How the caller proved it: `session`, `token/NAME`, `key/NAME`, `system` or `none`.
    pub via: String,
    /// Where the request came from; empty for the Manager itself.
    pub address: String,
    /// What was wanted, `noun.verb`.
    pub action: String,
    /// Kind of the object.
    pub kind: String,
    /// Name or id of the object.
    pub object: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Stable name of the cause, if it was not done.
    pub code: String,
    /// The request's id.
    pub request_id: String,
    /// What else was asked for, without secrets.
    pub summary: String,
    /// Hash of the entry before; of the first one 64 zeros.
    pub previous: String,
    /// SHA-256 of [`canonical`](Self::canonical), lower-case hex.
    pub hash: String,
}

impl Entry {
    /// Returns what the hash covers: the texts of all other fields as JSON shows them, `previous`
    /// first and then in the order in which they stand here; before each its length in bytes, in
    /// decimal, and a colon, behind each a comma.
    pub fn canonical(&self) -> String {
        let (sequence, at) = (self.sequence.to_string(), self.at.to_string());
        let fields = [
            &self.previous,
            &sequence,
            &at,
            &self.actor,
            &self.via,
            &self.address,
            &self.action,
            &self.kind,
            &self.object,
            self.outcome.as_str(),
            &self.code,
            &self.request_id,
            &self.summary,
        ];
        fields.iter().map(|text| format!("{}:{text},", text.len())).collect()
    }
}

/// Which entries.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuditQuery {
    /// Entries per page, 1 to 1,000; 100 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    /// Only of this user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Only this action, or with `.*` at its end all of a noun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Only about this object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Only with this outcome. If absent all, but `begun` only where no end is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Only from this time on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Only before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Where an export begins.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ExportQuery {
    /// After the entry with this number; at the first one if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
}

/// What the log is compared with.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VerifyQuery {
    /// A place noted earlier, `SEQUENCE:HASH`, that has to be in the log still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
}

/// A place in the log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Number of the entry.
    pub sequence: u64,
    /// Its hash.
    pub hash: String,
}

/// What is wrong with the log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Broken {
    /// The first entry that is not as it was written, or is missing.
    pub sequence: u64,
    /// What is wrong with it.
    pub why: String,
}

/// What a walk through the log found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// Whether every entry is as it was written and none is missing.
    pub whole: bool,
    /// How many entries were looked at.
    pub entries: u64,
    /// The last entry that was removed for its age; number 0 if none was.
    pub anchor: Place,
    /// The last entry. Who notes it elsewhere finds out later whether the log was written anew.
    pub head: Place,
    /// What is wrong.
    pub broken: Option<Broken>,
}

/// Lists entries.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "audit.list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/audit";
    const NEEDS: Permission = Permission::ReadAudit;
    const SUMMARY: &'static str = "Lists entries of the audit log, the latest first.";
    type Query = AuditQuery;
    type Body = Nothing;
    type Reply = Page<Entry>;
}

/// Returns one entry.
#[derive(Debug)]
pub struct Get;

impl Endpoint for Get {
    const ID: &'static str = "audit.get";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/audit/{entry}";
    const NEEDS: Permission = Permission::ReadAudit;
    const SUMMARY: &'static str = "Returns one entry of the audit log by its number.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Entry;
}

/// Walks through the log.
#[derive(Debug)]
pub struct Verify;

impl Endpoint for Verify {
    const ID: &'static str = "audit.verify";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/audit/verify";
    const NEEDS: Permission = Permission::ReadAudit;
    const SUMMARY: &'static str =
        "Walks through the audit log and says whether every entry is as it was written.";
    type Query = VerifyQuery;
    type Body = Nothing;
    type Reply = Verdict;
}

/// Streams the log.
#[derive(Debug)]
pub struct Export;

impl Endpoint for Export {
    const ID: &'static str = "audit.export";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/audit/export";
    const NEEDS: Permission = Permission::ReadAudit;
    const SUMMARY: &'static str =
        "Streams the entries of the audit log, the earliest first, up to the last one there is.";
    const REPLY: Content = Content::Lines;
    type Query = ExportQuery;
    type Body = Nothing;
    type Reply = Entry;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_hash_covers_is_the_same_in_every_release() {
        let text = |it: &str| it.to_owned();
        let entry = Entry {
            sequence: 7,
            at: Timestamp::from_millisecond(1_700_000_000_120).expect("a time"),
            actor: text("kim"),
            via: text("session"),
            address: text("::1"),
            action: text("user.create"),
            kind: text("user"),
            object: text("ä,3:b"),
            outcome: Outcome::Ok,
            code: String::new(),
            request_id: text("r"),
            summary: text("role=viewer"),
            previous: text("00"),
            hash: text("not covered"),
        };
        let wanted = "2:00,1:7,23:2023-11-14T22:13:20.12Z,3:kim,7:session,3:::1,11:user.create,\
                      4:user,6:ä,3:b,2:ok,0:,1:r,11:role=viewer,";
        assert_eq!(entry.canonical(), wanted);
        // The same texts as in JSON, so that who has an export needs nothing else.
        let json = serde_json::to_value(&entry).expect("JSON");
        assert_eq!(json["at"], "2023-11-14T22:13:20.12Z");
        assert_eq!(json["outcome"], "ok");
    }

    #[test]
    fn an_outcome_is_called_the_same_in_a_sentence_and_in_json() {
        for outcome in Outcome::ALL {
            assert_eq!(serde_json::to_value(outcome).expect("a word"), outcome.as_str());
        }
    }
}
