//! Tables for people.

use comfy_table::{ContentArrangement, Table, presets};
use elk_desk::sanitize;
use unicode_width::UnicodeWidthStr as _;

/// Lays out rows under upper-case headers, without borders; no cell is split or cut, foreign
/// text is made harmless. Columns from the right that do not fit into `width` are left out.
pub(crate) fn layout(headers: &[&str], rows: &[Vec<String>], width: Option<usize>) -> String {
    let shown = |cell: &String| match cell.as_str() {
        "" => "-".to_owned(),
        text => sanitize(text).into_owned(),
    };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(shown).collect()).collect();
    let fitting = width.map_or(headers.len(), |width| fitting(headers, &rows, width));
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(headers.iter().take(fitting).map(|header| header.to_uppercase()));
    for row in &rows {
        table.add_row(row.iter().take(fitting));
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

/// Returns how many columns fit; the first always does.
fn fitting(headers: &[&str], rows: &[Vec<String>], width: usize) -> usize {
    let mut used = 0;
    let fits = |(at, header): &(usize, &&str)| {
        let cells = rows.iter().filter_map(|row| row.get(*at)).map(|cell| cell.width());
        used += cells.chain([header.width()]).max().unwrap_or(0) + 2;
        used <= width + 2
    };
    headers.iter().enumerate().take_while(fits).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_no_borders_and_splits_nothing() {
        let id = "0b2f6a0c-2f0c-4cdb-9a2e-4c7a7e7d3a11".repeat(8);
        let text = layout(&["id", "host"], &[vec![id.clone(), "web 17".to_owned()]], None);
        let mut lines = text.lines();
        assert!(lines.next().is_some_and(|line| line.starts_with("ID ") && line.ends_with("HOST")));
        assert_eq!(lines.next(), Some(format!("{id}  web 17").as_str()));
    }

    #[test]
    fn foreign_text_cannot_move_the_cursor_or_break_the_line() {
        let text = layout(&["host"], &[vec!["a\u{1b}[2J\r\nb".to_owned()]], None);
        assert_eq!(text, "HOST\na\\x1b[2J\\x0d\\x0ab\n");
        let text = layout(&["host"], &[vec!["\u{202e}fdp.exe\u{200b}".to_owned()]], None);
        assert_eq!(text, "HOST\n\\u{202e}fdp.exe\\u{200b}\n");
    }

    #[test]
    fn what_does_not_fit_is_left_out_whole() {
        let row = vec!["0b2f6a0c".to_owned(), "日本日本".to_owned(), "x".to_owned()];
        let layout = |width| layout(&["id", "host", "c"], std::slice::from_ref(&row), Some(width));
        assert_eq!(layout(21), "ID        HOST      C\n0b2f6a0c  日本日本  x\n");
        assert_eq!(layout(20), "ID        HOST\n0b2f6a0c  日本日本\n");
        assert_eq!(layout(1), "ID\n0b2f6a0c\n");
    }
}
