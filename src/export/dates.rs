//! Dates, several columns of them at once, `[N, columns]`: milliseconds since 1970 of the clock
//! time as written, as `Date.parse` gives them for a text read as UTC, NaN where missing. The
//! calendar is that of the days' numbers (Hinnant, "chrono-compatible low-level date algorithms"),
//! in whole numbers held in double precision.

use super::nodes::Nodes;
use super::numbers::near;
use super::proto::{Attribute, Element};

/// The first and the last millisecond of the years from 1 to 9999.
const FIRST: f64 = -62_135_596_800_000.0;
const LAST: f64 = 253_402_300_799_999.99;

const DAY: f64 = 86_400_000.0;

/// What comes of some columns of dates. All but the last two are `[N, columns]`, of single
/// precision, and 0 where a date is missing.
pub struct Dates {
    /// The year, on its scale.
    pub year: String,
    /// Sine and cosine of the season, of the weekday and of the hour.
    pub circles: [String; 6],
    /// 1 where missing.
    pub missing: String,
    /// Where it is no date that `predict` takes: booleans of that shape.
    pub misfit: String,
}

/// The dates of columns whose years have these means and scales.
pub fn dates(nodes: &Nodes, xs: &str, means: &[f64], scales: &[f64]) -> Dates {
    let missing = nodes.op("IsNaN", &[xs]);
    let early = nodes.op("Less", &[xs, &nodes.double(FIRST)]);
    let late = nodes.op("Greater", &[xs, &nodes.double(LAST)]);
    let misfit = nodes.op("Or", &[&early, &late]);
    let none = nodes.op("Or", &[&missing, &misfit]);
    let xs = nodes.choose(&none, &nodes.double(0.0), xs);

    let day = floor(nodes, &nodes.div(&xs, &nodes.double(DAY)));
    let into_day = nodes.sub(&xs, &nodes.mul(&day, &nodes.double(DAY)));
    let civil = civil(nodes, &day);
    let row = |numbers: &[f64]| nodes.doubles(&[1, numbers.len()], numbers);
    let year = nodes.div(&nodes.sub(&civil.year, &row(means)), &row(scales));

    let passed = nodes.sub(&civil.day, &nodes.double(1.0));
    let into_month = nodes.div(&passed, &days_in(nodes, &civil));
    let months = nodes.add(&nodes.sub(&civil.month, &nodes.double(1.0)), &into_month);
    let season = nodes.div(&months, &nodes.double(12.0));
    // The first day was a Thursday.
    let weekday = rest(nodes, &nodes.add(&day, &nodes.double(3.0)), 7.0);
    let weekday = nodes.div(&weekday, &nodes.double(7.0));
    let hour = nodes.div(&into_day, &nodes.double(DAY));

    let single = |x: &str| {
        let known = nodes.choose(&none, &nodes.double(0.0), x);
        nodes.cast(&known, Element::Float)
    };
    // A cosine is a sine a quarter ahead: not every runtime has cosines in double precision.
    let circle = |share: &str| {
        let angle = nodes.mul(share, &nodes.double(std::f64::consts::TAU));
        let ahead = nodes.add(&angle, &nodes.double(std::f64::consts::FRAC_PI_2));
        [angle, ahead].map(|angle| single(&nodes.op("Sin", &[&angle])))
    };
    let circles = [&season, &weekday, &hour].map(|share| circle(share));
    let [[a, b], [c, d], [e, f]] = circles;
    Dates {
        year: single(&near(nodes, &year)),
        circles: [a, b, c, d, e, f],
        missing: nodes.cast(&missing, Element::Float),
        misfit,
    }
}

fn floor(nodes: &Nodes, x: &str) -> String {
    nodes.op("Floor", &[x])
}

/// x ÷ by, rounded down.
fn whole(nodes: &Nodes, x: &str, by: f64) -> String {
    floor(nodes, &nodes.div(x, &nodes.double(by)))
}

/// What x ÷ by leaves.
fn rest(nodes: &Nodes, x: &str, by: f64) -> String {
    nodes.sub(x, &nodes.mul(&whole(nodes, x, by), &nodes.double(by)))
}

/// x · by + more.
fn times(nodes: &Nodes, x: &str, by: f64, more: f64) -> String {
    nodes.add(&nodes.mul(x, &nodes.double(by)), &nodes.double(more))
}

struct Civil {
    year: String,
    month: String,
    day: String,
}

/// Year, month and day of a day counted from 1970-01-01. Years are counted from March here, so
/// that the day that only some have is their last, in eras of 400 years.
fn civil(nodes: &Nodes, day: &str) -> Civil {
    let from_zero = nodes.add(day, &nodes.double(719_468.0));
    let era = whole(nodes, &from_zero, 146_097.0);
    let of_era = rest(nodes, &from_zero, 146_097.0);
    let leaps = nodes.sub(&whole(nodes, &of_era, 1_460.0), &whole(nodes, &of_era, 36_524.0));
    let leaps = nodes.add(&leaps, &whole(nodes, &of_era, 146_096.0));
    let year_of_era = whole(nodes, &nodes.sub(&of_era, &leaps), 365.0);
    let leaps = nodes.sub(&whole(nodes, &year_of_era, 4.0), &whole(nodes, &year_of_era, 100.0));
    let before = nodes.add(&times(nodes, &year_of_era, 365.0, 0.0), &leaps);
    let of_year = nodes.sub(&of_era, &before);
    let from_march = whole(nodes, &times(nodes, &of_year, 5.0, 2.0), 153.0);
    let days_before = whole(nodes, &times(nodes, &from_march, 153.0, 2.0), 5.0);
    let day = nodes.add(&nodes.sub(&of_year, &days_before), &nodes.double(1.0));
    let is_next = nodes.op("Greater", &[&from_march, &nodes.double(9.5)]);
    let next = nodes.cast(&is_next, Element::Double);
    let month = nodes.add(&from_march, &times(nodes, &next, -12.0, 3.0));
    let year = nodes.add(&year_of_era, &nodes.mul(&era, &nodes.double(400.0)));
    Civil { year: nodes.add(&year, &next), month, day }
}

/// The days of the month.
fn days_in(nodes: &Nodes, civil: &Civil) -> String {
    let usual = [31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0];
    let usual = nodes.doubles(&[12], &usual);
    let place = nodes.sub(&nodes.cast(&civil.month, Element::Int64), &nodes.int(1));
    let usual = nodes.op_with("Gather", &[&usual, &place], &[("axis", Attribute::Int(0))]);
    // 1 in a year that can be divided by it.
    let divides = |by: f64| {
        let none = nodes.op("Less", &[&rest(nodes, &civil.year, by), &nodes.double(0.5)]);
        nodes.cast(&none, Element::Double)
    };
    let leap = nodes.add(&nodes.sub(&divides(4.0), &divides(100.0)), &divides(400.0));
    let february = nodes.op("Equal", &[&place, &nodes.int(1)]);
    nodes.add(&usual, &nodes.mul(&leap, &nodes.cast(&february, Element::Double)))
}
