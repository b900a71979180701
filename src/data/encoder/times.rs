//! What the times of day of a column of dates tell of its time zone: whether they say it at all,
//! and whether they look like midnights of another one.

use super::super::categories::Categories;
use super::super::date;
use crate::error::quoted;
use serde::{Deserialize, Serialize};

/// What the training rows tell of the time zone of a column of dates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Times {
    /// Nothing to speak of: no times of day, or times in UTC, as `Date` cells have them.
    #[default]
    Plain,
    /// Times of day were written without an offset from UTC, or with one that was read over, so
    /// that a `Date` is one of them only in a time zone.
    Naive,
    /// All lie at this hour of UTC, or at one of these, which are an hour or half an hour apart as
    /// summer and winter are: days at midnight in a zone that was not named.
    Midnights(Vec<f64>),
}

impl Times {
    /// Whether there is nothing to keep.
    pub fn is_plain(&self) -> bool {
        *self == Times::Plain
    }

    /// Whether those from a file can be used.
    pub fn is_valid(&self) -> bool {
        match self {
            Times::Midnights(hours) => {
                (1..=2).contains(&hours.len())
                    && hours.iter().all(|hour| (0.0..24.0).contains(hour))
            }
            Times::Plain | Times::Naive => true,
        }
    }

    /// What categories tell that are dates.
    pub fn of_categories(categories: &Categories) -> Self {
        let mut seen = Seen::default();
        for name in categories.names() {
            let Some(date) = date::parse(name, None) else { return Times::Plain };
            seen.add(date.hour, date::says_utc(name));
        }
        seen.finish().1
    }

    /// What is wrong with days at midnight in a zone that was not named, in words.
    pub fn warning(&self, column: &str) -> Option<String> {
        let Times::Midnights(hours) = self else { return None };
        let clock = |hour: f64| format!("{:02}:{:02}", hour.trunc(), (hour.fract() * 60.0).round());
        let zone = |hour: &f64| match *hour {
            0.0 => "UTC".to_owned(),
            hour if hour < 12.0 => format!("UTC-{}", clock(hour)),
            hour => format!("UTC+{}", clock(24.0 - hour)),
        };
        let or = |texts: Vec<String>| texts.join(" or ");
        Some(format!(
            "Every time of day in {} is {} UTC, which is midnight at {}. If these are days, name \
             their zone with the option timeZone ('local' for Dates of a database driver), or write \
             them as texts without a time.",
            quoted(column),
            or(hours.iter().map(|&hour| clock(hour)).collect()),
            or(hours.iter().map(zone).collect())
        ))
    }
}

/// The fewest cells whose times are no chance.
const LEAST: usize = 3;

/// The times of day of a column, gathered.
#[derive(Debug, Default)]
pub struct Seen {
    cells: usize,
    timed: bool,
    naive: bool,
    /// Whether all times are said to be of UTC.
    utc: bool,
    /// Up to three of them.
    hours: Vec<f64>,
}

impl Seen {
    /// Takes a date with this hour, if it has a time, which may be said to be of UTC.
    pub fn add(&mut self, hour: Option<f64>, utc: bool) {
        // Midnight throughout is how a date is written that has no time.
        let timed = hour.is_some_and(|hour| hour > 0.0);
        self.timed |= timed;
        self.naive |= timed && !utc;
        // Days without a time say nothing of the others.
        if hour.is_some() {
            self.utc = utc && (self.utc || self.cells == 0);
            self.cells += 1;
        }
        if let Some(hour) = hour
            && self.hours.len() <= 2
            && !self.hours.contains(&hour)
        {
            self.hours.push(hour);
        }
    }

    /// Whether there are times of day, and what they tell.
    pub fn finish(mut self) -> (bool, Times) {
        self.hours.sort_by(f64::total_cmp);
        let times = match () {
            () if self.naive => Times::Naive,
            () if self.timed && self.utc && self.cells >= LEAST && self.are_midnights() => {
                Times::Midnights(self.hours)
            }
            () => Times::Plain,
        };
        (self.timed, times)
    }

    fn are_midnights(&self) -> bool {
        // Clocks differ from UTC by whole quarters of an hour.
        let whole = self.hours.iter().all(|hour| (hour * 4.0).fract() == 0.0);
        let apart = match self.hours.as_slice() {
            [_] => true,
            [a, b] => [0.5, 1.0, 23.0, 23.5].contains(&(b - a)),
            _ => false,
        };
        whole && apart
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::lookup::Identity;
    use super::super::super::number::NumberFormat;
    use super::*;

    fn seen(cells: &[(Option<f64>, bool)]) -> (bool, Times) {
        let mut seen = Seen::default();
        cells.iter().for_each(|(hour, utc)| seen.add(*hour, *utc));
        seen.finish()
    }

    #[test]
    fn days_and_times_of_utc_are_plain() {
        let (day, midnight) = ((None, false), (Some(0.0), true));
        assert_eq!(seen(&[day; 9]), (false, Times::Plain));
        assert_eq!(seen(&[midnight; 9]), (false, Times::Plain));
        assert_eq!(seen(&[(Some(0.0), false); 9]), (false, Times::Plain));
        let hours = [0.0, 9.0, 13.5].map(|hour| (Some(hour), true));
        assert_eq!(seen(&hours), (true, Times::Plain));
        // Not every quarter of an hour is midnight somewhere, but only they are.
        assert_eq!(seen(&[(Some(22.1), true); 9]), (true, Times::Plain));
        // A day without a time is no other hour.
        let mixed = [(Some(22.0), true), day, (Some(22.0), true), day, (Some(22.0), true)];
        assert_eq!(seen(&mixed), (true, Times::Midnights(vec![22.0])));
        // One may be chance.
        assert_eq!(seen(&[(Some(22.0), true); 2]), (true, Times::Plain));
        let far = [22.0, 20.0, 22.0].map(|hour| (Some(hour), true));
        assert_eq!(seen(&far), (true, Times::Plain));
        assert_eq!(seen(&[(Some(22.0), true), day, (Some(22.0), true)]), (true, Times::Plain));
    }

    #[test]
    fn categories_may_be_midnights_too() {
        let of = |names: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            Times::of_categories(&Categories::new(names, NumberFormat::POINT, Identity::Value))
        };
        let days = ["2024-01-01T23:00:00.000Z", "2024-01-02T23:00:00.000Z"];
        assert_eq!(of(&days), Times::Plain);
        let third = "2024-07-03T22:00:00.000Z";
        assert_eq!(of(&[days[0], days[1], third]), Times::Midnights(vec![22.0, 23.0]));
        assert_eq!(of(&[days[0], days[1], third, "never"]), Times::Plain);
        assert_eq!(of(&["2024-01-01", "2024-01-02", "2024-01-03"]), Times::Plain);
    }

    #[test]
    fn times_without_utc_are_naive() {
        let cells = [(Some(9.0), false), (Some(22.0), true), (None, false)];
        assert_eq!(seen(&cells), (true, Times::Naive));
    }

    #[test]
    fn one_hour_or_two_next_to_each_other_are_midnights() {
        for (hours, zones) in [
            (vec![22.0, 23.0], "UTC+02:00 or UTC+01:00"),
            (vec![4.0, 5.0], "UTC-04:00 or UTC-05:00"),
            (vec![18.5], "UTC+05:30"),
            (vec![18.25], "UTC+05:45"),
            (vec![13.0, 13.5], "UTC+11:00 or UTC+10:30"),
            (vec![0.0, 23.0], "UTC or UTC+01:00"),
            (vec![0.0, 1.0], "UTC or UTC-01:00"),
        ] {
            let cells: Vec<_> = hours.iter().cycle().take(6).map(|h| (Some(*h), true)).collect();
            let (time, times) = seen(&cells);
            assert_eq!((time, &times), (true, &Times::Midnights(hours)));
            assert!(times.is_valid());
            let warning = times.warning("day").unwrap();
            assert!(warning.contains(&format!("midnight at {zones}.")), "{warning}");
            assert!(warning.contains("timeZone"), "{warning}");
        }
        assert!(Times::Midnights(vec![18.5]).warning("x").unwrap().contains("is 18:30 UTC"));
        assert_eq!(Times::Naive.warning("day"), None);
        assert!(!Times::Midnights(vec![]).is_valid());
        assert!(!Times::Midnights(vec![f64::NAN]).is_valid());
    }
}
