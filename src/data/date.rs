//! Reads a date, with or without a time of day, out of a text: ISO 8601, or day, month and year
//! once their order is known; and the little of the calendar that this takes.

use super::instant;
use super::number::{self, NumberFormat};
use super::table::Cell;
use super::worded;
use serde::{Deserialize, Serialize};

/// How dates are written that do not begin with the year: the order of day and month, or what their
/// numbers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DateOrder {
    /// `31/1/2011`; with dots, as in `31.1.2011`, always.
    DayFirst,
    /// `1/31/2011`.
    MonthFirst,
    /// Numbers: milliseconds since 1970.
    UnixMs,
    /// Numbers: seconds since 1970.
    UnixS,
    /// Numbers: days as Excel counts them.
    Excel,
    /// Numbers: year, month and day in eight digits.
    Compact,
    /// Times of day without a day.
    Clock,
}

/// A day of the calendar and, should one stand there, a time of that day. The clock time is kept
/// as written: an offset from UTC is read and left alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Date {
    /// From 1 to 9999.
    pub year: u32,
    /// From 1.
    pub month: u32,
    /// From 1.
    pub day: u32,
    /// The hour, with minutes and seconds as its fraction.
    pub hour: Option<f64>,
}

impl Date {
    /// Where in the year the day lies, from 0 to below 1; every month takes a twelfth.
    pub fn season(&self) -> f64 {
        let into = f64::from(self.day - 1) / f64::from(days_in(self.year, self.month));
        (f64::from(self.month - 1) + into) / 12.0
    }

    /// The day of the week, 0 for Monday.
    pub fn weekday(&self) -> u32 {
        // Sakamoto's method, which gives 0 for Sunday.
        const SHIFT: [u32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let year = self.year - u32::from(self.month < 3);
        let day =
            year + year / 4 - year / 100 + year / 400 + SHIFT[self.month as usize - 1] + self.day;
        (day + 6) % 7
    }
}

/// The days of a month.
pub fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The date in a text. One that begins with the year needs no order; any other does.
pub fn parse(text: &str, order: Option<DateOrder>) -> Option<Date> {
    let text = text.trim();
    // Most texts are no dates, and most of those do not begin with a digit.
    if !text.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    let (day, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let mark = day.find(['-', '/', '.'])?;
    let mark = char::from(day.as_bytes()[mark]);
    let mut parts = day.split(mark);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = match (a.len(), order) {
        (4, _) if mark != '.' => (a, b, c),
        (1 | 2, Some(DateOrder::DayFirst)) => (c, b, a),
        (1 | 2, Some(DateOrder::MonthFirst)) if mark != '.' => (c, a, b),
        _ => return None,
    };
    let year = digits(year, 4..=4).filter(|year| *year > 0)?;
    let month = digits(month, 1..=2).filter(|month| (1..=12).contains(month))?;
    let day = digits(day, 1..=2).filter(|day| (1..=days_in(year, month)).contains(day))?;
    let hour = match time {
        Some(time) => Some(hour(time)?),
        None => None,
    };
    Some(Date { year, month, day, hour })
}

/// The date in a cell; a number is one only in a column that says what its numbers count.
pub fn of(cell: Cell<'_>, order: Option<DateOrder>) -> Option<Date> {
    match cell {
        Cell::Missing => None,
        Cell::Number(number) => instant::of_number(number, order?),
        Cell::Text(text) => read(text, order).or_else(|| {
            let order = order.filter(|order| order.is_number())?;
            instant::of_number(number::parse(text, NumberFormat::POINT)?, order)
        }),
    }
}

/// The date in a cell of a column that is known to hold dates, also where a number can only be one.
pub fn of_known(cell: Cell<'_>, order: Option<DateOrder>) -> Option<Date> {
    of(cell, order).or_else(|| match cell {
        _ if order.is_some_and(|order| order.is_number() || order == DateOrder::Clock) => None,
        Cell::Missing => None,
        Cell::Number(number) => instant::of_any_number(number),
        Cell::Text(text) => instant::of_any_number(number::parse(text, NumberFormat::POINT)?),
    })
}

/// The date in a text of any form: as [`parse`] reads it, or with the name of a month and the like.
pub fn read(text: &str, order: Option<DateOrder>) -> Option<Date> {
    match order {
        Some(DateOrder::Clock) => worded::time(text),
        order => parse(text, order).or_else(|| worded::parse(text)),
    }
}

/// Whether a text holds a date that begins with the year.
pub fn is_moment(text: &str) -> bool {
    parse(text, None).is_some()
}

impl DateOrder {
    /// Whether dates are numbers.
    pub fn is_number(self) -> bool {
        use DateOrder::{Compact, Excel, UnixMs, UnixS};
        matches!(self, UnixMs | UnixS | Excel | Compact)
    }
}

/// Whether the time of day in such a text is said to be that of UTC.
pub fn says_utc(text: &str) -> bool {
    let text = text.trim();
    // `UTC`, and `GMT+0000 (Coordinated Universal Time)` of JavaScript.
    let text = text.split_once(" (").map_or(text, |(text, _)| text);
    text.ends_with(['Z', 'z'])
        || text.ends_with("UTC")
        || text.ends_with("GMT")
        || ["+00:00", "-00:00", "+0000", "-0000", "+00", "-00"].iter().any(|zone| {
            // The end of 2024-01-00 is no offset, nor is that of 05-00: a clock stands before one.
            text.strip_suffix(zone).is_some_and(|clock| clock.contains(':'))
        })
}

/// The hour of `5:00`, `05:00:00.5`, `5:00 PM`; then, if anything, `Z`, `UTC`, `GMT`, `+hh:mm`, `-hhmm`
/// or `+hh`, which may stand behind `UTC` or `GMT` too.
pub fn hour(text: &str) -> Option<f64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.'));
    let (clock, rest) = text.split_at(end.unwrap_or(text.len()));
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 1..=2)?;
    let minute = digits(parts.next()?, 2..=2).filter(|minute| *minute < 60)?;
    let second = match parts.next() {
        None => 0.0,
        Some(second) => {
            let (whole, fraction) = second.split_once('.').unwrap_or((second, "0"));
            // A leap second is one.
            digits(whole, 2..=2).filter(|second| *second <= 60)?;
            fraction.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
            second.parse::<f64>().ok()?
        }
    };
    if parts.next().is_some() {
        return None;
    }
    let hour = match rest.trim().to_ascii_lowercase().as_str() {
        "am" => hour % 12 + half_day(hour, 0)?,
        "pm" => hour % 12 + half_day(hour, 12)?,
        zone => {
            is_zone(zone).then_some(())?;
            Some(hour).filter(|hour| *hour < 24)?
        }
    };
    Some(f64::from(hour) + f64::from(minute) / 60.0 + second / 3600.0)
}

/// What the half of the day adds to an hour of the clock.
fn half_day(hour: u32, add: u32) -> Option<u32> {
    (1..=12).contains(&hour).then_some(add)
}

fn is_zone(text: &str) -> bool {
    let text = text.strip_prefix("utc").or_else(|| text.strip_prefix("gmt")).unwrap_or(text);
    let Some(offset) = text.strip_prefix(['+', '-']) else { return matches!(text, "" | "z") };
    let (hours, minutes) = match offset.len() {
        2 => (offset, "00"),
        _ => {
            offset.split_once(':').unwrap_or_else(|| offset.split_at_checked(2).unwrap_or(("", "")))
        }
    };
    digits(hours, 2..=2).is_some_and(|hours| hours < 24)
        && digits(minutes, 2..=2).is_some_and(|minutes| minutes < 60)
}

/// A number of so many digits and nothing else.
pub fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let plain = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use DateOrder::{DayFirst, MonthFirst};

    fn ymd(text: &str, order: Option<DateOrder>) -> Option<(u32, u32, u32)> {
        parse(text, order).map(|Date { year, month, day, .. }| (year, month, day))
    }

    #[test]
    fn a_year_first_needs_no_order() {
        for text in ["2011-01-31", "2011/1/31", " 2011-01-31 ", "2011-01-31T05:00Z"] {
            for order in [None, Some(DayFirst), Some(MonthFirst)] {
                assert_eq!(ymd(text, order), Some((2011, 1, 31)), "{text}");
            }
        }
    }

    #[test]
    fn day_and_month_go_by_their_order_and_dots_mean_the_day_is_first() {
        assert_eq!(ymd("1/2/2011", Some(DayFirst)), Some((2011, 2, 1)));
        assert_eq!(ymd("1/2/2011", Some(MonthFirst)), Some((2011, 1, 2)));
        assert_eq!(ymd("1-31-2011", Some(MonthFirst)), Some((2011, 1, 31)));
        assert_eq!(ymd("1/31/2011", Some(DayFirst)), None);
        assert_eq!(ymd("1.2.2011", Some(DayFirst)), Some((2011, 2, 1)));
        assert_eq!(ymd("1.2.2011", Some(MonthFirst)), None);
        assert_eq!(ymd("1/2/2011", None), None);
    }

    #[test]
    fn times_are_hours_as_written() {
        for (text, hour) in [
            ("2011-01-01", None),
            ("2011-01-01 05:00", Some(5.0)),
            ("2011-01-01T5:30:00", Some(5.5)),
            ("2011-01-01 23:00:00.250Z", Some(23.0 + 0.25 / 3600.0)),
            ("2011-01-01 05:00:00+00", Some(5.0)),
            ("2011-01-01T05:00-03:30", Some(5.0)),
            ("2011-01-01T05:00 +0100", Some(5.0)),
            ("2011-01-01 12:15 AM", Some(0.25)),
            ("2011-01-01 12:15 pm", Some(12.25)),
            ("2011-01-01 5:00 PM", Some(17.0)),
        ] {
            let found = parse(text, None).map(|date| date.hour);
            let same = match (found, hour) {
                (Some(Some(a)), Some(b)) => f64::abs(a - b) < 1e-12,
                (found, hour) => found == Some(hour),
            };
            assert!(same, "{text}: {found:?}");
        }
    }

    #[test]
    fn utc_is_said_by_z_or_an_offset_of_zero() {
        for text in [
            "2024-03-31T05:00Z",
            "2024-03-31 05:00 z",
            "2024-03-31T05:00:00.000+00:00",
            "2024-03-31 05:00+00",
            "2024-03-31 05:00-0000",
        ] {
            assert!(says_utc(text), "{text}");
        }
        for text in
            ["2024-03-31", "2024-03-31 05:00", "2024-03-31 05:00+02:00", "2024-03-31 05:00:00"]
        {
            assert!(!says_utc(text), "{text}");
        }
    }

    #[test]
    fn what_no_calendar_holds_is_no_date() {
        for text in [
            "2011-02-29",
            "1900-02-29",
            "2011-13-01",
            "2011-00-01",
            "2011-01-00",
            "0000-01-01",
            "2011-01",
            "2011",
            "20110101",
            "2011-01-01-01",
            "2011.01.01",
            "11-01-01",
            "x",
            "",
            "2011-01-01 ",
            "2011-01-01 24:00",
            "2011-01-01 5",
            "2011-01-01 05:60",
            "2011-1-1x",
            "2011-01-01 05:00 XM",
            "2011-01-01 13:00 PM",
            "2011-01-01 05:00+9",
            "1.5",
            "٢٠١١-01-01",
            "2011-01-01T05:00:00.x",
            "2011-01-01 05:00:00:00",
            "2011-01-01 05:00+é1",
        ] {
            let expected = text == "2011-01-01 ";
            assert_eq!(parse(text, None).is_some(), expected, "{text}");
        }
        assert!(parse("2000-02-29", None).is_some() && parse("2012-02-29", None).is_some());
    }

    #[test]
    fn weekdays_and_seasons_are_those_of_the_calendar() {
        for (text, weekday) in
            [("2011-01-01", 5), ("2026-11-23", 0), ("2000-02-29", 1), ("1970-01-01", 3)]
        {
            assert_eq!(parse(text, None).unwrap().weekday(), weekday, "{text}");
        }
        assert_eq!(parse("2011-01-01", None).unwrap().season(), 0.0);
        assert_eq!(parse("2011-07-01", None).unwrap().season(), 0.5);
    }
}
