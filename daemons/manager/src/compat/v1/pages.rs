//! Pages of the reference's lists.

use std::cmp::Ordering;

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use elk_web::enveloped;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::intake::failed;
use super::document::Document;
use crate::store::Result;

/// Which page, and in which order.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(super) struct Paging {
    page: u64,
    pub(super) page_size: u64,
    order_key: String,
    order_value: i64,
}

impl Default for Paging {
    fn default() -> Self {
        Self { page: 1, page_size: 100, order_key: String::new(), order_value: 0 }
    }
}

pub(super) type Given = std::result::Result<Query<Paging>, QueryRejection>;

/// Reads the paging; `None` if it is out of range.
pub(super) fn paging(given: Given) -> Option<Paging> {
    let Query(paging) = given.ok()?;
    (paging.page > 0 && (1..=5_000).contains(&paging.page_size)).then_some(paging)
}

impl Paging {
    /// Returns how many objects stand before the page.
    pub(super) fn skip(&self) -> u64 {
        let skip = self.page_size.saturating_mul(self.page - 1);
        skip.min(i64::MAX.unsigned_abs())
    }

    /// Returns by which field to order, and whether backwards; `None` for the order that there is.
    pub(super) fn order(&self) -> Option<(&str, bool)> {
        let asked = !self.order_key.is_empty() && matches!(self.order_value, 1 | -1);
        asked.then_some((self.order_key.as_str(), self.order_value == -1))
    }
}

/// The objects of one page, of all that pass by.
#[derive(Debug)]
pub(super) struct Window {
    skip: u64,
    room: u64,
    total: u64,
    items: Vec<Document>,
}

impl Window {
    pub(super) fn new(paging: &Paging) -> Self {
        Self { skip: paging.skip(), room: paging.page_size, total: 0, items: Vec::new() }
    }

    pub(super) fn take(&mut self, document: Document) {
        if self.total >= self.skip && self.total - self.skip < self.room {
            self.items.push(document);
        }
        self.total += 1;
    }

    /// Returns how many passed by, and those of the page.
    pub(super) fn done(self) -> (u64, Vec<Document>) {
        (self.total, self.items)
    }
}

/// Answers a page.
pub(super) fn answer(found: Result<(u64, Vec<Document>)>, paging: &Paging) -> Response {
    let (total, items) = match found {
        Ok(found) => found,
        Err(error) => return failed(&error),
    };
    let (page, page_size) = (paging.page, paging.page_size);
    let pages = total.div_ceil(page_size);
    let data = json!({
        "total": total, "count": items.len(), "pages": pages, "page": page,
        "page_size": page_size, "has_prev": page > 1, "has_next": page < pages, "items": items,
    });
    enveloped(0, "success", data)
}

/// Orders values as the reference's database does: what is not there, numbers, texts, the rest.
pub(super) fn compare(a: &Value, b: &Value) -> Ordering {
    let rank = |it: &Value| match it {
        Value::Null => 0,
        Value::Number(_) => 1,
        Value::String(_) => 2,
        Value::Object(_) => 3,
        Value::Array(_) => 4,
        Value::Bool(_) => 5,
    };
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a.as_f64().unwrap_or_default().total_cmp(&b.as_f64().unwrap_or_default())
        }
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    }
}
