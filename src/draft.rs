//! A file in the making: written beside its place and put there whole or not at all, so that
//! neither an error, nor a crash, nor a full disk leaves half a file under its name.

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
        let (file, sibling) = create_sibling(path)?;
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
        let _ = File::open(folder(&self.path)).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After a rename there is nothing of that name any more.
        let _ = fs::remove_file(&self.sibling);
    }
}

/// Removes what drafts of `path` left whose process was killed.
pub fn sweep(path: &Path) {
    let Ok(entries) = fs::read_dir(folder(path)) else { return };
    let (prefix, _) = sibling_name(path, "");
    for entry in entries.flatten() {
        let name = entry.file_name();
        let middle = name.to_str().and_then(|name| name.strip_prefix(prefix.as_str()));
        let middle = middle.and_then(|name| name.strip_suffix(TEMPORARY));
        if middle.is_some_and(|middle| middle.bytes().all(|c| c.is_ascii_digit() || c == b'-')) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The folder a file lies in.
pub fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

const TEMPORARY: &str = ".tmp";

/// A new file beside `path`, which no other draft in this process or another uses. The process's
/// number may have been that of a killed one, so a name may be taken.
fn create_sibling(path: &Path) -> io::Result<(File, PathBuf)> {
    static DRAFTS: AtomicU64 = AtomicU64::new(0);
    loop {
        let draft = DRAFTS.fetch_add(1, Ordering::Relaxed);
        let (_, name) = sibling_name(path, &format!("{}-{draft}", std::process::id()));
        let sibling = path.with_file_name(name);
        match File::create_new(&sibling) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|file| (file, sibling)),
        }
    }
}

/// What the names of all temporary siblings begin with, and the name of one writer's.
fn sibling_name(path: &Path, writer: &str) -> (String, String) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{name}.");
    let whole = format!("{prefix}{writer}{TEMPORARY}");
    (prefix, whole)
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

    #[test]
    fn what_killed_writers_left_is_swept_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.ck");
        // The next name of this process is taken, as by a killed writer of the same number.
        let (_, taken) = create_sibling(&path).unwrap();
        let number: u64 =
            taken.to_str().unwrap().rsplit(['-', '.']).nth(1).unwrap().parse().unwrap();
        for ahead in 0..50 {
            let name = format!(".run.ck.{}-{}.tmp", std::process::id(), number + ahead);
            fs::write(folder.path().join(name), "half").unwrap();
        }
        let mut draft = Draft::new(&path).unwrap();
        draft.file().write_all(b"whole").unwrap();
        draft.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        let kept =
            ["run.ck", ".run.ck.old.tmp", ".other.ck.1-2.tmp", ".run.ck.1-2", "run.ck.1-2.tmp"];
        for name in &kept[1..] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::write(folder.path().join(".run.ck.99-0.tmp"), "half").unwrap();
        sweep(&path);
        let mut left: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        let mut kept = kept.to_vec();
        kept.sort_unstable();
        assert_eq!(left, kept);
    }
}
