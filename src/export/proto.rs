//! The few protobuf messages of ONNX that a file of ours has, written as bytes: field numbers are
//! those of `onnx.proto3`, the encoding is that of protocol buffers (varints, fixed 32 bits, and
//! bytes behind their length).

/// A message in the making: its fields one after the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Message(Vec<u8>);

impl Message {
    /// Its bytes.
    pub fn bytes(self) -> Vec<u8> {
        self.0
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn key(&mut self, field: u32, wire: u32) {
        self.varint(u64::from(field << 3 | wire));
    }

    /// A whole number; a negative one takes ten bytes, as of an `int64`.
    pub fn int(mut self, field: u32, number: i64) -> Self {
        self.key(field, 0);
        self.varint(number as u64);
        self
    }

    fn float(mut self, field: u32, number: f32) -> Self {
        self.key(field, 5);
        self.0.extend(number.to_le_bytes());
        self
    }

    fn raw(mut self, field: u32, bytes: &[u8]) -> Self {
        self.key(field, 2);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    /// A text.
    pub fn text(self, field: u32, text: &str) -> Self {
        self.raw(field, text.as_bytes())
    }

    /// A message within.
    pub fn message(self, field: u32, message: &Message) -> Self {
        self.raw(field, &message.0)
    }

    fn ints(self, field: u32, numbers: impl Iterator<Item = i64>) -> Self {
        let mut packed = Message::default();
        numbers.for_each(|number| packed.varint(number as u64));
        self.raw(field, &packed.0)
    }
}

/// The type of a tensor's elements, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// 32 bits.
    Float = 1,
    /// 64 bits, whole.
    Int64 = 7,
    /// Text.
    Text = 8,
    /// 64 bits.
    Double = 11,
}

/// The elements of a constant tensor, row-major.
#[derive(Debug, Clone, Copy)]
pub enum Data<'a> {
    /// Of [`Element::Float`].
    Floats(&'a [f32]),
    /// Of [`Element::Double`].
    Doubles(&'a [f64]),
    /// Of [`Element::Int64`].
    Ints(&'a [i64]),
    /// Of [`Element::Text`].
    Texts(&'a [String]),
}

/// A constant: `TensorProto`.
pub fn tensor(name: &str, shape: &[usize], data: Data<'_>) -> Message {
    let element = match data {
        Data::Floats(_) => Element::Float,
        Data::Doubles(_) => Element::Double,
        Data::Ints(_) => Element::Int64,
        Data::Texts(_) => Element::Text,
    };
    let shape = shape.iter().map(|size| *size as i64);
    let message = Message::default().ints(1, shape).int(2, element as i64).text(8, name);
    match data {
        Data::Floats(list) => message.raw(9, &joined(list, |x| x.to_le_bytes())),
        Data::Doubles(list) => message.raw(9, &joined(list, |x| x.to_le_bytes())),
        Data::Ints(list) => message.raw(9, &joined(list, |x| x.to_le_bytes())),
        Data::Texts(list) => list.iter().fold(message, |message, text| message.text(6, text)),
    }
}

fn joined<T: Copy, const N: usize>(list: &[T], bytes: fn(T) -> [u8; N]) -> Vec<u8> {
    list.iter().flat_map(|x| bytes(*x)).collect()
}

/// What an operation is told beside its inputs.
#[derive(Debug, Clone)]
pub enum Attribute<'a> {
    /// A number.
    Float(f32),
    /// A whole number.
    Int(i64),
    /// Numbers.
    Floats(Vec<f32>),
    /// Whole numbers.
    Ints(Vec<i64>),
    /// Texts.
    Texts(Vec<&'a str>),
}

fn attribute(name: &str, value: &Attribute<'_>) -> Message {
    let message = Message::default().text(1, name);
    match value {
        Attribute::Float(number) => message.float(2, *number).int(20, 1),
        Attribute::Int(number) => message.int(3, *number).int(20, 2),
        Attribute::Floats(list) => message.raw(7, &joined(list, |x| x.to_le_bytes())).int(20, 6),
        Attribute::Ints(list) => message.ints(8, list.iter().copied()).int(20, 7),
        Attribute::Texts(list) => {
            list.iter().fold(message, |message, text| message.text(9, text)).int(20, 8)
        }
    }
}

/// An operation: `NodeProto`. An empty `domain` is that of ONNX itself.
pub fn node(
    kind: &str,
    domain: &str,
    inputs: &[&str],
    outputs: &[String],
    attributes: &[(&str, Attribute<'_>)],
) -> Message {
    let message = inputs.iter().fold(Message::default(), |message, input| message.text(1, input));
    let message = outputs.iter().fold(message, |message, output| message.text(2, output));
    let name = outputs.first().map_or("", String::as_str);
    let message = message.text(3, name).text(4, kind);
    let message = attributes
        .iter()
        .fold(message, |message, (name, value)| message.message(5, &attribute(name, value)));
    if domain.is_empty() { message } else { message.text(7, domain) }
}

/// An input or output of so many numbers a row: `ValueInfoProto`.
pub fn value(name: &str, element: Element, width: usize) -> Message {
    let rows = Message::default().text(2, "N");
    let width = Message::default().int(1, width as i64);
    let shape = Message::default().message(1, &rows).message(1, &width);
    let tensor = Message::default().int(1, element as i64).message(2, &shape);
    Message::default().text(1, name).message(2, &Message::default().message(1, &tensor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_written_as_the_encoding_says() {
        // The examples of the description of the encoding.
        assert_eq!(Message::default().int(1, 150).bytes(), [0x08, 0x96, 0x01]);
        let text = Message::default().text(2, "testing");
        assert_eq!(text.clone().bytes(), b"\x12\x07testing");
        assert_eq!(Message::default().message(3, &text).len(), 2 + text.len());
        let packed = Message::default().ints(6, [3, 270, 86942].into_iter());
        assert_eq!(packed.bytes(), [0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05]);
        let minus = Message::default().int(1, -1).bytes();
        assert_eq!((minus.len(), minus[1], minus[10]), (11, 0xff, 0x01));
    }

    #[test]
    fn a_tensor_has_its_shape_type_name_and_bytes() {
        let expected = b"\x0a\x02\x02\x01\x10\x0b\x42\x01x\x4a\x10";
        let found = tensor("x", &[2, 1], Data::Doubles(&[0.5, -1.0])).bytes();
        assert_eq!(found[..expected.len()], *expected);
        assert_eq!(found[expected.len()..][..8], 0.5f64.to_le_bytes());
        assert_eq!(found.len(), expected.len() + 16);
        let texts = tensor("t", &[1], Data::Texts(&["é".to_owned()])).bytes();
        assert!(texts.ends_with(b"\x32\x02\xc3\xa9"));
    }
}
