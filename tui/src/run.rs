//! The loop: one thing at a time, a frame when something has changed.

use std::io;
use std::time::Duration;

use crossterm::event::{Event, EventStream};
use crossterm::execute;
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, size};
use elk_client::Client;
use elk_life::Clock;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use jiff::{SignedDuration, Timestamp};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::live::Stream;
use crate::msg::{Cmd, Msg};
use crate::state::Model;
use crate::terminal::{Guard, suspend};
use crate::{Settings, Theme, feed, view};

/// How often it is looked whether something is due.
const TICK: Duration = Duration::from_secs(1);
/// Ages on the screen are drawn anew so often where nothing else changes.
const AGING: SignedDuration = SignedDuration::from_secs(5);
/// Messages that are taken before a frame is drawn.
const BURST: usize = 256;

/// Why the dashboard ended.
#[derive(Debug, thiserror::Error)]
#[error("the terminal failed")]
pub struct RunError(#[from] io::Error);

type Screen = Terminal<CrosstermBackend<io::Stdout>>;
type Work<'a> = FuturesUnordered<LocalBoxFuture<'a, Msg>>;

/// What messages come from.
struct Sources<'a> {
    keys: EventStream,
    work: Work<'a>,
    live: Stream<'a>,
    ticks: Interval,
    stops: Signal,
}

enum Came {
    Msg(Msg),
    /// The shell asks it to stop for now.
    Stop,
    /// The terminal is gone.
    End,
    Nothing,
}

/// Shows the dashboard until somebody ends it.
///
/// # Errors
///
/// If the terminal cannot be used; the network is never a reason to end.
pub async fn run(client: &Client, settings: Settings) -> Result<(), RunError> {
    let Settings { place, screen, refresh, theme } = settings;
    let guard = Guard::take()?;
    let mut terminal = screen_of_now()?;
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut sources = Sources {
        keys: EventStream::new(),
        work: Work::new(),
        live: Stream::new(client),
        ticks,
        stops: signal(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()))?,
    };
    let mut model = Model::new(place, screen, refresh, Clock::System.now());
    let (width, height) = size()?;
    model.update(Msg::Resize(width, height));
    let mut cmds = model.ask();
    let mut drawn = Timestamp::UNIX_EPOCH;
    loop {
        for cmd in cmds.drain(..) {
            match cmd {
                Cmd::Quit => return Ok(()),
                Cmd::Clear => terminal = screen_of_now()?,
                Cmd::Suspend => suspend(&guard)?,
                Cmd::Fetch(asked, generation, query) => sources.work.push(Box::pin(async move {
                    let answered = feed::fetch(client, &asked, &query).await;
                    Msg::Data(asked, generation, answered.map_err(|it| feed::refusal(&it)))
                })),
            }
        }
        if model.now.duration_since(drawn) >= AGING || drawn > model.now {
            draw(&mut terminal, &model, theme)?;
            drawn = model.now;
        }
        let mut came = sources.next().await;
        for _ in 0..BURST {
            match came {
                Came::Msg(msg) => {
                    // A tick by itself changes nothing that is not drawn by its age.
                    if !matches!(msg, Msg::Tick(_)) {
                        drawn = Timestamp::UNIX_EPOCH;
                    }
                    cmds.extend(model.update(msg));
                }
                Came::Stop => cmds.extend([Cmd::Suspend, Cmd::Clear]),
                Came::End => return Ok(()),
                Came::Nothing => {}
            }
            match sources.next().now_or_never() {
                Some(next) if cmds.is_empty() => came = next,
                Some(next) => {
                    // Nothing that came is dropped.
                    if let Came::Msg(msg) = next {
                        cmds.extend(model.update(msg));
                    }
                    break;
                }
                None => break,
            }
        }
    }
}

impl Sources<'_> {
    async fn next(&mut self) -> Came {
        tokio::select! {
            biased;
            key = self.keys.next() => match key {
                Some(Ok(event)) => input(event),
                Some(Err(_)) | None => Came::End,
            },
            _ = self.stops.recv() => Came::Stop,
            Some(msg) = self.work.next(), if !self.work.is_empty() => Came::Msg(msg),
            live = self.live.next() => Came::Msg(Msg::Live(live)),
            _ = self.ticks.tick() => Came::Msg(Msg::Tick(Clock::System.now())),
        }
    }
}

fn input(event: Event) -> Came {
    match event {
        Event::Key(key) => Came::Msg(Msg::Key(key)),
        Event::Paste(text) => Came::Msg(Msg::Paste(text)),
        Event::Resize(width, height) => Came::Msg(Msg::Resize(width, height)),
        _ => Came::Nothing,
    }
}

/// Returns a blank screen of the terminal's present size. It is a fixed one: another would ask the
/// terminal for its cursor when it is resized, and the answer goes to who reads the keys.
fn screen_of_now() -> io::Result<Screen> {
    let (width, height) = size()?;
    execute!(io::stdout(), Clear(ClearType::All))?;
    let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
    let backend = CrosstermBackend::new(io::stdout());
    Terminal::with_options(backend, TerminalOptions { viewport })
}

/// Draws a frame that the terminal shows at once.
fn draw(terminal: &mut Screen, model: &Model, theme: Theme) -> io::Result<()> {
    execute!(io::stdout(), BeginSynchronizedUpdate)?;
    terminal.draw(|frame| view::draw(model, theme, frame))?;
    execute!(io::stdout(), EndSynchronizedUpdate)
}
