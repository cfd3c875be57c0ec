//! Batches of records, as agents send them.

use bytes::Bytes;
use elk_wire::record::Message;

use crate::sample::Batch;
use crate::script::Script;

pub(super) fn run(input: &[u8]) {
    let bytes = Bytes::copy_from_slice(input);
    if let Ok(message) = Message::parse(bytes.clone()) {
        let batch = Batch::of(&message);
        assert_eq!(read(&batch.encode()), batch, "what was read is not what is written");
        shared(&message, &bytes);
    }
    let mut script = Script::new(input);
    let batch = Batch::read(&mut script);
    assert_eq!(read(&batch.encode()), batch);
    assert_eq!(read(&batch.encode_with(&mut script)), batch, "fields that must not matter did");
    cut_off(&batch.encode(), script.short());
}

fn read(bytes: &[u8]) -> Batch {
    Batch::of(&Message::parse(Bytes::copy_from_slice(bytes)).expect("a sound message"))
}

/// Bodies are pieces of the buffer that came, and can be kept as such.
fn shared(message: &Message, buffer: &Bytes) {
    let inside = buffer.as_ptr_range();
    for record in message.records().filter(|it| !it.body.is_empty()) {
        let body = record.body.as_ptr_range();
        assert!(inside.start <= body.start && body.end <= inside.end, "a body from elsewhere");
        assert_eq!(&*message.share(record.body), record.body);
    }
}

/// A message that is cut off inside its last field is not taken for a whole one.
fn cut_off(bytes: &[u8], at: usize) {
    let at = at % bytes.len().max(1);
    let Some(front) = bytes.get(..at) else { return };
    if let Ok(message) = Message::parse(Bytes::copy_from_slice(front)) {
        let again = Batch::of(&message).encode();
        let whole = again.len() <= front.len() + 8;
        assert!(whole, "more was read than came");
    }
}
