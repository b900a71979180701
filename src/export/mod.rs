//! A model as an ONNX file that answers by itself: the columns in, encoded as the model's encoder
//! does, through its network, and the answers out. docs/onnx.md says what goes in and comes out.

mod columns;
mod dates;
mod heads;
mod metadata;
mod nodes;
mod numbers;
mod ops;
mod proto;
#[cfg(test)]
mod tests;

use crate::artifact::Header;
use crate::calibration::Temperature;
use crate::error::{Code, Error, Result};
use heads::{Outputs, Touch};
use metadata::Names;
use nodes::{ML, Nodes};
use proto::{Element, Message};

/// The versions of ONNX's operations, of those on texts, and of the file format that goes with
/// them: the oldest that have all that is needed, so that old runtimes read the file too.
const OPSET: i64 = 17;
const ML_OPSET: i64 = 3;
const IR_VERSION: i64 = 8;

/// No protobuf message may be longer.
const LONGEST: usize = i32::MAX as usize;

/// The bytes of the file; an error where the model cannot be put into one.
pub fn onnx(header: &Header, weights: &[f32]) -> Result<Vec<u8>> {
    let encoder = &header.encoder;
    let names = Names::new(header)?;
    let nodes = Nodes::new(names.prefix);
    let row = columns::encode(&nodes, encoder);
    let any = encoder.features().first().map_or("", |feature| feature.name());
    let heads = ops::heads(&nodes, &header.graph, weights, &row, any)?;
    let tasks = encoder.targets().iter().zip(&heads).zip(&names.outputs);
    for (nth, ((target, head), outputs)) in tasks.enumerate() {
        let touch = Touch {
            members: header.graph.members,
            power: header.temperature(nth).and_then(Temperature::power),
            half_width: header.interval(nth).map(|interval| interval.half_width),
        };
        heads::answer(&nodes, head, target, touch, outputs, row.misfit.as_deref());
    }

    let (nodes, constants) = nodes.finish();
    let mut graph = Message::default();
    for node in &nodes {
        graph = graph.message(1, node);
    }
    graph = graph.text(2, "polytask");
    for constant in &constants {
        graph = graph.message(5, constant);
    }
    for feature in encoder.features() {
        let input = proto::value(feature.name(), columns::element(feature), 1);
        graph = graph.message(11, &input);
    }
    for (target, outputs) in encoder.targets().iter().zip(&names.outputs) {
        let width = target.classes().map_or(1, |classes| classes.len());
        for output in values(outputs, width) {
            graph = graph.message(12, &output);
        }
    }

    let opset = |domain: &str, version| Message::default().text(1, domain).int(2, version);
    let mut model = Message::default()
        .int(1, IR_VERSION)
        .text(2, "polytask")
        .text(3, &header.versions.polytask)
        .message(7, &graph)
        .message(8, &opset("", OPSET))
        .message(8, &opset(ML, ML_OPSET));
    for (key, text) in metadata::metadata(header, &names.outputs) {
        model = model.message(14, &Message::default().text(1, key).text(2, &text));
    }
    if model.len() > LONGEST {
        let message = format!(
            "exportOnnx: an ONNX file holds at most {LONGEST} bytes, this model takes {}",
            model.len()
        );
        return Err(Error::new(Code::Artifact, message));
    }
    Ok(model.bytes())
}

/// The outputs of a task.
fn values(outputs: &Outputs, width: usize) -> Vec<Message> {
    let mut values = vec![proto::value(&outputs.answer, Element::Double, width)];
    values.extend(outputs.label.iter().map(|name| proto::value(name, Element::Text, 1)));
    let ends = outputs.ends.iter().flatten();
    values.extend(ends.map(|name| proto::value(name, Element::Double, 1)));
    values
}
