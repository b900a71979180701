//! A file in the making: written beside its place and put there whole or not at all, so that
//! neither an error, nor a crash, nor a full disk leaves half a file under its name.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A draft of a file; unless finished it leaves nothing behind.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    sibling: PathBuf,
    file: File,
}

impl Draft {
    /// A draft of the file under `path`, which is not touched before [`Draft::finish`].
    pub fn new(path: &Path) -> io::Result<Self> {
        let sibling = sibling(path);
        let file = File::create_new(&sibling)?;
        Ok(Draft { path: path.to_owned(), sibling, file })
    }

    /// Where to write.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Syncs the draft and puts it in its place.
    pub fn finish(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.sibling, &self.path)?;
        // The rename itself lasts once the folder is synced; not every file system can.
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After a rename there is nothing of that name any more.
        let _ = fs::remove_file(&self.sibling);
    }
}

/// A name beside `path` that no other draft, in this process or another, uses.
fn sibling(path: &Path) -> PathBuf {
    static DRAFTS: AtomicU64 = AtomicU64::new(0);
    let draft = DRAFTS.fetch_add(1, Ordering::Relaxed);
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}-{draft}.tmp", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_draft_is_put_in_place_whole_or_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        let names = || fs::read_dir(folder.path()).unwrap().count();
        fs::write(&path, "before").unwrap();
        let mut draft = Draft::new(&path).unwrap();
        draft.file().write_all(b"half").unwrap();
        assert_eq!(names(), 2);
        drop(draft);
        assert_eq!((names(), fs::read(&path).unwrap()), (1, b"before".to_vec()));
        let mut draft = Draft::new(&path).unwrap();
        draft.file().write_all(b"whole").unwrap();
        draft.finish().unwrap();
        assert_eq!((names(), fs::read(&path).unwrap()), (1, b"whole".to_vec()));
    }
}
