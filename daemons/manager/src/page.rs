//! Pages of lists.

use elk_api::{Cursor, MAX_PAGE, Page};
use elk_web::ApiError;
use jiff::Timestamp;

use crate::failure::{ApiResult, invalid};

/// Returns how many objects a page shall hold.
pub(crate) fn limit(wanted: Option<u32>) -> ApiResult<u64> {
    match wanted {
        Some(0) => Err(invalid("invalid_limit", "limit: a page has at least 1 object")),
        Some(limit) => Ok(u64::from(limit.min(MAX_PAGE))),
        None => Ok(100),
    }
}

/// Returns the name after which a list that is ordered by name goes on.
pub(crate) fn after(cursor: Option<&Cursor>) -> ApiResult<Option<&str>> {
    match cursor.map(|it| it.after.as_slice()) {
        None => Ok(None),
        Some([name]) => Ok(Some(name)),
        Some(_) => Err(foreign_cursor()),
    }
}

/// Refuses a cursor that was given out for another list or order.
pub(crate) fn foreign_cursor() -> ApiError {
    invalid("invalid_cursor", "cursor: it belongs to another list or another order")
}

/// Makes a page of `items`, of which one more than `limit` was read.
pub(crate) fn cut<T>(
    mut items: Vec<T>,
    limit: u64,
    total: u64,
    server_time: Timestamp,
    cursor: impl Fn(&T) -> Cursor,
) -> Page<T> {
    let room = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > room;
    items.truncate(room);
    let next_cursor = if more { items.last().map(cursor) } else { None };
    Page { items, next_cursor, total, total_is_estimate: false, server_time }
}
