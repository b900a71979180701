//! A model written as an ONNX file.

use super::Model;
use crate::draft::Draft;
use crate::error::{Code, Error, Result};
use crate::export;
use std::io::Write;
use std::path::Path;

impl Model {
    /// The bytes of an ONNX file that answers as the model does.
    pub fn to_onnx(&self) -> Result<Vec<u8>> {
        export::onnx(&self.header, self.net.weights())
    }

    /// Writes that file, whole or not at all.
    pub fn export_onnx(&self, path: &Path) -> Result<()> {
        let name = path.display().to_string();
        let bytes = self.to_onnx().map_err(|error| error.file(name.clone()))?;
        let written = Draft::new(path).and_then(|mut draft| {
            draft.file().write_all(&bytes)?;
            draft.finish()
        });
        written.map_err(|error| {
            let message = format!("the ONNX file cannot be written: {error}");
            Error::new(Code::Artifact, message).file(name).cause(error)
        })
    }
}
