//! Text that others wrote, made harmless for a terminal.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Shows text with every character escaped that a terminal obeys or hides.
#[derive(Clone, Copy, Debug)]
pub struct Foreign<'a>(pub &'a str);

impl fmt::Display for Foreign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if !is_harmful(c) {
                f.write_char(c)?;
            } else if u32::from(c) < 0x100 {
                write!(f, "\\x{:02x}", u32::from(c))?;
            } else {
                write!(f, "\\u{{{:x}}}", u32::from(c))?;
            }
        }
        Ok(())
    }
}

/// Returns the text with every character escaped that a terminal obeys or hides.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_harmful) {
        Cow::Owned(Foreign(text).to_string())
    } else {
        Cow::Borrowed(text)
    }
}

/// Control characters, line and paragraph separators, and what is invisible or turns the writing direction.
pub fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_obeys_or_hides_becomes_visible() {
        let cases = [
            ("web-17", "web-17"),
            ("\u{1b}]0;pwn\u{7}\r\u{202e}", "\\x1b]0;pwn\\x07\\x0d\\u{202e}"),
            ("a\nb\tc\u{7f}\u{9b}", "a\\x0ab\\x09c\\x7f\\x9b"),
            ("x\u{200b}y\u{feff}", "x\\u{200b}y\\u{feff}"),
            ("日本 é ü", "日本 é ü"),
        ];
        for (text, expected) in cases {
            assert_eq!(sanitize(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_come_out_that_move_a_cursor(bytes: Vec<u8>) {
            let text = String::from_utf8_lossy(&bytes);
            let shown = sanitize(&text).into_owned();
            prop_assert!(!shown.chars().any(char::is_control));
            prop_assert_eq!(sanitize(&shown), shown.as_str());
        }

        #[test]
        fn no_character_comes_out_that_turns_or_hides(text in "[\u{2000}-\u{2070}\u{80}-\u{a0}a-c]{0,20}") {
            prop_assert!(!sanitize(&text).chars().any(is_harmful));
        }
    }
}
