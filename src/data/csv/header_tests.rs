//! Which first rows are headers, for every kind of header that tables come with, and which are not.

use super::super::grammar::Grammar;
use super::*;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn found(text: &str, options: &CsvOptions, before: Option<bool>) -> Result<Verdict> {
    let (grammar, missing) = (Grammar::new(options, b','), Missing::default());
    let sample = Sample::new(text, grammar, &missing);
    find(Beginning { text, grammar, sample: &sample, missing: &missing }, options, before)
}

fn verdict(text: &str) -> Verdict {
    found(text, &CsvOptions::default(), None).unwrap()
}

/// A file of this first row and forty rows.
fn file(first: &str, row: impl Fn(usize) -> String) -> String {
    let rows: Vec<String> = (0..40).map(row).collect();
    format!("{first}\n{}\n", rows.join("\n"))
}

/// Something that jumps about within 0 to 1, the same for the same numbers.
fn noise(row: usize, column: usize) -> f64 {
    let seed = (row * 79 + column * 31 + 7) as f64;
    ((seed * 12.9898).sin() * 43_758.545).fract().abs()
}

/// Forty rows of four measures and a class, as of irises.
fn measures(first: &str) -> String {
    file(first, |row| {
        let measure = |column| format!("{:.1}", 0.1 + 5.0 * noise(row, column));
        let class = ["setosa", "versicolor", "virginica"][row % 3];
        format!("{},{},{},{},{class}", measure(0), measure(1), measure(2), measure(3))
    })
}

/// Forty rows of numbers, `width` of them.
fn numbers(first: &str, width: usize, cell: impl Fn(usize, usize) -> String) -> String {
    file(first, |row| (0..width).map(|column| cell(row, column)).collect::<Vec<_>>().join(","))
}

fn is_header(text: &str, why: &str) {
    let verdict = verdict(text);
    assert!(verdict.header, "{text}\n{verdict:?}");
    assert!(verdict.why.contains(why), "{text}\n{verdict:?}");
}

fn is_data(text: &str, why: &str) {
    let verdict = verdict(text);
    assert!(!verdict.header, "{text}\n{verdict:?}");
    assert!(verdict.why.contains(why), "{text}\n{verdict:?}");
}

#[test]
fn text_over_figures_is_a_header() {
    for text in [
        "a,b\nx,1\n",
        "std_temp,bod,25400\n1,2,3\n",
        ",a,b\n0,x,2\n",
        "a,b\n?,\n,2\n",
        "day,high\n2011-01-01,x\n",
    ] {
        let verdict = verdict(text);
        assert!(verdict.header && verdict.sure && !verdict.weighed, "{text:?} {verdict:?}");
    }
}

#[test]
fn a_text_that_is_the_value_of_many_rows_names_no_column() {
    let person =
        |row: usize| format!("n{row},{},{}", ["rome", "oslo"][row % 2], ["yes", "no"][row / 3 % 2]);
    is_data(&file("alice,paris,yes", person), "\"yes\" stands below it in the same column too");
    // Once or twice may be chance, and nearly all files have a header.
    let rare = |row: usize| {
        let answer = if row == 9 { "yes" } else { ["x", "z"][row % 2] };
        format!("n{row},{},{answer}", ["rome", "oslo"][row % 2])
    };
    is_header(&file("name,city,yes", rare), "");
}

#[test]
fn figures_in_the_first_row_are_none() {
    for text in
        ["1,2\n", "5.1,setosa\n4.9,setosa\n", "x,2019\ny,2020\n", "-,3\n1,4\n", "x,NA\ny,2\n"]
    {
        assert!(!verdict(text).header, "{text:?}");
    }
}

#[test]
fn text_over_text_is_a_header_unless_empty_twice_or_below_too() {
    assert!(verdict("a,b\nx,y\n").header);
    assert!(verdict("a,b,,\nx,y,,\n").header);
    is_data("p,x,p\ne,x,s\n", "\"p\" stands twice in the first row");
    is_data("p,,x\ne,x,s\n", "");
    let balloons = |first| {
        file(first, |row| {
            let pick = |of: [&'static str; 2], by: usize| of[row / by % 2];
            let (colour, size) = (pick(["YELLOW", "PURPLE"], 1), pick(["SMALL", "LARGE"], 2));
            format!("{colour},{size},{}", pick(["T", "F"], 3))
        })
    };
    is_data(&balloons("YELLOW,SMALL,T"), "\"YELLOW\" and other texts of the first row");
    is_header(&balloons("colour,size,inflated"), "nothing speaks against it");
    // One text that happens to be a name is outweighed by one that stands nowhere below.
    is_header(&balloons("YELLOW,size,inflated"), "nothing speaks against it");
    // A header that is repeated, as where files were put together, is still one.
    let twice = balloons("colour,size,inflated").repeat(2);
    is_header(&twice, "nothing speaks against it");
}

#[test]
fn numbers_of_columns_are_a_header() {
    // What data frames without names are written with: from 0, alone, with their index, with a
    // class; and from 1.
    is_header(&measures("0,1,2,3,4"), "the first row counts from 0");
    is_header(&measures("1,2,3,4,5"), "the first row counts from 1");
    is_header(&measures("0,1,2,3,class"), "the first row counts from 0");
    let measure = |row, column| format!("{:.2}", 3.0 * noise(row, column) - 1.0);
    is_header(&numbers("0,1,2,3", 4, measure), "the first row counts from 0");
    is_header(&numbers("1,2,3,4", 4, measure), "the first row counts from 1");
    is_header(&numbers("0,1,2", 3, measure), "the first row counts from 0");
    // Over integers far from them, over a few that repeat, and over so many columns that no row
    // would count like that.
    let pixel = |row, column| format!("{:.0}", 255.0 * noise(row, column));
    let first: Vec<String> = (0..64).map(|column| column.to_string()).collect();
    is_header(&numbers(&first.join(","), 64, pixel), "the first row counts from 0");
    let flag = |row, column| format!("{:.0}", noise(row, column));
    is_header(&numbers("0,1,2,3,4", 5, flag), "the first row counts from 0");
    is_header(&numbers("0,1,2,3", 4, |row, column| pixel(row + 9, column) + "0"), "from 0");
    // Column numbers may begin behind columns with names.
    let third = |row, column| match column {
        0 => format!("s{row}"),
        _ => measure(row, column),
    };
    is_header(&numbers("id,1,2,3,4", 5, third), "the first row counts from 1");
    is_header(&numbers("id,site,2,3,4", 5, third), "");
}

#[test]
fn an_empty_cell_over_the_numbers_of_rows_is_a_header() {
    let indexed = |row: usize, column: usize| match column {
        0 => row.to_string(),
        _ => format!("{:.1}", 5.0 * noise(row, column)),
    };
    is_header(&numbers(",0,1,2", 4, indexed), "the first cell is empty over row numbers");
    is_header(&numbers(",0,1", 3, indexed), "the first cell is empty over row numbers");
    is_header(&numbers(",2019,2020", 3, indexed), "the first cell is empty over row numbers");
    let from_one = |row, column| indexed(row + 1, column);
    is_header(&numbers(",0,1,2", 4, from_one), "the first cell is empty over row numbers");
    // An index over nothing but texts.
    let texts = |row, column| match column {
        0 => indexed(row, 0),
        _ => ["red", "green", "blue"][(row * 5 + column) % 3].to_owned(),
    };
    is_header(&numbers(",colour,other", 3, texts), "the first cell is empty over row numbers");
    // Names of rows.
    let named = |row, column| match column {
        0 => format!("Norway {row}"),
        _ => indexed(row, column),
    };
    is_header(&numbers(",1990,2000,2010", 4, named), "");
    // A missing cell at the head of a column that is no index.
    let measure = |row, column| format!("{:.1}", 5.0 * noise(row, column));
    is_data(&numbers(",3.5,1.4", 3, measure), "");
}

#[test]
fn years_and_dates_are_a_header() {
    let country = |row: usize, columns: usize| {
        let numbers = (0..columns).map(|column| format!("{:.1}", 50.0 * noise(row, column)));
        let group = ["low", "middle", "high"][row * 2 % 3];
        format!("Country {row},{},{group}", numbers.collect::<Vec<_>>().join(","))
    };
    is_header(&file("country,1990,2000,group", |row| country(row, 2)), "years");
    is_header(&file("country,2000,1990,group", |row| country(row, 2)), "years");
    is_header(&file("country,1990,2000,2010,group", |row| country(row, 3)), "");
    is_header(&file("country,1990,1991,1995,group", |row| country(row, 3)), "years");
    is_header(&file("country,2020-01,2020-02,group", |row| country(row, 2)), "is no number");
    is_header(&file("country,1/22/20,1/23/20,group", |row| country(row, 2)), "is no number");
    let measure = |row, column| format!("{:.2}", noise(row, column));
    is_header(&numbers("2019,2020,2021", 3, measure), "the first row");
    is_header(&numbers("1990,2000,2010,age", 4, measure), "\"age\" stands over numbers");
    is_header(&numbers("00:00,06:00,12:00,18:00", 4, measure), "is no number");
    // Years over numbers of their size, where the rows below are years too.
    let span = |row, column| format!("{}", 1950 + row % 40 + 10 * column);
    is_data(&numbers("1960,1970", 2, span), "");
    is_data(
        &file("Norway,1990,2000,low", |row| {
            format!("Country {row},{},{},{}", 1950 + row, 1970 + row, ["low", "high"][row % 2])
        }),
        "",
    );
}

#[test]
fn wavelengths_are_a_header() {
    let spectrum = |row: usize, columns: usize| {
        let bands = (0..columns).map(|column| format!("{:.3}", noise(row, column)));
        format!("{},{}", bands.collect::<Vec<_>>().join(","), ["a", "b"][row % 2])
    };
    is_header(&file("400.5,402.5,class", |row| spectrum(row, 2)), "\"class\" stands nowhere");
    is_header(&file("400.5,402.5,404.5,406.5,class", |row| spectrum(row, 4)), "equal steps");
    is_header(&file("702.1,650.4,633.9,501.7,class", |row| spectrum(row, 4)), "");
    let band = |row, column| format!("{:.3}", noise(row, column));
    is_header(&numbers("400,410,420,430", 4, band), "equal steps");
    is_header(&numbers("401.3,409.8,421.7,433.2,444.4,459.1", 6, band), "rises or falls");
}

#[test]
fn quoted_numbers_over_plain_ones_are_a_header() {
    let plain = |row, column| format!("{:.0}", 9.0 * noise(row, column));
    let says = "the numbers in the first row stand in quotes and those below do not";
    is_header(&numbers("\"7\",\"5\",\"3\"", 3, plain), says);
    is_header("\"2019\",\"2020\"\n1,2\n3,4\n", says);
    is_header(&numbers("\"2019\"", 1, plain), says);
    is_header(&measures("\"5\",\"4\",\"3\",\"2\",\"1\""), says);
    // Where all numbers are quoted, and where a cell must be, quotes say nothing.
    let quoted = |row, column| format!("\"{}\"", plain(row, column));
    is_data(&numbers("\"7\",\"5\",\"3\"", 3, quoted), "");
    is_data(&numbers("\"1,234\",\"5\",3", 3, plain), "");
    is_data(&numbers("\"1,234\",\"2,345\"", 2, |row, _| format!("{}", 900 + row)), "");
}

#[test]
fn a_text_that_stands_nowhere_below_is_a_sign_of_a_header() {
    let row = |row: usize| format!("{:.1},{}", 9.0 * noise(row, 0), ["yes", "no"][row % 2]);
    is_header(&file("2019,answer", row), "\"answer\" stands nowhere below");
    is_data(&file("4.5,yes", row), "\"yes\" stands below it in the same column too");
    // A rare class in the first row, and one of so many that each is rare.
    is_data(&file("4.5,maybe", row), "undecided: \"4.5\" lies among the numbers below it");
    is_data(&file("4.5,Oslo", |row| format!("{:.1},city {row}", 9.0 * noise(row, 0))), "");
    // An odd cell in a column of numbers.
    let odd = |row, column| format!("{:.1}", 9.0 * noise(row, column));
    is_data(&numbers("5.1,unknown,3.2,0.2", 4, odd), "lies among the numbers below it");
}

#[test]
fn tables_of_numbers_that_begin_like_names_stay_data() {
    let digit = |row, column| format!("{:.0}", 9.0 * noise(row, column));
    is_data(&numbers("1,2,3,4", 4, digit), "undecided: ");
    is_data(&numbers("0,1,2", 3, digit), "lies among the numbers below it");
    is_data(
        &numbers("1,2,3,4,5", 5, |row, column| format!("{:.0}", 1.0 + 4.0 * noise(row, column))),
        "",
    );
    // Rows that all go on by equal steps; the rows of a sliding window; of a table of products.
    is_data(&numbers("0,1,2,3", 4, |row, column| format!("{}", 4 * (row + 1) + column)), "");
    is_data(&numbers("1,2,3,4", 4, |row, column| format!("{}", row + 2 + column)), "");
    is_data(&numbers("1,2,3,4", 4, |row, column| format!("{}", (row + 2) * (column + 1))), "");
    // Ranks and other orders of the same numbers, and all choices in order.
    is_data(
        &numbers("1,2,3,4,5,6,7,8", 8, |row, column| format!("{}", (row * 3 + column * 5) % 8 + 1)),
        "",
    );
    is_data(
        &numbers("0,1,2,3,4,5", 6, |row, column| {
            if column == 5 { format!("{}", row + 6) } else { column.to_string() }
        }),
        "",
    );
    // A course in time that begins with 0, 1 and 2.
    let course = |row: usize, column: usize| {
        let at = (row + 1) as f64 * 0.1;
        let value = [at, 1.0 + at * at, 2.0 - 0.3 * at][column.min(2)];
        format!("{value:.4}")
    };
    is_data(&numbers("0,1,2", 3, course), "begins what its column goes on with");
    // Corners of triangles.
    is_data(&numbers("0,1,2", 3, |row, column| format!("{}", row + [0, 2, 3][column])), "");
    // A row of totals.
    let part =
        |row: usize| format!("Part {row},{:.1},{:.1}", 9.0 * noise(row, 0), 5.0 * noise(row, 1));
    is_data(&file("All,1804.2,902.7", part), "which alone is not enough for a header");
    // A matrix with ones on its diagonal.
    let matrix = |row: usize, column: usize| match row + 1 == column {
        true => "1".to_owned(),
        false => format!("{:.3}", noise(row.min(column), row.max(column))),
    };
    is_data(&numbers("1,0.204,0.833,0.531", 4, matrix), "");
    is_data("0,1,2,3\n5,3,1,9\n", "undecided: ");
    is_data("1,2,3\n4,5,6\n7,8,10\n", "");
}

#[test]
fn measures_without_a_header_stay_data() {
    for first in ["5.1,3.5,1.4,0.2,setosa", "0.1,2.2,4.9,5.0,versicolor", "7.9,2.0,6.9,0.1,setosa"]
    {
        is_data(&measures(first), "");
    }
    // The class of the first row is one that the rows below do not have.
    is_data(&measures("5.1,3.5,1.4,0.2,rare"), "");
    let censusrow = |row: usize| {
        let class = [">50K", "<=50K"][row % 2];
        let work = ["Private", "State-gov", "?"][row % 3];
        format!("{},{work},{},{class}", 18 + row * 7 % 60, 10_000 + row * 7919 % 90_000)
    };
    is_data(&file("39,State-gov,77516,<=50K", censusrow), "");
    is_data(&file("39,?,77516,<=50K", censusrow), "");
}

#[test]
fn a_set_header_and_csv_columns_decide_and_a_sure_one_that_differs_is_an_error() {
    let counts = measures("0,1,2,3,4");
    let set = |header| CsvOptions { header, ..CsvOptions::default() };
    assert!(!found(&counts, &set(Some(false)), None).unwrap().header);
    assert!(found("1,2\n3,4\n", &set(Some(true)), None).unwrap().header);
    let columns = |names: [&str; 5]| CsvOptions {
        columns: Some(names.map(str::to_owned).to_vec()),
        ..CsvOptions::default()
    };
    let error = found(&counts, &columns(["a", "b", "c", "d", "e"]), None).unwrap_err();
    assert!(error.message().contains("differs from csv.columns"), "{error}");
    assert!(found(&counts, &columns(["0", "1", "2", "3", "4"]), None).unwrap().header);
    let error = found(&counts, &set(None), Some(false)).unwrap_err();
    assert!(error.message().contains("the files before have none"), "{error}");
    assert!(found("5,3\n", &set(None), Some(true)).unwrap().header);
}

#[test]
fn a_cell_that_options_name_makes_a_header_unless_told_otherwise() {
    let named = |name: &str| KnownNames::Options(vec![("targets", name.to_owned())]);
    let with = |name| CsvOptions { known: named(name), ..CsvOptions::default() };
    let undecided = numbers("7,5,3", 3, |row, column| format!("{:.0}", 9.0 * noise(row, column)));
    assert!(!verdict(&undecided).header);
    let found_with = |options: &CsvOptions| found(&undecided, options, None).unwrap();
    assert!(found_with(&with("3")).header);
    for name in ["c1", "33", ""] {
        assert!(!found_with(&with(name)).header, "{name}");
    }
    let set = CsvOptions { header: Some(false), ..with("3") };
    assert!(!found_with(&set).header);
    let columns = Some(["1", "2", "3"].map(str::to_owned).to_vec());
    assert!(!found_with(&CsvOptions { columns, ..with("3") }).header);
    // A made-up name that the file has as a category too.
    let coded = |first| file(first, |row| format!("c{},{:.1}", row % 3, noise(row, 0)));
    assert!(!found(&coded("c1,0.5"), &with("c1"), None).unwrap().header);
    assert!(found(&coded("c9,0.5"), &with("c9"), None).unwrap().header);
}

#[test]
fn names_are_made_up_where_there_are_none() {
    let header = ["", "c0", "x", ""].map(str::to_owned);
    assert_eq!(names(Some(&header), 4, 1).unwrap(), ["c0_", "c0", "x", "c3"]);
    assert_eq!(names(None, 2, 1).unwrap(), ["c0", "c1"]);
    assert_eq!(filled(&header), 3);
}

#[test]
fn a_name_that_stands_twice_is_an_error_with_both_places() {
    let header = ["a", "b", "a"].map(str::to_owned);
    let error = names(Some(&header), 3, 4).unwrap_err().to_string();
    assert!(error.starts_with("line 4, column \"a\": stands twice"), "{error}");
    assert!(error.contains("cell 1 and as cell 3"), "{error}");
}

/// Rows of numbers from 0 to 9, or of decimals, or of both, perhaps with a class at their end.
fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    let kinds = proptest::collection::vec(0..3usize, 3..12);
    (kinds, any::<bool>(), 5..60usize).prop_flat_map(move |(kinds, class, rows)| {
        let cells = proptest::collection::vec(0..1000u32, kinds.len());
        let row = (cells, 0..3usize).prop_map(move |(cells, of)| {
            let cells = kinds.iter().zip(cells).map(|(kind, number)| match kind {
                0 => (number % 10).to_string(),
                1 => number.to_string(),
                _ => format!("{:.2}", f64::from(number) / 100.0 - 5.0),
            });
            let mut row: Vec<String> = cells.collect();
            if class {
                row.push(["low", "middle", "high"][of].to_owned());
            }
            row
        });
        proptest::collection::vec(row, rows..=rows)
    })
}

fn joined(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.join(",") + "\n").collect()
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(18), ..Default::default() })]

    #[test]
    fn random_rows_have_no_header(rows in table()) {
        let verdict = verdict(&joined(&rows));
        prop_assert!(!verdict.header, "{verdict:?}");
    }

    #[test]
    fn random_rows_below_the_numbers_of_their_columns_and_an_index_have_one(rows in table()) {
        let first = (0..rows[0].len()).map(|column| column.to_string());
        let first = std::iter::once(String::new()).chain(first).collect();
        let rows = rows.iter().enumerate();
        let rows = rows.map(|(at, row)| [&[at.to_string()], &row[..]].concat());
        let rows: Vec<Vec<String>> = std::iter::once(first).chain(rows).collect();
        let verdict = verdict(&joined(&rows));
        prop_assert!(verdict.header, "{verdict:?}");
    }

    #[test]
    fn random_rows_below_names_in_quotes_have_one(rows in table()) {
        let first = (0..rows[0].len()).map(|column| format!("\"{}\"", 7 + column * column)).collect();
        let rows = [vec![first], rows].concat();
        let verdict = verdict(&joined(&rows));
        prop_assert!(verdict.header, "{verdict:?}");
    }

    #[test]
    fn random_rows_below_years_and_a_name_have_one(rows in table()) {
        let rows: Vec<Vec<String>> = rows.into_iter().filter(|row| row.len() > 3).collect();
        if rows.len() < 20 {
            return Ok(());
        }
        let mut first: Vec<String> =
            (0..rows[0].len()).map(|column| (1960 + 5 * column).to_string()).collect();
        if let Some(last) = first.last_mut() {
            *last = "group".to_owned();
        }
        let rows = [vec![first], rows].concat();
        let verdict = verdict(&joined(&rows));
        prop_assert!(verdict.header, "{verdict:?}");
    }

    #[test]
    fn any_first_row_is_judged(text in "[0-9a-c.,\"\n;?-]{0,80}") {
        let _ = found(&text, &CsvOptions::default(), None);
    }
}
