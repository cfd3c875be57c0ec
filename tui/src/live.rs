//! The stream of events: opened again for ever, behind what was seen.

use std::pin::Pin;
use std::time::Duration;

use elk_api::events::{EventLine, EventQuery, Watch};
use elk_client::{Client, ClientError, Lines};
use futures_util::future::LocalBoxFuture;
use tokio::time::{Sleep, sleep};

use crate::feed::{clean, refusal};
use crate::msg::Live;

/// The longest pause between two attempts.
const LONGEST: Duration = Duration::from_secs(30);

type Opened = Result<Lines<EventLine>, ClientError>;

enum State<'a> {
    Waiting(Pin<Box<Sleep>>),
    Opening(LocalBoxFuture<'a, Opened>),
    Open(Box<Lines<EventLine>>),
}

/// The stream.
pub(crate) struct Stream<'a> {
    client: &'a Client,
    state: State<'a>,
    /// The last place that was seen.
    after: Option<String>,
    losses: u32,
}

impl<'a> Stream<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        let state = State::Waiting(Box::pin(sleep(Duration::ZERO)));
        Self { client, state, after: None, losses: 0 }
    }

    /// Returns what comes next. Cancel safe.
    pub(crate) async fn next(&mut self) -> Live {
        loop {
            match &mut self.state {
                State::Waiting(pause) => {
                    pause.await;
                    let (client, after) = (self.client, self.after.clone());
                    self.state = State::Opening(Box::pin(async move {
                        let query = EventQuery { after, ..EventQuery::default() };
                        client.lines::<Watch>(&[], &query).await
                    }));
                }
                State::Opening(opening) => match opening.await {
                    Ok(lines) => {
                        self.state = State::Open(Box::new(lines));
                        return Live::Open;
                    }
                    Err(error) => return self.lost(&error),
                },
                State::Open(lines) => match lines.next().await {
                    // It ends after some minutes by itself.
                    None => self.again(Duration::ZERO),
                    Some(Err(error)) => return self.lost(&error),
                    Some(Ok(line)) => {
                        self.losses = 0;
                        if let Some(told) = self.take(line) {
                            return told;
                        }
                    }
                },
            }
        }
    }

    fn take(&mut self, line: EventLine) -> Option<Live> {
        match line {
            EventLine::Event(event) => {
                self.after = Some(event.id.clone());
                Some(Live::Event(clean(serde_json::to_value(&event).unwrap_or_default())))
            }
            EventLine::Bookmark(mark) => {
                self.after = Some(mark.id);
                mark.gap.then_some(Live::Gap)
            }
        }
    }

    fn lost(&mut self, error: &ClientError) -> Live {
        let pause = Duration::from_secs(1 << self.losses.min(5)).min(LONGEST);
        self.losses = self.losses.saturating_add(1);
        self.again(pause);
        Live::Lost(refusal(error).text)
    }

    fn again(&mut self, pause: Duration) {
        self.state = State::Waiting(Box::pin(sleep(pause)));
    }
}
