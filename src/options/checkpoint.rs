//! The options `checkpoint` and `resume`: what is kept of a training under way, and where one
//! goes on.

use super::fields::{Fields, wrong};
use crate::error::{Code, Error, Result};
use serde_json::Value;
use std::path::PathBuf;

/// Where checkpoints are written and read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CheckpointOptions {
    /// Where to write them, if at all.
    pub keep: Option<SaveTo>,
    /// Where to go on from, if anywhere.
    pub resume: Option<Resume>,
}

/// `checkpoint`.
#[derive(Debug, Clone, PartialEq)]
pub struct SaveTo {
    /// The file, written anew each time.
    pub path: PathBuf,
    /// Epochs from one to the next.
    pub every: usize,
}

/// `resume`.
#[derive(Debug, Clone, PartialEq)]
pub struct Resume {
    /// The file.
    pub path: PathBuf,
    /// Whether it must be there; else a training without one begins anew.
    pub required: bool,
}

impl CheckpointOptions {
    /// Reads `checkpoint` and `resume`.
    pub fn read(options: &mut Fields) -> Result<Self> {
        let keep = match options.object("checkpoint")? {
            None => None,
            Some(mut fields) => {
                let path = fields.read("path", "the path of a file", path)?;
                let every = fields.whole("every", 1, 1_000_000_000)?.unwrap_or(1) as usize;
                fields.finish()?;
                let path = path.ok_or_else(|| {
                    let message = "checkpoint.path: expected the path of a file, found none";
                    Error::new(Code::Options, message).option("checkpoint.path")
                })?;
                Some(SaveTo { path, every })
            }
        };
        let resume = match options.take("resume") {
            None | Some(Value::Bool(false)) => None,
            Some(Value::Bool(true)) => {
                let path = keep.as_ref().map(|keep| keep.path.clone()).ok_or_else(|| {
                    let message = "resume: true goes on from checkpoint.path, which is not given";
                    Error::new(Code::Options, message).option("resume")
                })?;
                Some(Resume { path, required: false })
            }
            Some(value) => {
                let path = path(&value)
                    .ok_or_else(|| wrong("resume", "the path of a file, or a boolean", &value))?;
                Some(Resume { path, required: true })
            }
        };
        Ok(CheckpointOptions { keep, resume })
    }
}

fn path(value: &Value) -> Option<PathBuf> {
    value.as_str().filter(|path| !path.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<CheckpointOptions> {
        let mut fields = Fields::new("", value)?;
        let options = CheckpointOptions::read(&mut fields)?;
        fields.finish().map(|()| options)
    }

    #[test]
    fn a_path_is_enough_and_true_means_the_same_path_if_it_is_there() {
        assert_eq!(read(json!({})).unwrap(), CheckpointOptions::default());
        assert_eq!(read(json!({ "resume": false })).unwrap(), CheckpointOptions::default());
        let both = read(json!({ "checkpoint": { "path": "a" }, "resume": true })).unwrap();
        assert_eq!(both.keep, Some(SaveTo { path: "a".into(), every: 1 }));
        assert_eq!(both.resume, Some(Resume { path: "a".into(), required: false }));
        let other = json!({ "checkpoint": { "path": "a", "every": 5 }, "resume": "b" });
        let other = read(other).unwrap();
        assert_eq!(other.keep.unwrap().every, 5);
        assert_eq!(other.resume, Some(Resume { path: "b".into(), required: true }));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (wrong, option, message) in [
            (json!({ "checkpoint": "a" }), "checkpoint", "expected an object, found \"a\""),
            (json!({ "checkpoint": {} }), "checkpoint.path", "found none"),
            (json!({ "checkpoint": { "path": 3 } }), "checkpoint.path", "found 3"),
            (json!({ "checkpoint": { "path": "" } }), "checkpoint.path", "found \"\""),
            (
                json!({ "checkpoint": { "path": "a", "every": 0 } }),
                "checkpoint.every",
                "expected a whole number from 1 to 1000000000, found 0",
            ),
            (
                json!({ "checkpoint": { "path": "a", "evry": 2 } }),
                "checkpoint.evry",
                "did you mean \"every\"?",
            ),
            (json!({ "resume": true }), "resume", "checkpoint.path, which is not given"),
            (json!({ "resume": 3 }), "resume", "expected the path of a file, or a boolean"),
            (json!({ "resume": "" }), "resume", "expected the path of a file, or a boolean"),
        ] {
            let error = read(wrong).unwrap_err();
            assert_eq!(error.code(), Code::Options, "{error}");
            assert_eq!(error.place().option.as_deref(), Some(option), "{error}");
            assert!(error.to_string().contains(message), "{error}");
        }
    }
}
