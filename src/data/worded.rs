//! Dates in other forms than day, month and year as numbers: with the name of the month, as a month
//! or a quarter of a year, in digits without marks; and times of day alone.

use super::date::{self, Date, days_in, digits};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Years of two digits from here on are of the last century, as POSIX has it.
const CENTURY: u32 = 69;

/// The date in a text of one of these forms.
pub fn parse(text: &str) -> Option<Date> {
    let text = text.trim();
    // Most texts are no dates: such a date is short, and has a digit.
    if text.len() < 6 || text.len() > 80 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    month(text).or_else(|| quarter(text)).or_else(|| compact(text)).or_else(|| named(text))
}

/// A time of day alone, as on a day of no matter: `12:30`, `5:00 PM`.
pub fn time(text: &str) -> Option<Date> {
    let text = text.trim();
    let first = text.bytes().next()?;
    if !first.is_ascii_digit() || !text.contains(':') {
        return None;
    }
    let hour = Some(date::hour(text)?);
    Some(Date { year: 1970, month: 1, day: 1, hour })
}

/// `2024-01`, `2024/01` or `01/2024`: the first day of the month.
fn month(text: &str) -> Option<Date> {
    let (a, b) = text.split_once(['-', '/'])?;
    let (year, month) = if a.len() == 4 { (a, b) } else { (b, a) };
    // 2024-1 may be a number of something.
    first_of(digits(year, 4..=4)?, digits(month, 2..=2)?)
}

/// `2024-Q1`, `2024Q1`, `Q1 2024`: the first day of the quarter.
fn quarter(text: &str) -> Option<Date> {
    let at = text.find(['Q', 'q'])?;
    let of = |text: &str| digits(text, 1..=1).filter(|quarter| (1..=4).contains(quarter));
    let (year, quarter) = match at {
        0 => {
            let (quarter, year) = text[1..].split_at_checked(1)?;
            (year.strip_prefix([' ', '-', '/'])?, of(quarter)?)
        }
        _ => (text[..at].trim_end_matches([' ', '-', '/']), of(&text[at + 1..])?),
    };
    first_of(digits(year, 4..=4)?, 3 * quarter - 2)
}

fn first_of(year: u32, month: u32) -> Option<Date> {
    // 4711-03 is a number of something.
    let is = (1900..=2100).contains(&year) && (1..=12).contains(&month);
    is.then_some(Date { year, month, day: 1, hour: None })
}

/// `20240331T123000Z`; eight digits alone are a number.
fn compact(text: &str) -> Option<Date> {
    let (day, time) = text.split_once(['T', 't'])?;
    digits(day, 8..=8)?;
    let (clock, zone) = time.split_at(time.bytes().take_while(u8::is_ascii_digit).count());
    let clock = match clock.len() {
        4 => format!("{}:{}", &clock[..2], &clock[2..]),
        6 => format!("{}:{}:{}", &clock[..2], &clock[2..4], &clock[4..]),
        _ => return None,
    };
    date::parse(&format!("{}-{}-{}T{clock}{zone}", &day[..4], &day[4..6], &day[6..]), None)
}

/// `31 Jan 2024`, `January 31, 2024`, `31-JAN-24`, `Jan 2024`, with a weekday before and a time of day
/// behind it, as in e-mails and in what JavaScript writes.
fn named(text: &str) -> Option<Date> {
    if !text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let (mut day, mut clock) = (text, None);
    if let Some(colon) = text.find(':') {
        let start = text[..colon].rfind([' ', 'T', ',']).map_or(0, |at| at + 1);
        (day, clock) = (&text[..start], Some(&text[start..]));
    }
    let mut parts: Vec<&str> =
        day.split([' ', ',', '-', '/', '.']).filter(|part| !part.is_empty()).collect();
    if clock.is_some() && parts.last().is_some_and(|last| last.eq_ignore_ascii_case("at")) {
        parts.pop();
    }
    if parts.first().is_some_and(|first| name(first, &WEEKDAYS).is_some()) {
        parts.remove(0);
    }
    // `Wed Jan 31 10:00:00 2024`.
    if let (2, Some(text)) = (parts.len(), clock)
        && let Some((before, year)) = text.rsplit_once(' ')
        && digits(year, 4..=4).is_some()
    {
        clock = Some(before);
        parts.push(year);
    }
    let at = parts.iter().position(|part| name(part, &MONTHS).is_some())?;
    let month = name(parts[at], &MONTHS)?;
    parts.remove(at);
    let full = |text: &str| digits(text, 4..=4).filter(|year| *year > 0);
    let (year, day) = match (parts.as_slice(), at) {
        ([year], _) if clock.is_none() => (full(year)?, 1),
        ([day, year], 0 | 1) if ordinal(day).is_some() => {
            // Two digits are a year between two dashes only: `31-JAN-24`.
            let short = |year: &&str| at == 1 && text.contains('-') && year.len() == 2;
            let year = match full(year) {
                Some(year) => year,
                None => century(Some(*year).filter(short).and_then(|year| digits(year, 2..=2))?),
            };
            (year, ordinal(day)?)
        }
        ([year, day], 1) => (full(year)?, ordinal(day)?),
        _ => return None,
    };
    (1..=days_in(year, month)).contains(&day).then_some(())?;
    let hour = match clock {
        Some(clock) => {
            // `10:00:00 GMT+0100 (Central European Standard Time)`.
            let clock = clock.split('(').next().unwrap_or_default();
            Some(date::hour(clock)?)
        }
        None => None,
    };
    Some(Date { year, month, day, hour })
}

fn century(year: u32) -> u32 {
    if year < CENTURY { 2000 + year } else { 1900 + year }
}

/// A day of the month, as `31` or `31st`.
fn ordinal(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let suffix = text[end..].to_ascii_lowercase();
    matches!(suffix.as_str(), "" | "st" | "nd" | "rd" | "th").then_some(())?;
    digits(&text[..end], 1..=2)
}

/// The number, from 1, of the name that a text is in full or by its first three letters.
fn name(text: &str, names: &[&str]) -> Option<u32> {
    if text.len() < 3 || !text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let is = |name: &&str| {
        lower == **name || lower == name[..3] || (lower == "sept" && name.starts_with("sep"))
    };
    (1..).zip(names).find_map(|(number, name)| is(name).then_some(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ymd(text: &str) -> Option<(u32, u32, u32)> {
        parse(text).map(|Date { year, month, day, .. }| (year, month, day))
    }

    #[test]
    fn months_are_read_by_their_names() {
        for text in [
            "31 Jan 2024",
            "31 January 2024",
            "31st of January 2024",
            "Jan 31, 2024",
            "january 31st 2024",
            "31-JAN-2024",
            "31-Jan-24",
            "31/Jan/2024",
            "31.Jan.2024",
            "2024-Jan-31",
            "2024 January 31",
            "Wed, 31 Jan 2024 10:00:00 GMT",
            "Wed Jan 31 2024 10:00:00 GMT+0100 (Central European Standard Time)",
            "Wed Jan 31 10:00:00 2024",
            "Wednesday, January 31, 2024 at 10:00 AM",
            "Jan 31, 2024, 10:00:00 AM",
            "20240131T100000Z",
            "20240131T1000",
        ] {
            let known = (text != "31st of January 2024").then_some((2024, 1, 31));
            assert_eq!(ymd(text), known, "{text}");
            if text.contains(':') || text.contains('T') {
                assert_eq!(parse(text).unwrap().hour, Some(10.0), "{text}");
            }
        }
        for (at, month) in MONTHS.iter().enumerate() {
            for name in [month, &&month[..3]] {
                assert_eq!(ymd(&format!("5 {name} 1999")), Some((1999, at as u32 + 1, 5)));
            }
        }
        assert_eq!(ymd("5 Sept 1999"), Some((1999, 9, 5)));
        assert_eq!(ymd("05-MAR-68"), Some((2068, 3, 5)));
        assert_eq!(ymd("05-MAR-69"), Some((1969, 3, 5)));
    }

    #[test]
    fn months_and_quarters_begin_on_their_first_day() {
        for text in
            ["2024-07", "2024/07", "07/2024", "07-2024", "Jul 2024", "2024 July", "July, 2024"]
        {
            assert_eq!(ymd(text), Some((2024, 7, 1)), "{text}");
        }
        for text in ["2024-Q3", "2024Q3", "2024 q3", "Q3 2024", "Q3-2024", "2024/Q3"] {
            assert_eq!(ymd(text), Some((2024, 7, 1)), "{text}");
        }
    }

    #[test]
    fn what_is_no_such_date_is_none() {
        for text in [
            "",
            "2024",
            "2024-13",
            "2024-00",
            "2024-1",
            "4711-03",
            "1899-12",
            "2024-Q5",
            "Q0 2024",
            "2024Q",
            "30 Feb 2024",
            "32 Jan 2024",
            "Jan 24",
            "31 Jan 24",
            "24-Jan-2024-x",
            "May",
            "May 5",
            "5 Mai 2024",
            "Marching 2024 5",
            "Janx 2024",
            "31 Jan 2024 25:00",
            "Jan 2024 10:00",
            "2024013T1000",
            "20240131T10",
            "20241301T1000",
            "12:30",
            "Qé 2024",
            "31-01-é",
            "Monday 2024",
            "1st 2nd 2024",
            "31 Jan 2024 10:00 XYZ",
            "12 Main Street",
        ] {
            assert_eq!(ymd(text), None, "{text}");
        }
    }

    #[test]
    fn times_of_day_stand_alone() {
        for (text, hour) in [
            ("12:30", 12.5),
            ("00:00", 0.0),
            ("9:15:00", 9.25),
            ("5:00 PM", 17.0),
            ("12:30:00+01", 12.5),
        ] {
            assert_eq!(time(text).map(|date| date.hour), Some(Some(hour)), "{text}");
        }
        for text in ["", "12", "2:1", "24:00", "28:31", "12:60", "a:30", ":30", "2024-01-01 12:30"]
        {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
