//! Tables for people.

use comfy_table::{ContentArrangement, Table, presets};
use elk_desk::sanitize;
use unicode_width::UnicodeWidthStr as _;

use crate::color;

/// Lays out rows under upper-case headers, without borders; no cell is split or cut, foreign
/// text is made harmless. Columns from the right that do not fit into `width` are left out.
/// States are coloured if `colours`.
pub(crate) fn layout(
    headers: &[&str],
    rows: &[Vec<String>],
    width: Option<usize>,
    colours: bool,
) -> String {
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
    let state = headers.iter().position(|header| matches!(*header, "STATUS" | "STATE"));
    let state = state.filter(|at| colours && *at < fitting);
    let at = state.map_or(0, |state| (0..state).map(|at| wide(headers, &rows, at) + 2).sum());
    let mut text = String::new();
    let cells = [None].into_iter().chain(rows.iter().map(|row| row.get(state?)));
    for (line, cell) in table.to_string().lines().zip(cells) {
        match cell {
            Some(word) => text.push_str(color::in_line(line, at, word).trim_end()),
            None => text.push_str(line.trim_end()),
        }
        text.push('\n');
    }
    text
}

/// Returns the width of a column.
fn wide(headers: &[&str], rows: &[Vec<String>], at: usize) -> usize {
    let header = headers.get(at).map_or(0, |header| header.width());
    let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.width());
    cells.chain([header]).max().unwrap_or(0)
}

/// Returns how many columns fit; the first always does.
fn fitting(headers: &[&str], rows: &[Vec<String>], width: usize) -> usize {
    let mut used = 0;
    let fits = |at: &usize| {
        used += wide(headers, rows, *at) + 2;
        used <= width + 2
    };
    (0..headers.len()).take_while(fits).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_no_borders_and_splits_nothing() {
        let id = "0b2f6a0c-2f0c-4cdb-9a2e-4c7a7e7d3a11".repeat(8);
        let text = layout(&["id", "host"], &[vec![id.clone(), "web 17".to_owned()]], None, false);
        let mut lines = text.lines();
        assert!(lines.next().is_some_and(|line| line.starts_with("ID ") && line.ends_with("HOST")));
        assert_eq!(lines.next(), Some(format!("{id}  web 17").as_str()));
    }

    #[test]
    fn foreign_text_cannot_move_the_cursor_or_break_the_line() {
        let text = layout(&["host"], &[vec!["a\u{1b}[2J\r\nb".to_owned()]], None, true);
        assert_eq!(text, "HOST\na\\x1b[2J\\x0d\\x0ab\n");
        let text = layout(&["host"], &[vec!["\u{202e}fdp.exe\u{200b}".to_owned()]], None, false);
        assert_eq!(text, "HOST\n\\u{202e}fdp.exe\\u{200b}\n");
    }

    #[test]
    fn states_are_coloured_in_their_column_and_nowhere_else() {
        let row =
            |host: &str, status: &str| vec![host.to_owned(), status.to_owned(), "x".to_owned()];
        let rows = [row("running", "offline"), row("日本", "running")];
        let heads = ["HOSTNAME", "STATUS", "C"];
        let text = layout(&heads, &rows, None, true);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "HOSTNAME  STATUS   C");
        assert_eq!(lines[1], "running   \u{1b}[31moffline\u{1b}[0m  x");
        assert_eq!(lines[2], "日本      \u{1b}[32mrunning\u{1b}[0m  x");
        assert!(!layout(&heads, &rows, Some(10), true).contains('\u{1b}'));
        assert!(!layout(&heads, &rows, None, false).contains('\u{1b}'));
    }

    #[test]
    fn what_does_not_fit_is_left_out_whole() {
        let row = vec!["0b2f6a0c".to_owned(), "日本日本".to_owned(), "x".to_owned()];
        let rows = std::slice::from_ref(&row);
        let layout = |width| layout(&["id", "host", "c"], rows, Some(width), false);
        assert_eq!(layout(21), "ID        HOST      C\n0b2f6a0c  日本日本  x\n");
        assert_eq!(layout(20), "ID        HOST\n0b2f6a0c  日本日本\n");
        assert_eq!(layout(1), "ID\n0b2f6a0c\n");
    }
}
