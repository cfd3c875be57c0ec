//! Records as they lie on the bus.

use bytes::Bytes;
use elk_wire::mqdata::{Tail, View};
use elk_wire::record::Message;

use crate::encode::{data, number};
use crate::sample::Batch;
use crate::script::Script;

pub(super) fn run(input: &[u8]) {
    if let Ok(view) = View::parse(input) {
        assert_eq!(View::parse(&write(&view)), Ok(view), "what was read is not what is written");
    }
    let mut script = Script::new(input);
    let batch = Batch::read(&mut script);
    let (svr_time, tag) = (script.number(), script.bytes());
    let encoded = Bytes::from(batch.encode());
    let message = Message::parse(encoded).expect("a sound message");
    let tail = Tail::new(&message, svr_time, tag);
    for (record, known) in message.records().zip(&batch.records) {
        let mut written = Vec::new();
        tail.write(record, &mut written);
        assert_eq!(written, batch.on_bus(known, svr_time, tag), "not the bytes of the reference");
        let view = View::parse(&written).expect("a sound record");
        let joined = batch.addresses.each_ref().map(|list| list.join(&b","[..]));
        let [intranet_ipv4, extranet_ipv4, intranet_ipv6, extranet_ipv6] = &joined;
        let (data_type, agent_time, body) = known;
        let expected = View {
            data_type: *data_type,
            agent_time: *agent_time,
            body,
            agent_id: &batch.agent_id,
            intranet_ipv4,
            extranet_ipv4,
            intranet_ipv6,
            extranet_ipv6,
            hostname: &batch.hostname,
            version: &batch.version,
            product: &batch.product,
            svr_time,
            tag,
        };
        assert_eq!(view, expected, "the view differs from what was written");
    }
}

fn write(view: &View<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    number(&mut out, 1, i64::from(view.data_type));
    number(&mut out, 2, view.agent_time);
    let texts = [
        view.body,
        view.agent_id,
        view.intranet_ipv4,
        view.extranet_ipv4,
        view.intranet_ipv6,
        view.extranet_ipv6,
        view.hostname,
        view.version,
        view.product,
    ];
    for (text, field) in texts.into_iter().zip(3..) {
        data(&mut out, field, text);
    }
    number(&mut out, 12, view.svr_time);
    data(&mut out, 15, view.tag);
    out
}
