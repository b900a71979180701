//! Operations and constants of an ONNX graph, gathered one after the other. Values go by their
//! names; whatever takes one gives another, so that formulas can be written as such.

use super::proto::{Attribute, Data, Element, Message, node, tensor};
use std::cell::RefCell;
use std::collections::HashMap;

/// The domain of the operations on texts.
pub const ML: &str = "ai.onnx.ml";

/// Constants of up to so many numbers are kept once, however often they are asked for.
const SMALL: usize = 8;

/// A graph in the making.
#[derive(Debug)]
pub struct Nodes {
    /// What our names begin with, and no column's.
    prefix: String,
    inner: RefCell<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    nodes: Vec<Message>,
    constants: Vec<Message>,
    /// Names of small constants, by what they are.
    known: HashMap<String, String>,
    named: usize,
}

impl Nodes {
    /// None yet; their names will begin with `prefix`.
    pub fn new(prefix: String) -> Self {
        Nodes { prefix, inner: RefCell::default() }
    }

    /// The operations and the constants.
    pub fn finish(self) -> (Vec<Message>, Vec<Message>) {
        let inner = self.inner.into_inner();
        (inner.nodes, inner.constants)
    }

    fn name(&self) -> String {
        let mut inner = self.inner.borrow_mut();
        inner.named += 1;
        format!("{}{}", self.prefix, inner.named)
    }

    fn push(
        &self,
        (kind, domain): (&str, &str),
        inputs: &[&str],
        attributes: &[(&str, Attribute<'_>)],
        outputs: &[String],
    ) {
        let node = node(kind, domain, inputs, outputs, attributes);
        self.inner.borrow_mut().nodes.push(node);
    }

    /// An operation of one output.
    pub fn op(&self, kind: &str, inputs: &[&str]) -> String {
        self.op_with(kind, inputs, &[])
    }

    /// The same with attributes.
    pub fn op_with(
        &self,
        kind: &str,
        inputs: &[&str],
        attributes: &[(&str, Attribute<'_>)],
    ) -> String {
        let name = self.name();
        self.push((kind, ""), inputs, attributes, std::slice::from_ref(&name));
        name
    }

    /// `LabelEncoder`: what stands for a text, and what for any other.
    pub fn look_up(&self, texts: &str, attributes: &[(&str, Attribute<'_>)]) -> String {
        let name = self.name();
        self.push(("LabelEncoder", ML), &[texts], attributes, std::slice::from_ref(&name));
        name
    }

    /// The value under another name, which the graph gives as its output.
    pub fn output(&self, value: &str, name: &str) {
        self.push(("Identity", ""), &[value], &[], &[name.to_owned()]);
    }

    /// The columns of `xs` one by one, `[N, 1]` each.
    pub fn columns(&self, xs: &str, count: usize) -> Vec<String> {
        if count == 1 {
            return vec![xs.to_owned()];
        }
        let names: Vec<String> = (0..count).map(|_| self.name()).collect();
        let sizes = self.ints(&[count], &vec![1; count]);
        self.push(("Split", ""), &[xs, &sizes], &[("axis", Attribute::Int(1))], &names);
        names
    }

    /// A constant.
    pub fn constant(&self, shape: &[usize], data: Data<'_>) -> String {
        if shape.iter().product::<usize>() > SMALL {
            return self.keep(shape, data);
        }
        let key = format!("{shape:?} {data:?}");
        if let Some(name) = self.inner.borrow().known.get(&key) {
            return name.clone();
        }
        let name = self.keep(shape, data);
        self.inner.borrow_mut().known.insert(key, name.clone());
        name
    }

    fn keep(&self, shape: &[usize], data: Data<'_>) -> String {
        let name = self.name();
        self.inner.borrow_mut().constants.push(tensor(&name, shape, data));
        name
    }

    /// Numbers of single precision.
    pub fn floats(&self, shape: &[usize], numbers: &[f32]) -> String {
        self.constant(shape, Data::Floats(numbers))
    }

    /// One of them.
    pub fn float(&self, number: f32) -> String {
        self.floats(&[], &[number])
    }

    /// Numbers of double precision.
    pub fn doubles(&self, shape: &[usize], numbers: &[f64]) -> String {
        self.constant(shape, Data::Doubles(numbers))
    }

    /// One of them.
    pub fn double(&self, number: f64) -> String {
        self.doubles(&[], &[number])
    }

    /// Whole numbers.
    pub fn ints(&self, shape: &[usize], numbers: &[i64]) -> String {
        self.constant(shape, Data::Ints(numbers))
    }

    /// One of them.
    pub fn int(&self, number: i64) -> String {
        self.ints(&[], &[number])
    }
}

/// What formulas are made of.
impl Nodes {
    /// x + y.
    pub fn add(&self, x: &str, y: &str) -> String {
        self.op("Add", &[x, y])
    }

    /// x - y.
    pub fn sub(&self, x: &str, y: &str) -> String {
        self.op("Sub", &[x, y])
    }

    /// x · y.
    pub fn mul(&self, x: &str, y: &str) -> String {
        self.op("Mul", &[x, y])
    }

    /// x ÷ y.
    pub fn div(&self, x: &str, y: &str) -> String {
        self.op("Div", &[x, y])
    }

    /// `yes` where the condition holds, else `no`.
    pub fn choose(&self, condition: &str, yes: &str, no: &str) -> String {
        self.op("Where", &[condition, yes, no])
    }

    /// Elements of another type.
    pub fn cast(&self, x: &str, to: Element) -> String {
        self.op_with("Cast", &[x], &[("to", Attribute::Int(to as i64))])
    }

    /// Values side by side; one is itself.
    pub fn concat(&self, values: &[&str]) -> String {
        match values {
            [one] => (*one).to_owned(),
            values => self.op_with("Concat", values, &[("axis", Attribute::Int(1))]),
        }
    }

    /// Columns of `xs` by their numbers.
    pub fn gather_columns(&self, xs: &str, columns: &[usize]) -> String {
        let columns: Vec<i64> = columns.iter().map(|column| *column as i64).collect();
        let columns = self.ints(&[columns.len()], &columns);
        self.op_with("Gather", &[xs, &columns], &[("axis", Attribute::Int(1))])
    }

    /// Another shape; -1 is what is left.
    pub fn reshape(&self, x: &str, shape: &[i64]) -> String {
        let shape = self.ints(&[shape.len()], shape);
        self.op("Reshape", &[x, &shape])
    }

    /// The sum over an axis, which stays with size 1 if `kept`.
    pub fn sum(&self, x: &str, axis: i64, kept: bool) -> String {
        let axis = self.ints(&[1], &[axis]);
        let kept = Attribute::Int(i64::from(kept));
        self.op_with("ReduceSum", &[x, &axis], &[("keepdims", kept)])
    }

    /// Kept within bounds of the type of `x`, each a constant.
    pub fn clip(&self, x: &str, low: &str, high: &str) -> String {
        self.op("Clip", &[x, low, high])
    }
}
