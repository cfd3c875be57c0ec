//! gRPC messages in and out of a stream of bytes.

use std::io::{self, Read};

use bytes::{Buf as _, Bytes, BytesMut};
use tonic::Code;

use crate::snappy::{self, SnappyError};

/// Most bytes of one message, as sent and as inflated.
pub const MAX_MESSAGE: usize = 10 << 20;
/// Most bytes an agent takes in one command.
pub const MAX_COMMAND: usize = 4 << 20;

/// How messages that are flagged as compressed are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Not at all.
    #[default]
    Identity,
    /// Snappy framing format.
    Snappy,
    /// Zstandard frames.
    Zstd,
    /// Gzip members.
    Gzip,
}

/// Why a frame was refused.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The `grpc-encoding` is none of ours.
    #[error("grpc: Decompressor is not installed for grpc-encoding {0:?}")]
    UnknownEncoding(String),
    /// The compression flag is neither 0 nor 1.
    #[error("grpc frame has compression flag {0}")]
    BadFlag(u8),
    /// A message is flagged as compressed but no encoding was announced.
    #[error("grpc frame is compressed without a grpc-encoding")]
    Unannounced,
    /// The message is too large, as sent or as inflated.
    #[error("grpc message exceeds {limit} bytes")]
    TooLarge {
        /// The bound.
        limit: usize,
    },
    /// The message could not be inflated.
    #[error("grpc message cannot be inflated: {0}")]
    Corrupt(String),
    /// The stream ended inside a frame.
    #[error("grpc stream ended inside a message: {have} bytes are left over")]
    Truncated {
        /// Bytes left over.
        have: usize,
    },
}

impl FrameError {
    /// Returns the gRPC status that tells the peer.
    pub fn code(&self) -> Code {
        match self {
            Self::UnknownEncoding(_) => Code::Unimplemented,
            Self::TooLarge { .. } => Code::ResourceExhausted,
            Self::BadFlag(_) | Self::Unannounced | Self::Corrupt(_) | Self::Truncated { .. } => {
                Code::Internal
            }
        }
    }
}

impl Encoding {
    /// Reads a `grpc-encoding` header.
    ///
    /// # Errors
    ///
    /// [`FrameError::UnknownEncoding`] if it is none of ours.
    pub fn from_header(header: Option<&[u8]>) -> Result<Self, FrameError> {
        match header {
            None | Some(b"" | b"identity") => Ok(Self::Identity),
            Some(b"snappy") => Ok(Self::Snappy),
            Some(b"zstd") => Ok(Self::Zstd),
            Some(b"gzip") => Ok(Self::Gzip),
            Some(other) => {
                let shown = other.get(..64).unwrap_or(other);
                Err(FrameError::UnknownEncoding(String::from_utf8_lossy(shown).into_owned()))
            }
        }
    }

    fn inflate(self, payload: &[u8], limit: usize) -> Result<Bytes, FrameError> {
        match self {
            Self::Identity => Err(FrameError::Unannounced),
            Self::Snappy => snappy::inflate(payload, limit).map_err(|error| match error {
                SnappyError::TooLarge { limit } => FrameError::TooLarge { limit },
                corrupt @ SnappyError::Corrupt(_) => FrameError::Corrupt(corrupt.to_string()),
            }),
            Self::Zstd => {
                let mut reader = zstd::Decoder::with_buffer(payload).map_err(corrupt)?;
                reader.window_log_max(24).map_err(corrupt)?;
                read_bounded(reader, limit)
            }
            Self::Gzip => read_bounded(flate2::bufread::MultiGzDecoder::new(payload), limit),
        }
    }
}

fn corrupt(error: io::Error) -> FrameError {
    FrameError::Corrupt(error.to_string())
}

fn read_bounded(reader: impl Read, limit: usize) -> Result<Bytes, FrameError> {
    let mut out = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut out).map_err(corrupt)?;
    if out.len() > limit {
        return Err(FrameError::TooLarge { limit });
    }
    Ok(out.into())
}

/// Cuts a stream of byte chunks into messages; holds no memory while no message is under way.
#[derive(Debug)]
pub struct Deframer {
    encoding: Encoding,
    limit: usize,
    chunk: Bytes,
    partial: BytesMut,
}

impl Deframer {
    /// Creates a de-framer for messages of at most [`MAX_MESSAGE`] bytes.
    pub fn new(encoding: Encoding) -> Self {
        Self::with_limit(encoding, MAX_MESSAGE)
    }

    /// Creates a de-framer for messages of at most `limit` bytes, sent and inflated.
    pub fn with_limit(encoding: Encoding, limit: usize) -> Self {
        Self { encoding, limit, chunk: Bytes::new(), partial: BytesMut::new() }
    }

    /// Adds received bytes; call [`Deframer::next`] until it returns `None` before adding more.
    pub fn push(&mut self, chunk: Bytes) {
        if self.partial.is_empty() && self.chunk.is_empty() {
            self.chunk = chunk;
        } else {
            if !self.chunk.is_empty() {
                self.partial.extend_from_slice(&self.chunk);
                self.chunk = Bytes::new();
            }
            self.partial.extend_from_slice(&chunk);
        }
    }

    /// Returns the next complete message, inflated.
    ///
    /// # Errors
    ///
    /// The stream cannot be continued after an error.
    #[expect(clippy::should_implement_trait, reason = "None is not the end of the stream")]
    pub fn next(&mut self) -> Result<Option<Bytes>, FrameError> {
        let buffered: &[u8] = if self.chunk.is_empty() { &self.partial } else { &self.chunk };
        let Some((head, rest)) = buffered.split_first_chunk::<5>() else { return Ok(None) };
        let [flag, a, b, c, d] = *head;
        if flag > 1 {
            return Err(FrameError::BadFlag(flag));
        }
        let len = u32::from_be_bytes([a, b, c, d]) as usize;
        if len > self.limit {
            return Err(FrameError::TooLarge { limit: self.limit });
        }
        if rest.len() < len {
            return Ok(None);
        }
        let payload = self.take(len);
        if flag == 0 {
            return Ok(Some(payload));
        }
        self.encoding.inflate(&payload, self.limit).map(Some)
    }

    /// Returns how many bytes of messages that are not complete are kept.
    pub fn held(&self) -> usize {
        self.chunk.len() + self.partial.len()
    }

    /// Checks that the stream did not end inside a message.
    ///
    /// # Errors
    ///
    /// [`FrameError::Truncated`] if it did.
    pub fn finish(&self) -> Result<(), FrameError> {
        match self.held() {
            0 => Ok(()),
            have => Err(FrameError::Truncated { have }),
        }
    }

    fn take(&mut self, len: usize) -> Bytes {
        if self.chunk.is_empty() {
            self.partial.advance(5);
            let payload = self.partial.split_to(len).freeze();
            // What is left moves to the chunk, so that an idle stream keeps no buffer.
            self.chunk = std::mem::take(&mut self.partial).freeze();
            payload
        } else {
            self.chunk.advance(5);
            let payload = self.chunk.split_to(len);
            if self.chunk.is_empty() {
                self.chunk = Bytes::new();
            }
            payload
        }
    }
}

/// A command that agents would refuse.
#[derive(Debug, thiserror::Error)]
#[error("command of {size} bytes exceeds the {MAX_COMMAND} bytes that an agent takes")]
pub struct CommandTooLarge {
    /// Its size.
    pub size: usize,
}

/// Frames a command for an agent, not compressed.
///
/// # Errors
///
/// [`CommandTooLarge`] if agents would refuse it.
pub fn command(command: &crate::Command) -> Result<Bytes, CommandTooLarge> {
    let size = prost::Message::encoded_len(command);
    if size >= MAX_COMMAND {
        return Err(CommandTooLarge { size });
    }
    Ok(identity(command))
}

/// Frames a message, not compressed.
///
/// # Panics
///
/// If the message has 4 GiB or more.
pub fn identity(message: &impl prost::Message) -> Bytes {
    finish(0, message.encode_to_vec().as_slice())
}

/// Frames a message as snappy; an empty one is sent as it is.
///
/// # Panics
///
/// If the message has 4 GiB or more.
pub fn snappy(message: &impl prost::Message) -> Bytes {
    let content = message.encode_to_vec();
    if content.is_empty() {
        return finish(0, &[]);
    }
    let mut packed = Vec::with_capacity(content.len() / 2 + 32);
    snappy::deflate(&content, &mut packed);
    finish(1, &packed)
}

fn finish(flag: u8, payload: &[u8]) -> Bytes {
    let len = u32::try_from(payload.len()).expect("messages are far smaller than 4 GiB");
    let mut out = Vec::with_capacity(payload.len() + 5);
    out.push(flag);
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(payload);
    out.into()
}
