//! One frame as text.

use elk_client::{Client, ClientError};
use elk_life::Clock;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr as _;

use crate::msg::{Cmd, Msg};
use crate::state::Model;
use crate::{Settings, Theme, feed, view};

/// Asks for what a screen shows, waits for every answer or refusal, and returns the frame: exactly as
/// many lines as `size` says, each ended.
///
/// # Errors
///
/// If the server was not reached.
pub async fn snapshot(
    client: &Client,
    settings: Settings,
    size: (u16, u16),
) -> Result<String, ClientError> {
    let Settings { place, screen, refresh, theme } = settings;
    let mut model = Model::new(place, screen, refresh, Clock::System.now());
    model.update(Msg::Resize(size.0, size.1));
    for cmd in model.ask() {
        let Cmd::Fetch(asked, generation, query) = cmd else { continue };
        let answered = match feed::fetch(client, &asked, &query).await {
            Err(error) if error.status().is_none() => return Err(error),
            answered => answered.map_err(|error| feed::refusal(&error)),
        };
        model.update(Msg::Data(asked, generation, answered));
    }
    Ok(draw(&model, size, theme))
}

/// Draws one frame.
pub(crate) fn draw(model: &Model, (width, height): (u16, u16), theme: Theme) -> String {
    let Ok(mut terminal) = Terminal::new(TestBackend::new(width, height));
    let Ok(done) = terminal.draw(|frame| view::draw(model, theme, frame));
    lines(done.buffer)
}

fn lines(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut text = String::new();
    for y in 0..area.height {
        let (mut line, mut x) = (String::new(), 0);
        while x < area.width {
            let symbol = buffer.cell((x, y)).map_or(" ", |it| it.symbol());
            line.push_str(symbol);
            x = x.saturating_add(u16::try_from(symbol.width()).unwrap_or(1).max(1));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
