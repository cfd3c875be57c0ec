//! What the server says on a stream: commands, then a status.

use std::convert::Infallible;
use std::future::Future as _;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, header};
use http_body::{Body, Frame};
use prometheus::IntCounter;
use tokio::sync::{mpsc, oneshot};
use tonic::Status;

use crate::session::Order;
use elk_web::Call;

/// The body of every answer.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Nothing: the status is in the headers.
    Empty,
    /// A live stream of commands.
    Commands(Box<Commands>),
    /// One message.
    Message(Option<Bytes>, bool),
}

#[derive(Debug)]
pub(crate) struct Commands {
    pub(crate) orders: mpsc::Receiver<Order>,
    pub(crate) end: oneshot::Receiver<Status>,
    pub(crate) sent: IntCounter,
    pub(crate) ended: bool,
    /// Ends with the stream.
    pub(crate) _call: Call,
}

fn trailers(status: &Status) -> HeaderMap {
    let mut map = HeaderMap::new();
    if status.add_header(&mut map).is_err() {
        map.insert("grpc-status", HeaderValue::from_static("2"));
    }
    map
}

impl Commands {
    /// hyper asks only when the peer has room, so an order that is returned here is on its way.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Frame<Bytes>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if let Poll::Ready(status) = pin!(&mut self.end).poll(cx) {
            self.ended = true;
            self.orders.close();
            let status = status.unwrap_or_else(|_| Status::unknown("the stream was dropped"));
            return Poll::Ready(Some(Frame::trailers(trailers(&status))));
        }
        while let Poll::Ready(Some(order)) = self.orders.poll_recv(cx) {
            if order.taken.send(()).is_ok() {
                self.sent.inc();
                return Poll::Ready(Some(Frame::data(order.frame)));
            }
        }
        Poll::Pending
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Empty => Poll::Ready(None),
            Self::Commands(commands) => commands.poll(cx).map(|frame| frame.map(Ok)),
            Self::Message(content, ended) => Poll::Ready(match content.take() {
                Some(content) => Some(Ok(Frame::data(content))),
                None if !*ended => {
                    *ended = true;
                    Some(Ok(Frame::trailers(trailers(&Status::ok("")))))
                }
                None => None,
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Empty)
    }
}

/// Answers with a body.
pub(crate) fn answer(body: Answer) -> Response<Answer> {
    let mut response = Response::new(body);
    let media = HeaderValue::from_static("application/grpc");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    response
}

/// Answers with a status alone.
pub(crate) fn refuse(status: &Status) -> Response<Answer> {
    let mut response = answer(Answer::Empty);
    response.headers_mut().extend(trailers(status));
    response
}
