//! Files of either kind.

use super::*;

#[test]
fn one_kind_is_never_taken_for_the_other() {
    let bytes = |kind| to_bytes(kind, &1, &[Array::new("a", &[2], &[1.0f32, 2.0])]).unwrap();
    let message = |given, expected| {
        let error = Archive::open(&bytes(given), expected).unwrap_err();
        assert_eq!(error.code(), Code::Artifact);
        error.to_string()
    };
    assert_eq!(
        message(Kind::Checkpoint, Kind::Model),
        "is a checkpoint, not a model file; train goes on from it with the option resume"
    );
    assert_eq!(
        message(Kind::Model, Kind::Checkpoint),
        "is a model file, not a checkpoint; load reads it"
    );
}

#[test]
fn tensors_come_back_and_only_in_their_own_shape() {
    let arrays = [Array::new("a", &[1, 2], &[1.0f32, -0.0]), Array::new("b", &[1], &[7u32])];
    let bytes = to_bytes(Kind::Model, &"x", &arrays).unwrap();
    let archive = Archive::open(&bytes, Kind::Model).unwrap();
    assert_eq!((archive.json(), archive.len()), ("\"x\"", 2));
    let bits: Vec<u32> =
        archive.values::<f32>("a", &[1, 2]).unwrap().map(|value: f32| value.to_bits()).collect();
    assert_eq!(bits, [1.0f32.to_bits(), (-0.0f32).to_bits()]);
    assert_eq!(archive.list::<u32>("b").unwrap().collect::<Vec<u32>>(), [7]);
    for wrong in [
        archive.values::<f32>("a", &[2]).unwrap_err(),
        archive.list::<f32>("a").unwrap_err(),
        archive.list::<f32>("b").unwrap_err(),
    ] {
        assert!(wrong.to_string().contains("expected F32"), "{wrong}");
    }
    assert!(archive.list::<f32>("c").unwrap_err().to_string().contains("c is missing"));
}
