//! Files of either kind, and what killed writers leave.

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

#[test]
fn what_killed_writers_left_is_swept_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.ck");
    // The next name of this process is taken, as by a killed writer of the same number.
    let (_, taken) = create_sibling(&path).unwrap();
    let number: u64 = taken.to_str().unwrap().rsplit(['-', '.']).nth(1).unwrap().parse().unwrap();
    for ahead in 0..50 {
        let name = format!(".run.ck.{}-{}.tmp", std::process::id(), number + ahead);
        fs::write(folder.path().join(name), "half").unwrap();
    }
    write(&path, b"whole").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"whole");
    let kept = ["run.ck", ".run.ck.old.tmp", ".other.ck.1-2.tmp", ".run.ck.1-2", "run.ck.1-2.tmp"];
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
