//! The file of results that are not confirmed: lines of JSON, and beside it how far they are.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Confirmed bytes at the front of the file that are worth rewriting it for.
const WASTE: u64 = 16 << 20;

#[derive(Debug)]
pub(super) struct Journal {
    directory: PathBuf,
    file: File,
    len: u64,
    done: u64,
}

/// Lines to send.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) lines: Vec<Vec<u8>>,
    /// Where the journal is when these are confirmed.
    pub(super) upto: u64,
}

impl Journal {
    /// Opens the journal in `directory`; a torn last line is cut off.
    pub(super) fn open(directory: &Path) -> io::Result<Self> {
        let path = directory.join("results.log");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)?;
        let mut len = file.metadata()?.len();
        let whole = last_line_end(&mut file, len)?;
        if whole < len {
            tracing::warn!(cut = len - whole, "cut off a torn task result");
            file.set_len(whole)?;
            len = whole;
        }
        let done = match fs::read_to_string(directory.join("results.done")) {
            Ok(text) => text.trim().parse().unwrap_or(0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        // A position that does not fit is one of an older file: sending twice does no harm.
        let done = if done <= len { done } else { 0 };
        let mut journal = Self { directory: directory.to_owned(), file, len, done };
        if !journal.at_line_start(done)? {
            journal.done = 0;
        }
        Ok(journal)
    }

    fn at_line_start(&mut self, at: u64) -> io::Result<bool> {
        if at == 0 {
            return Ok(true);
        }
        let mut byte = [0];
        self.file.seek(SeekFrom::Start(at - 1))?;
        self.file.read_exact(&mut byte)?;
        Ok(byte == *b"\n")
    }

    /// Returns how many bytes wait.
    pub(super) fn waiting(&self) -> u64 {
        self.len - self.done
    }

    /// Appends whole lines and makes them durable.
    pub(super) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.len))?;
        let written = self.file.write_all(lines).and_then(|()| self.file.sync_data());
        if written.is_err() {
            // Half a line must not stay in front of the next one.
            drop(self.file.set_len(self.len));
            return written;
        }
        self.len += lines.len() as u64;
        Ok(())
    }

    /// Returns at most `count` lines and `bytes` bytes from the front, but at least one line.
    pub(super) fn front(&mut self, count: usize, bytes: usize) -> io::Result<Lines> {
        let mut found = Lines { lines: Vec::new(), upto: self.done };
        self.file.seek(SeekFrom::Start(self.done))?;
        let mut reader = BufReader::with_capacity(64 << 10, &self.file);
        let mut size = 0;
        while found.lines.len() < count {
            let mut line = Vec::new();
            let len = reader.read_until(b'\n', &mut line)?;
            if line.pop() != Some(b'\n') {
                break;
            }
            size += len;
            if size > bytes && !found.lines.is_empty() {
                break;
            }
            found.lines.push(line);
            found.upto += len as u64;
        }
        Ok(found)
    }

    /// Marks everything up to `upto` as confirmed.
    pub(super) fn confirm(&mut self, upto: u64) -> io::Result<()> {
        self.done = upto.min(self.len);
        if self.done == self.len {
            self.mark_begin()?;
            self.file.set_len(0)?;
            (self.len, self.done) = (0, 0);
            return Ok(());
        }
        if self.done > WASTE && self.done > self.len / 2 {
            return self.rewrite();
        }
        self.mark(self.done)
    }

    /// Moves what waits into a new file; a crash in between sends some of it again.
    fn rewrite(&mut self) -> io::Result<()> {
        let draft = self.directory.join("results.new");
        let mut fresh = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)?;
        self.file.seek(SeekFrom::Start(self.done))?;
        let len = io::copy(&mut self.file, &mut fresh)?;
        fresh.sync_all()?;
        self.mark_begin()?;
        fs::rename(&draft, self.directory.join("results.log"))?;
        File::open(&self.directory)?.sync_all()?;
        (self.file, self.len, self.done) = (fresh, len, 0);
        Ok(())
    }

    /// Marks nothing as confirmed, durably: an older mark would hide lines that come in the place
    /// of those that it stood for.
    fn mark_begin(&self) -> io::Result<()> {
        match fs::remove_file(self.directory.join("results.done")) {
            Ok(()) => File::open(&self.directory)?.sync_all(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn mark(&self, at: u64) -> io::Result<()> {
        let draft = self.directory.join("results.done.new");
        fs::write(&draft, at.to_string())?;
        fs::rename(&draft, self.directory.join("results.done"))
    }
}

fn last_line_end(file: &mut File, len: u64) -> io::Result<u64> {
    let mut end = len;
    let mut chunk = vec![0; 64 * 1024];
    while end > 0 {
        let start = end.saturating_sub(chunk.len() as u64);
        let size = usize::try_from(end - start).unwrap_or(chunk.len());
        let part = chunk.get_mut(..size).unwrap_or_default();
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(part)?;
        if let Some(at) = part.iter().rposition(|it| *it == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_in_order_after_a_restart_until_they_are_confirmed() {
        let directory = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(directory.path()).unwrap();
        journal.append(b"{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n").unwrap();
        let front = journal.front(2, 1 << 20).unwrap();
        assert_eq!(front.lines, [b"{\"a\":1}", b"{\"a\":2}"]);
        journal.confirm(front.upto).unwrap();
        let mut journal = Journal::open(directory.path()).unwrap();
        let front = journal.front(100, 1 << 20).unwrap();
        assert_eq!(front.lines, [b"{\"a\":3}"]);
        journal.confirm(front.upto).unwrap();
        assert_eq!(Journal::open(directory.path()).unwrap().waiting(), 0);
    }

    #[test]
    fn a_torn_tail_is_cut_off_on_start() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("results.log");
        for torn in ["{\"a\":1}\n{\"a\"", "{\"a"] {
            fs::write(&path, torn).unwrap();
            let mut journal = Journal::open(directory.path()).unwrap();
            journal.append(b"{\"a\":9}\n").unwrap();
            let front = journal.front(100, 1 << 20).unwrap();
            assert_eq!(front.lines.last().unwrap(), b"{\"a\":9}", "after {torn:?}");
        }
    }

    #[test]
    fn no_mark_outlives_the_lines_that_it_stands_for() {
        let directory = tempfile::tempdir().unwrap();
        let mark = directory.path().join("results.done");
        let mut journal = Journal::open(directory.path()).unwrap();
        journal.append(b"{\"a\":1}\n{\"a\":2}\n").unwrap();
        let front = journal.front(1, 1 << 20).unwrap();
        journal.confirm(front.upto).unwrap();
        assert!(mark.exists());
        let front = journal.front(1, 1 << 20).unwrap();
        journal.confirm(front.upto).unwrap();
        assert!(!mark.exists(), "the file begins anew");
        journal.append(b"{\"a\":3}\n{\"a\":4}\n").unwrap();
        let mut journal = Journal::open(directory.path()).unwrap();
        assert_eq!(journal.front(9, 1 << 20).unwrap().lines.len(), 2);
    }

    #[test]
    fn what_waits_is_moved_to_a_new_file_once_enough_is_confirmed() {
        let directory = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(directory.path()).unwrap();
        let line = [vec![b'x'; 1 << 20], vec![b'\n']].concat();
        for _ in 0..20 {
            journal.append(&line).unwrap();
        }
        let front = journal.front(18, usize::MAX).unwrap();
        assert_eq!(front.lines.len(), 18);
        journal.confirm(front.upto).unwrap();
        let size = || fs::metadata(directory.path().join("results.log")).unwrap().len();
        assert_eq!(size(), 2 * line.len() as u64);
        journal.append(b"last\n").unwrap();
        let mut journal = Journal::open(directory.path()).unwrap();
        let front = journal.front(9, usize::MAX).unwrap();
        assert_eq!((front.lines.len(), front.lines.last().unwrap().as_slice()), (3, &b"last"[..]));
    }
}
