//! Tasks, uploads and what heartbeats say.

use crate::center::{World, until};

#[tokio::test]
async fn a_task_of_a_plugin_is_answered_with_its_records_and_a_result() {
    let world = World::new().await;
    world.order("collector", 5_050, "{}").await;
    let result = world.record(5_100, |_| true).await;
    assert_eq!((&*result["token"], &*result["status"]), ("token", "succeed"));
    assert!(world.records(5_050).len() >= 3);
    world.order("nobody", 1, "{}").await;
    let log = world.record(1_010, |_| true).await;
    assert!(log["msg"].contains("nobody"), "{log:?}");
    assert_eq!(world.records(5_100).len(), 1);
    world.end();
}

#[tokio::test]
async fn a_restart_opens_a_new_stream_and_tells_a_new_start() {
    let world = World::new().await;
    let before = world.record(1_000, |_| true).await["start_time"].clone();
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    world.order("elkeid-agent", 1_060, "").await;
    until("a second stream", || world.streams().len() == 2).await;
    world.record(1_000, |it| it["start_time"] > before).await;
    world.end();
}

#[tokio::test]
async fn metadata_shows_in_the_next_heartbeat() {
    let world = World::new().await;
    world.order("elkeid-agent", 1_051, "{\"idc\":\"fra1\"}").await;
    let beat = world.record(1_000, |it| it["idc"] == "fra1").await;
    assert_eq!(beat["region"], "default");
    world.end();
}

#[tokio::test]
async fn a_file_is_uploaded_in_chunks_one_file_at_a_time() {
    let world = World::new().await;
    let data = "{\"path\":\"/etc/passwd\",\"buf_size\":20000}";
    world.order("elkeid-agent", 1_050, data).await;
    world.order("elkeid-agent", 1_050, data).await;
    let refused = world.record(5_100, |_| true).await;
    assert_eq!(refused["msg"], "last upload task hasn't completed");
    assert_eq!(refused["status"], "failed");
    until("the file", || !world.uploads().is_empty()).await;
    let chunks = world.uploads()[0].clone();
    assert!(chunks.len() > 1 && chunks.iter().all(|it| it.token == "token"));
    let whole: Vec<u8> = chunks.iter().flat_map(|it| it.data.to_vec()).collect();
    assert!(whole.starts_with(b"/etc/passwd line 0\n"));
    world.forget();
    world.order("elkeid-agent", 1_050, "{\"path\":\"/x.absent\",\"buf_size\":1}").await;
    let refused = world.record(5_100, |_| true).await;
    assert!(refused["msg"].contains("no such file"), "{refused:?}");
    world.end();
}

#[tokio::test]
async fn every_message_is_snappy_and_the_same_seed_is_the_same_host() {
    let (one, two) = (World::new().await, World::new().await);
    let (a, b) = (one.record(1_000, |_| true).await, two.record(1_000, |_| true).await);
    for key in ["host_id", "platform", "kernel_version", "cpu", "rss", "load_1"] {
        assert_eq!(a[key], b[key], "{key}");
    }
    assert_eq!(one.encodings(), ["snappy"]);
    one.end();
    two.end();
}

#[tokio::test]
async fn heartbeats_carry_every_key_that_agents_send() {
    let world = World::new().await;
    let agent = world.record(1_000, |_| true).await;
    let keys = "kernel_version arch platform platform_family platform_version state state_detail \
        idc region net_mode rx_speed tx_speed cpu rss read_speed write_speed pid nfd start_time \
        tx_tps rx_tps du ngr nproc total_mem load_1 load_5 load_15 running_procs total_procs \
        host_serial host_id host_model host_vendor dns gateway cpu_name boot_time cpu_usage \
        mem_usage";
    for key in keys.split_whitespace() {
        assert!(agent.contains_key(key), "{key}");
    }
    let plugin = world.record(1_001, |_| true).await;
    let keys = "name pversion cpu rss read_speed write_speed pid nfd start_time du rx_tps tx_tps \
        rx_speed tx_speed";
    for key in keys.split_whitespace() {
        assert!(plugin.contains_key(key), "{key}");
    }
    until("events of plugins", || {
        [59, 42, 601, 602, 4_000].iter().any(|kind| !world.records(*kind).is_empty())
    })
    .await;
    world.end();
}
