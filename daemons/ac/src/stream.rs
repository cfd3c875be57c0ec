//! The stream of one agent, from its first byte to its status.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use elk_life::Stop;
use elk_wire::frame::{Deframer, Encoding, FrameError};
use elk_wire::record::Message;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tonic::Status;

use crate::center::Center;
use crate::fleet::Candidate;
use crate::fleet::facts::{Facts, identify};
use crate::ingest;
use crate::pace::Pace;
use crate::partial::Claim;
use crate::reply::{Answer, Commands, answer, refuse};
use crate::session::{ORDERS, Order, Session};
use elk_web::Call;

/// Answers a call of `Transfer`: the stream lives on in a task of its own.
pub(crate) fn open(
    center: &Arc<Center>,
    addr: SocketAddr,
    (request, call): (Request<Incoming>, Call),
    stop: &Stop,
) -> Response<Answer> {
    let encoding = match encoding(&request) {
        Ok(encoding) => encoding,
        Err(status) => return refuse(&status),
    };
    let (orders, taken) = mpsc::channel(ORDERS);
    let (ended, end) = oneshot::channel();
    let leave = stop.child();
    let incoming = Inbound {
        body: request.into_body(),
        frames: Deframer::new(encoding),
        claim: center.partials.claim(leave.clone()),
        end: leave,
        begun: None,
        limit: center.config.grpc.message(),
    };
    let held = Arc::clone(center);
    let task = async move {
        let status = live(&held, addr, incoming, orders).await;
        // The connection may be gone already.
        drop(ended.send(status));
    };
    if center.streams.try_spawn(task).is_err() {
        center.metrics.streams_refused.with_label_values(&["streams"]).inc();
        return refuse(&Status::unknown("out of max connection limit"));
    }
    let sent = center.metrics.sent.clone();
    answer(Answer::Commands(Box::new(Commands {
        orders: taken,
        end,
        sent,
        ended: false,
        _call: call,
    })))
}

/// Reads how the messages of `request` are compressed.
pub(crate) fn encoding(request: &Request<Incoming>) -> Result<Encoding, Status> {
    let header = request.headers().get("grpc-encoding").map(http::HeaderValue::as_bytes);
    Encoding::from_header(header).map_err(|error| broken(&error))
}

/// Tells the peer what is wrong with a frame.
pub(crate) fn broken(error: &FrameError) -> Status {
    Status::new(error.code(), error.to_string())
}

/// After an inflated message that is longer, others get their turn.
const LONG: usize = 256 << 10;

struct Inbound {
    body: Incoming,
    frames: Deframer,
    claim: Claim,
    end: Stop,
    /// When the message under way began.
    begun: Option<Instant>,
    limit: Duration,
}

impl Inbound {
    /// Returns the next message; `None` if the stream ended or is to end.
    async fn message(&mut self) -> Result<Option<bytes::Bytes>, Status> {
        loop {
            if let Some(message) = self.frames.next().map_err(|error| broken(&error))? {
                self.claim.hold(0);
                self.begun = None;
                return Ok(Some(message));
            }
            let held = self.frames.held();
            self.claim.hold(held);
            let frame = self.body.frame();
            let frame = if held == 0 {
                self.end.until(frame).await
            } else {
                let begun = *self.begun.get_or_insert_with(Instant::now);
                let frame = self.end.until(timeout_at(begun + self.limit, frame)).await;
                let late = |_| Status::deadline_exceeded("a message took too long to arrive");
                frame.transpose().map_err(late)?
            };
            match frame {
                None => return Ok(None),
                Some(None) => {
                    self.frames.finish().map_err(|error| broken(&error))?;
                    return Ok(None);
                }
                Some(Some(Err(error))) => return Err(Status::cancelled(error.to_string())),
                Some(Some(Ok(frame))) => {
                    if let Ok(data) = frame.into_data() {
                        self.frames.push(data);
                    }
                }
            }
        }
    }
}

async fn live(
    center: &Arc<Center>,
    addr: SocketAddr,
    mut inbound: Inbound,
    orders: mpsc::Sender<Order>,
) -> Status {
    let place = center.waiting.enter(addr.ip(), inbound.end.clone());
    let first = timeout(center.config.grpc.first_message(), inbound.message()).await;
    drop(place);
    let refused = |reason: &str| center.metrics.streams_refused.with_label_values(&[reason]).inc();
    let first = match first {
        Ok(Ok(Some(first))) => first,
        Ok(Ok(None)) => return Status::ok(""),
        Ok(Err(status)) => return malformed(center, addr, status),
        Err(_) => {
            refused("silent");
            tracing::debug!(%addr, "a stream sent no first message in time");
            return Status::deadline_exceeded("no first message in time");
        }
    };
    let message = match Message::parse(first) {
        Ok(message) => message,
        Err(error) => return malformed(center, addr, Status::internal(error.to_string())),
    };
    let now_ms = center.clock.unix_ms();
    let boot_time = ingest::boot_time(&message);
    let facts = Facts {
        hostname: message.hostname.as_ref().into(),
        boot_time,
        seen: now_ms.div_euclid(1_000),
    };
    let end = inbound.end.clone();
    let candidate = Candidate { id: identify(&message), facts, addr, orders, end };
    let session = match center.fleet.register(candidate, now_ms) {
        Ok(session) => session,
        Err(full) => {
            refused("limit");
            tracing::warn!(%addr, "refused an agent: as many as allowed are connected");
            return Status::unknown(full.to_string());
        }
    };
    tracing::debug!(agent.id = %session.id, %addr, "agent {} connected", session.id);
    center.tags.welcome(&session);
    let sent_id = message.agent_id.as_ref().into();
    let status = match ingest::take(center, &session, &message) {
        Ok(()) => {
            drop(message);
            converse(center, &session, &mut inbound, sent_id).await
        }
        Err(error) => malformed(center, addr, Status::resource_exhausted(error.to_string())),
    };
    session.end.now();
    center.fleet.remove(&session, center.clock.unix_ms());
    tracing::debug!(agent.id = %session.id, %addr, "agent {} disconnected", session.id);
    status
}

async fn converse(
    center: &Center,
    session: &Session,
    inbound: &mut Inbound,
    sent_id: Box<[u8]>,
) -> Status {
    let mut warned = false;
    let mut pace = Pace::new(center.config.grpc.bytes_per_second, Instant::now());
    loop {
        let message = match inbound.message().await {
            Ok(Some(message)) => message,
            Ok(None) => return Status::ok(""),
            Err(status) if status.code() == tonic::Code::Cancelled => return status,
            Err(status) => return malformed(center, session.addr, status),
        };
        let size = message.len();
        let message = match Message::parse(message) {
            Ok(message) => message,
            Err(error) => {
                return malformed(center, session.addr, Status::internal(error.to_string()));
            }
        };
        center.metrics.received.inc();
        if *message.agent_id != *sent_id {
            center.metrics.mismatched.inc();
            if !std::mem::replace(&mut warned, true) {
                let other = elk_wire::item::text(&message.agent_id);
                tracing::warn!(agent.id = %session.id, ?other, "a stream changed its agent id");
            }
        }
        if let Err(error) = ingest::take(center, session, &message) {
            let status = Status::resource_exhausted(error.to_string());
            return malformed(center, session.addr, status);
        }
        drop(message);
        if let Some(wait) = pace.spend(size, Instant::now()) {
            inbound.end.until(sleep(wait)).await;
        } else if size > LONG {
            yield_now().await;
        }
    }
}

fn malformed(center: &Center, addr: SocketAddr, status: Status) -> Status {
    if status.code() != tonic::Code::Cancelled {
        center.metrics.malformed.inc();
        tracing::debug!(%addr, error = status.message(), "a message could not be read");
    }
    status
}
