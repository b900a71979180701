//! From a name to bytes: opens the file, or says why not, and undoes gzip.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::foreign::refuse_name;
use crate::error::{Code, Error, Result, nearest, quoted};

/// How many names of a folder are looked at for one to suggest.
const MOST_NAMES: usize = 1000;

/// Something to read: a file, or bytes that stand for one.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    File(&'a Path),
    Bytes(&'a str, &'a [u8]),
}

impl<'a> Source<'a> {
    /// The name for messages, as the user wrote it.
    pub(super) fn name(&self) -> String {
        match self {
            Source::File(path) => path.display().to_string(),
            Source::Bytes(name, _) => (*name).to_owned(),
        }
    }

    /// Whether the name says gzip.
    pub(super) fn is_gzip(&self) -> bool {
        self.name().to_lowercase().ends_with(".gz")
    }

    /// The bytes as they lie on disk.
    pub(super) fn load(&self) -> Result<Vec<u8>> {
        match self {
            Source::Bytes(_, bytes) => Ok(bytes.to_vec()),
            Source::File(path) => fs::read(path).map_err(|error| unreadable(path, &error)),
        }
    }

    /// The file and its length, if it is one on disk that needs no unpacking.
    pub(super) fn file(&self) -> Result<Option<(fs::File, usize)>> {
        let Source::File(path) = self else { return Ok(None) };
        if self.is_gzip() {
            return Ok(None);
        }
        let unreadable = |error: io::Error| unreadable(path, &error);
        let file = fs::File::open(path).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        // What is no file, such as a pipe, has no length; and a folder cannot be read.
        Ok(about.is_file().then_some((file, about.len() as usize)))
    }

    /// Whether it is there a second time.
    pub(super) fn can_be_read_twice(&self) -> bool {
        match self {
            Source::Bytes(..) => true,
            Source::File(path) => fs::metadata(path).is_ok_and(|about| about.is_file()),
        }
    }

    /// The bytes of the text, to be read bit by bit.
    pub(super) fn open(self) -> Result<Box<dyn io::Read + Send + 'a>> {
        let bytes: Box<dyn io::Read + Send + 'a> = match self {
            Source::Bytes(_, bytes) => Box::new(bytes),
            Source::File(path) => {
                Box::new(fs::File::open(path).map_err(|error| unreadable(path, &error))?)
            }
        };
        if !self.is_gzip() {
            return Ok(bytes);
        }
        let mut bytes = io::BufReader::new(bytes);
        // An empty file is an empty text, as it is when read whole.
        match io::BufRead::fill_buf(&mut bytes) {
            Ok([]) => Ok(Box::new(io::empty())),
            Ok(_) => Ok(Box::new(MultiGzDecoder::new(bytes))),
            Err(error) => Err(self.broken(&error)),
        }
    }

    /// The error for reading that broke off.
    pub(super) fn broken(&self, error: &io::Error) -> Error {
        match self {
            _ if self.is_gzip() => Error::new(Code::Csv, "damaged gzip, or not gzip at all")
                .file(self.name())
                .cause(error),
            Source::File(path) => unreadable(path, error),
            Source::Bytes(..) => Error::new(Code::Csv, "cannot be read").file(self.name()),
        }
    }

    /// The bytes of the text: unpacked where the name says gzip.
    pub(super) fn unpack(&self, bytes: Vec<u8>) -> Result<Vec<u8>> {
        if !self.is_gzip() || bytes.is_empty() {
            return Ok(bytes);
        }
        let mut unpacked = Vec::new();
        // A gzip file may hold several members, one after the other.
        match MultiGzDecoder::new(&bytes[..]).read_to_end(&mut unpacked) {
            Ok(_) => Ok(unpacked),
            Err(error) => Err(self.broken(&error)),
        }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    if error.kind() != io::ErrorKind::PermissionDenied
        && let Some(no_path) = refuse_name(&path.display().to_string())
    {
        return no_path.cause(error);
    }
    let message = match error.kind() {
        io::ErrorKind::NotFound => match suggestion(path) {
            Some(near) => format!("no such file; did you mean {}?", quoted(&near)),
            None => "no such file".to_owned(),
        },
        // Asked first, because not every system has its own word for it.
        _ if path.is_dir() => "is a folder, expected a file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => format!("cannot be read: {error}"),
    };
    Error::new(Code::Csv, message).file(path.display().to_string()).cause(error)
}

/// The file of the same folder with the nearest name, written as the user wrote his.
fn suggestion(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let folder = match path.parent()? {
        parent if parent.as_os_str().is_empty() => Path::new("."),
        parent => parent,
    };
    let names: Vec<String> = fs::read_dir(folder)
        .ok()?
        .take(MOST_NAMES)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    let near = nearest(wanted, names.iter().map(String::as_str))?;
    Some(path.with_file_name(near).display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn gzip_members_follow_one_another_and_damage_is_an_error() {
        let two = [gzip(b"a,b\n"), gzip(b"1,2\n")].concat();
        let source = Source::Bytes("x.csv.GZ", &two);
        assert_eq!(source.unpack(source.load().unwrap()).unwrap(), b"a,b\n1,2\n");
        let mut flipped = gzip(b"a,b\n1,2\n");
        let tail = flipped.len() - 6;
        flipped[tail] ^= 1;
        for damaged in [&two[..two.len() - 9], b"a,b\n1,2\n", &flipped] {
            let error = source.unpack(damaged.to_vec()).unwrap_err();
            assert_eq!(error.to_string(), "x.csv.GZ: damaged gzip, or not gzip at all");
            assert_eq!(error.code(), Code::Csv);
        }
    }

    #[test]
    fn a_missing_file_is_named_with_its_nearest_neighbour() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("iris.csv"), "x").unwrap();
        let load = |name: &str| Source::File(&folder.path().join(name)).load().unwrap_err();
        let error = load("irsi.csv").to_string();
        assert!(error.contains("irsi.csv: no such file; did you mean \""), "{error}");
        assert!(error.ends_with("iris.csv\"?"), "{error}");
        assert_eq!(load("zebra.parquet").message(), "no such file");
        assert_eq!(load("no/such/folder.csv").message(), "no such file");
        assert_eq!(load("").message(), "is a folder, expected a file");
    }

    #[test]
    fn a_file_that_may_not_be_read_says_so() {
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        let error = unreadable(Path::new("data/iris.csv"), &denied);
        assert_eq!(error.to_string(), "data/iris.csv: permission denied");
        assert!(error.cause_text().is_some());
    }
}
