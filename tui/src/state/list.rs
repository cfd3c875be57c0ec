//! Where one is in a list: the row is known by its object, not by its number.

use serde_json::Value;

use crate::columns;
use crate::msg::{Answer, Query, View};

/// A list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct List {
    pub(crate) filter: String,
    /// The row that is chosen.
    pub(crate) row: usize,
    /// And its object.
    pub(crate) id: Option<String>,
    pub(crate) sort: Option<&'static str>,
    pub(crate) reverse: bool,
    /// Where the page shown begins, and those before it.
    cursors: Vec<String>,
    /// The last row of the next answer is chosen.
    from_below: bool,
}

impl List {
    pub(crate) fn query(&self, _view: View) -> Query {
        let (filter, cursor) = (self.filter.clone(), self.cursors.last().cloned());
        Query { filter, cursor, sort: self.sort, reverse: self.reverse }
    }

    /// Returns the number of the page, from 0.
    pub(crate) fn page(&self) -> usize {
        self.cursors.len()
    }

    /// Finds the chosen object again in a new answer.
    pub(crate) fn settle(&mut self, view: View, answer: &Answer) {
        let found = self.id.as_ref().and_then(|id| {
            answer.items.iter().position(|it| columns::field(it, columns::key(view)) == *id)
        });
        let last = answer.items.len().saturating_sub(1);
        let kept = if std::mem::take(&mut self.from_below) { last } else { self.row.min(last) };
        self.choose(view, answer, found.unwrap_or(kept));
    }

    /// Another object came first. Who looks at the first one goes on to do so.
    pub(crate) fn shift(&mut self, view: View, answer: &Answer) {
        let last = answer.items.len().saturating_sub(1);
        let row = if self.row == 0 { 0 } else { (self.row + 1).min(last) };
        self.choose(view, answer, row);
    }

    fn choose(&mut self, view: View, answer: &Answer, row: usize) {
        self.row = row;
        let id = |it: &Value| columns::field(it, columns::key(view));
        self.id = answer.items.get(row).map(id);
    }

    /// Goes so many rows down; returns whether another page is wanted.
    pub(crate) fn walk(&mut self, view: View, answer: &Answer, by: isize) -> bool {
        let last = answer.items.len().saturating_sub(1);
        let one_page = by != isize::MIN && by != isize::MAX;
        if by > 0 && self.row == last && one_page {
            let Some(next) = answer.next.clone() else { return false };
            self.cursors.push(next);
            (self.row, self.id) = (0, None);
            return true;
        }
        if by < 0 && self.row == 0 {
            let turned = if one_page { self.cursors.pop().is_some() } else { self.first_page() };
            if turned {
                (self.id, self.from_below) = (None, one_page);
            }
            return turned;
        }
        self.choose(view, answer, self.row.saturating_add_signed(by).min(last));
        false
    }

    fn first_page(&mut self) -> bool {
        let turned = !self.cursors.is_empty();
        self.cursors.clear();
        turned
    }

    /// Begins anew, as what is listed is another.
    pub(crate) fn restart(&mut self) {
        self.cursors.clear();
        (self.row, self.id, self.from_below) = (0, None, false);
    }

    /// Sorts by the next column that the server sorts by; returns whether there is one.
    pub(crate) fn sort_next(&mut self, view: View) -> bool {
        let sorts: Vec<_> = columns::columns(view).iter().filter_map(|it| it.sort).collect();
        let at = self.sort.and_then(|sort| sorts.iter().position(|it| *it == sort)).unwrap_or(0);
        let Some(next) = sorts.get((at + 1) % sorts.len().max(1)) else { return false };
        self.sort = Some(next);
        self.restart();
        true
    }

    pub(crate) fn turn_round(&mut self, view: View) -> bool {
        let can = columns::columns(view).iter().any(|it| it.sort.is_some());
        if can {
            self.reverse = !self.reverse;
            self.restart();
        }
        can
    }

    /// Shows only what is wrong, or all again.
    pub(crate) fn problems(&mut self, view: View) -> bool {
        let wanted = match view {
            View::Agents => "status!=running",
            View::Alerts => "open",
            _ => return false,
        };
        let now = if self.filter == wanted { "" } else { wanted };
        now.clone_into(&mut self.filter);
        self.restart();
        true
    }
}
