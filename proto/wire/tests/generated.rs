//! The committed code is what the definition generates.

use std::fs;
use std::path::Path;

#[test]
fn the_committed_code_is_what_the_definition_generates() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = tempfile::tempdir().unwrap();
    let descriptors = protox::compile(["grpc.proto"], [root.join("elkeid")]).unwrap();
    tonic_prost_build::configure()
        .build_client(false)
        .build_server(false)
        .build_transport(false)
        .bytes(".grpc")
        .btree_map(".grpc")
        .out_dir(out.path())
        .compile_fds(descriptors)
        .unwrap();
    let fresh = fs::read_to_string(out.path().join("grpc.rs")).unwrap();
    let committed = root.join("src/generated/grpc.rs");
    if std::env::var_os("ELK_WIRE_REGENERATE").is_some() {
        fs::write(&committed, &fresh).unwrap();
    }
    assert!(
        fs::read_to_string(&committed).unwrap() == fresh,
        "src/generated/grpc.rs is stale: run this test once with ELK_WIRE_REGENERATE=1"
    );
}
