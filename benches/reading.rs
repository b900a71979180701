//! How long a CSV file takes from disk to encoded numbers, and how much memory: one line of JSON.
//! `cargo bench --no-default-features --bench reading -- FILE`; without a file, one of a million
//! rows and 20 columns is made in the system's folder for temporary files. Call it twice: the first
//! time the file may not be in the system's cache.
#![allow(clippy::unwrap_used, clippy::expect_used)] // A bench may fail.

use polytask::data::csv::{CsvOptions, read};
use polytask::data::{Encoder, Schema, SchemaOptions};
use polytask::random::{Purpose, Random};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

const ROWS: usize = 1_000_000;
const COLUMNS: usize = 20;

fn main() {
    let file = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let path = file.map_or_else(made, PathBuf::from);
    let started = Instant::now();
    let table = read(&[&path], &CsvOptions::default()).expect("the file is read").table;
    let read = started.elapsed();
    let schema = Schema::infer(&table, &SchemaOptions::default()).expect("the schema is found");
    let infer = started.elapsed();
    let rows: Vec<usize> = (0..table.rows()).collect();
    let encoder = Encoder::fit(&table, &schema, &rows).expect("the encoder is fitted");
    let fit = started.elapsed();
    let encoded = encoder.encode_rows(&table, &rows, true).expect("the rows are encoded");
    let encode = started.elapsed();
    let sum: f64 = encoded.numeric.iter().map(|number| f64::from(*number)).sum();
    println!(
        "{{\"read\":{:.4},\"infer\":{:.4},\"fit\":{:.4},\"encode\":{:.4},\"total\":{:.4},\
         \"rows\":{},\"columns\":{},\"width\":{},\"file_mb\":{:.1},\"peak_rss_mb\":{:.1},\
         \"threads\":{},\"sum\":{sum}}}",
        read.as_secs_f64(),
        (infer - read).as_secs_f64(),
        (fit - infer).as_secs_f64(),
        (encode - fit).as_secs_f64(),
        encode.as_secs_f64(),
        table.rows(),
        table.columns().len(),
        encoder.inputs().numeric,
        fs::metadata(&path).expect("the file is there").len() as f64 / 1e6,
        peak_mb(),
        std::thread::available_parallelism().map_or(1, usize::from),
    );
}

/// The most memory this process had, as Linux counts it; 0 elsewhere.
fn peak_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) * 1024.0 / 1e6
}

/// Normal numbers of six places, the same at every call.
fn made() -> PathBuf {
    let path = std::env::temp_dir().join("polytask-reading-1000000x20.csv");
    if !path.exists() {
        let draft = path.with_extension("part");
        write(&draft).expect("the file is made");
        fs::rename(&draft, &path).expect("the file is made");
    }
    path
}

fn write(path: &Path) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let mut random = Random::new(2, Purpose::Split);
    let names: Vec<String> = (0..COLUMNS).map(|column| format!("f{column}")).collect();
    writeln!(out, "{}", names.join(","))?;
    for _ in 0..ROWS {
        for column in 0..COLUMNS {
            let number = f64::from(random.normal()) * 10.0;
            write!(out, "{number:.6}{}", if column + 1 < COLUMNS { ',' } else { '\n' })?;
        }
    }
    out.flush()
}
