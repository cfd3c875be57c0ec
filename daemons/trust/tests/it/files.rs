//! Private files.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::{AtomicBool, Ordering};

use elk_trust::files::{create_private_dir, write_private};

#[test]
fn a_reader_never_sees_half_of_a_private_file_nor_one_that_others_may_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key");
    let size = 1 << 20;
    write_private(&path, &vec![b'a'; size]).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..30 {
                write_private(&path, &vec![b'a' + round % 2; size]).unwrap();
            }
            done.store(true, Ordering::Relaxed);
        });
        while !done.load(Ordering::Relaxed) {
            let seen = fs::read(&path).unwrap();
            assert_eq!(seen.len(), size);
            assert!(seen.iter().all(|byte| *byte == seen[0]), "two writes in one file");
            for entry in fs::read_dir(directory.path()).unwrap() {
                // A draft may be gone by now.
                let Ok(found) = entry.unwrap().metadata() else { continue };
                assert_eq!(found.permissions().mode() & 0o777, 0o600);
            }
        }
    });
}

#[test]
fn a_write_that_fails_leaves_what_was_there_and_no_draft() {
    let directory = tempfile::tempdir().unwrap();
    let occupied = directory.path().join("key");
    fs::create_dir_all(occupied.join("inner")).unwrap();
    let error = write_private(&occupied, b"new").unwrap_err();
    assert_eq!(error.to_string(), format!("cannot write {}", occupied.display()));
    assert!(occupied.join("inner").is_dir());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_private_directory_is_its_owners_alone_and_an_existing_one_stays() {
    let directory = tempfile::tempdir().unwrap();
    let inner = directory.path().join("a/b");
    create_private_dir(&inner).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&inner), mode(inner.parent().unwrap())), (0o700, 0o700));
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o755)).unwrap();
    create_private_dir(&inner).unwrap();
    assert_eq!(mode(&inner), 0o755);
}
