//! The public data sets polytask is measured on are read whole and with no options beyond what
//! their odd lines need. They lie beside the checkout; without them this test says so and passes.

// clippy.toml lets tests panic; this lets what the tests call do so as well.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use polytask::data::Cell;
use polytask::data::csv::{CsvOptions, OnError, read};

/// File, rows × columns, missing cells, header, delimiter.
const SETS: [(&str, usize, usize, usize, bool, u8); 25] = [
    ("iris/iris.data", 150, 5, 0, false, b','),
    ("iris/bezdekIris.data", 150, 5, 0, false, b','),
    ("iris/iris_seaborn.csv", 150, 5, 0, true, b','),
    ("iris/iris_sklearn_frame.csv", 150, 5, 0, true, b','),
    ("adult/adult.data", 32_561, 15, 4262, false, b','),
    ("enb2012/ENB2012_data.csv", 768, 10, 0, true, b','),
    ("student/student-mat.csv", 395, 33, 0, true, b';'),
    ("wine_quality/winequality-red.csv", 1_599, 12, 0, true, b';'),
    ("wine_quality/winequality-white.csv", 4_898, 12, 0, true, b';'),
    ("parkinsons/parkinsons_updrs.data", 5_875, 22, 0, true, b','),
    ("california_housing/housing.csv", 20_640, 10, 207, true, b','),
    ("bike_sharing/hour.csv", 17_379, 17, 0, true, b','),
    ("bike_sharing/hour_asfound.csv", 17_379, 17, 0, true, b','),
    ("bike_sharing/day.csv", 731, 16, 0, true, b','),
    ("titanic/titanic_kaggle_train.csv", 891, 12, 866, true, b','),
    ("heart_disease/processed.cleveland.data", 303, 14, 6, false, b','),
    ("auto_mpg/auto_mpg.csv", 398, 9, 6, true, b','),
    ("abalone/abalone.data", 4_177, 9, 0, false, b','),
    ("covertype/covtype_kaggle_train.csv", 15_120, 56, 0, true, b','),
    ("multilabel/yeast.csv", 2_417, 117, 0, true, b','),
    ("multitarget/mtr_enb.csv", 768, 10, 0, true, b','),
    ("multitarget/mtr_slump.csv", 103, 10, 0, true, b','),
    ("multitarget/mtr_edm.csv", 154, 18, 0, true, b','),
    // The names of 14 of its columns are numbers.
    ("multitarget/mtr_wq.csv", 1_060, 30, 0, true, b','),
    ("messy/csvkit-examples/iris.csv", 150, 5, 0, true, b','),
];

#[test]
fn all_data_sets_are_read_whole() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !data.is_dir() {
        println!("skipped: no folder shared/data beside the checkout");
        return;
    }
    for (file, rows, columns, missing, header, delimiter) in SETS {
        let read = read(&[data.join(file)], &CsvOptions::default()).unwrap();
        let table = &read.table;
        assert_eq!((table.rows(), table.columns().len()), (rows, columns), "{file}");
        let cells = table.columns().iter().flat_map(|column| column.cells());
        assert_eq!(cells.filter(|cell| *cell == Cell::Missing).count(), missing, "{file}");
        assert_eq!((read.dialect.header, read.dialect.delimiter), (header, delimiter), "{file}");
        assert_eq!(read.skipped.count, 0, "{file}");
    }
}

#[test]
fn odd_lines_need_an_option_and_say_which() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !data.is_dir() {
        println!("skipped: no folder shared/data beside the checkout");
        return;
    }
    let test = [data.join("adult/adult.test")];
    let error = read(&test, &CsvOptions::default()).unwrap_err();
    assert!(error.message().contains("csv.comment"), "{error}");
    let comment = CsvOptions { comment: Some(b'|'), ..CsvOptions::default() };
    let skip = CsvOptions { skip_lines: 1, ..CsvOptions::default() };
    for options in [comment, skip] {
        let table = read(&test, &options).unwrap().table;
        assert_eq!((table.rows(), table.columns().len()), (16_281, 15));
        assert_eq!(table.columns()[14].cell(0), Cell::Text("<=50K."));
        assert_eq!(table.columns()[1].cell(0), Cell::Text("Private"));
    }
    for file in ["auto_mpg/auto-mpg.data", "auto_mpg/auto-mpg_null.data"] {
        for on_error in [OnError::Fail, OnError::Skip] {
            let options = CsvOptions { on_error, ..CsvOptions::default() };
            let error = read(&[data.join(file)], &options).unwrap_err();
            assert!(error.message().contains("fixed-width"), "{error}");
        }
    }
}
