//! Files that the backend asks for: pretend files, sent as real agents send theirs.

use std::io;

use elk_wire::FileUploadRequest;
use serde::Deserialize;

/// A file has at most this many of its chunks.
const MAX_CHUNKS: usize = 600;
const MAX_CHUNK: usize = 500 << 10;

/// What an order to upload says.
#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Wanted {
    path: String,
    buf_size: usize,
}

/// Cuts the pretend file that an order names into messages; one that fits its chunks exactly ends
/// with an empty one.
///
/// # Errors
///
/// Says what a real agent would answer.
pub(crate) fn messages(token: &str, data: &str) -> Result<Vec<FileUploadRequest>, String> {
    let wanted: Wanted = serde_json::from_str(data).map_err(|error| error.to_string())?;
    let content =
        content(&wanted.path).map_err(|error| format!("open {}: {error}", wanted.path))?;
    if content.len() > wanted.buf_size.saturating_mul(MAX_CHUNKS) {
        return Err("the size of file exceeds limit".to_owned());
    }
    let chunk = wanted.buf_size.clamp(1, MAX_CHUNK);
    let message = |part: &[u8]| FileUploadRequest {
        token: token.to_owned(),
        data: bytes::Bytes::copy_from_slice(part),
    };
    let mut messages: Vec<_> = content.chunks(chunk).map(message).collect();
    if content.len().is_multiple_of(chunk) {
        messages.push(message(b""));
    }
    Ok(messages)
}

/// Every absolute path that does not end in `.absent` is a file of 2,000 lines.
fn content(path: &str) -> io::Result<Vec<u8>> {
    if !path.starts_with('/') || path.ends_with(".absent") {
        return Err(io::Error::other("no such file or directory"));
    }
    let lines = (0..2_000).map(|line| format!("{path} line {line}\n"));
    Ok(lines.collect::<String>().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(data: &str) -> Vec<usize> {
        messages("t", data).unwrap().iter().map(|it| it.data.len()).collect()
    }

    #[test]
    fn a_file_is_cut_into_chunks_that_carry_the_token() {
        let whole = content("/etc/x").unwrap();
        let all = messages("t", "{\"path\":\"/etc/x\",\"buf_size\":1000}").unwrap();
        assert!(all.iter().all(|it| it.token == "t"));
        assert_eq!(all.iter().flat_map(|it| it.data.to_vec()).collect::<Vec<_>>(), whole);
        assert!(
            sizes("{\"path\":\"/etc/x\",\"buf_size\":1000}")
                .iter()
                .rev()
                .skip(1)
                .all(|it| *it == 1_000)
        );
    }

    #[test]
    fn a_file_that_fits_exactly_ends_with_an_empty_chunk() {
        let size = content("/etc/x").unwrap().len();
        let data = format!("{{\"path\":\"/etc/x\",\"buf_size\":{size}}}");
        assert_eq!(sizes(&data), [size, 0]);
    }

    #[test]
    fn what_cannot_be_sent_is_said() {
        for data in
            ["{\"path\":\"x\",\"buf_size\":9000}", "{\"path\":\"/x.absent\",\"buf_size\":9}", "no"]
        {
            assert!(messages("t", data).is_err(), "{data}");
        }
        let large = messages("t", "{\"path\":\"/x\",\"buf_size\":0}").unwrap_err();
        assert_eq!(large, "the size of file exceeds limit");
    }
}
