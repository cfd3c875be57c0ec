//! Tables for people.

use comfy_table::{ContentArrangement, Table, presets};
use elk_desk::sanitize;

/// Lays out rows under upper-case headers, without borders; no cell is split or cut, foreign
/// text is made harmless.
pub(crate) fn layout(headers: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(headers.iter().map(|header| header.to_uppercase()));
    for row in rows {
        table.add_row(row.iter().map(|cell| {
            if cell.is_empty() { "-".to_owned() } else { sanitize(cell).into_owned() }
        }));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut text = String::new();
    for line in table.to_string().lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_no_borders_and_splits_nothing() {
        let id = "0b2f6a0c-2f0c-4cdb-9a2e-4c7a7e7d3a11".repeat(8);
        let text = layout(&["id", "host"], &[vec![id.clone(), "web 17".to_owned()]]);
        let mut lines = text.lines();
        assert!(lines.next().is_some_and(|line| line.starts_with("ID ") && line.ends_with("HOST")));
        assert_eq!(lines.next(), Some(format!("{id}  web 17").as_str()));
    }

    #[test]
    fn foreign_text_cannot_move_the_cursor_or_break_the_line() {
        let text = layout(&["host"], &[vec!["a\u{1b}[2J\r\nb".to_owned()]]);
        assert_eq!(text, "HOST\na\\x1b[2J\\x0d\\x0ab\n");
    }
}
