//! Dates as numbers: milliseconds or seconds since 1970, serial numbers of Excel's, and the digits of
//! year, month and day.

use super::date::{Date, DateOrder, days_in};

const DAY: f64 = 86_400_000.0;

/// The date and the time of day of an instant, in milliseconds since 1970 in UTC; none outside the
/// years 1 to 9999.
pub fn of_instant(instant: f64) -> Option<Date> {
    let instant = instant.floor();
    let day = (instant / DAY).floor();
    let hour = (instant - day * DAY) / 3_600_000.0;
    // Further days than these are no years of four digits.
    if day.is_nan() || day.abs() > 4e6 {
        return None;
    }
    // The algorithm of Howard Hinnant's civil_from_days, on days from 0000-03-01.
    let day = day as i64 + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let date = Date {
        year: u32::try_from(year).ok()?,
        month: month as u32,
        day: (of_year - (153 * shifted + 2) / 5 + 1) as u32,
        hour: Some(hour),
    };
    (1..=9999).contains(&date.year).then_some(date)
}

/// The instant of a date read as one of UTC, in whole milliseconds since 1970.
pub fn instant_of(date: &Date) -> f64 {
    // The algorithm of Howard Hinnant's days_from_civil.
    let shifted = i64::from(date.month + 9) % 12;
    let year = i64::from(date.year) - i64::from(date.month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * shifted + 2) / 5 + i64::from(date.day) - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    days as f64 * DAY + (date.hour.unwrap_or(0.0) * 3_600_000.0).round()
}

/// The same as text, `2024-03-31T05:00:00.000Z`.
pub fn date_of_instant(instant: f64) -> Option<String> {
    let Date { year, month, day, .. } = of_instant(instant)?;
    let of_day = instant.floor().rem_euclid(DAY) as u32;
    let (seconds, milliseconds) = (of_day / 1000, of_day % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Some(format!(
        "{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}Z"
    ))
}

/// The date of a number that stands for one in this way; none of ways in which no number does.
pub fn of_number(number: f64, order: DateOrder) -> Option<Date> {
    match order {
        DateOrder::UnixMs => of_instant(number),
        DateOrder::UnixS => of_instant(number * 1000.0),
        DateOrder::Excel => of_serial(number),
        DateOrder::Compact => of_digits(number),
        // As Excel has a time without a day.
        DateOrder::Clock => {
            let is = (0.0..1.0).contains(&number);
            is.then_some(Date { year: 1970, month: 1, day: 1, hour: Some(number * 24.0) })
        }
        DateOrder::DayFirst | DateOrder::MonthFirst => None,
    }
}

/// The date of a number in a column of dates that did not say how numbers stand for them: only if
/// it can be one in one way.
pub fn of_any_number(number: f64) -> Option<Date> {
    match number {
        // From 1973 to 2286, and milliseconds from 1973 on.
        1e8..1e10 => of_number(number, DateOrder::UnixS),
        1e11.. => of_number(number, DateOrder::UnixMs),
        // From 1927 to 2119: small numbers stand for much else.
        1e4..8e4 => of_number(number, DateOrder::Excel),
        _ => of_digits(number),
    }
}

/// Whether a number is a date only as an instant, which lies in no time zone.
pub fn is_instant(number: f64, order: Option<DateOrder>) -> bool {
    match order {
        Some(DateOrder::UnixMs | DateOrder::UnixS) => true,
        Some(DateOrder::Excel | DateOrder::Compact | DateOrder::Clock) => false,
        _ => number.abs() >= 1e8,
    }
}

/// Year, month and day in eight digits, of the years 1900 to 2100.
pub fn of_digits(number: f64) -> Option<Date> {
    if number.fract() != 0.0 || !(19_000_000.0..21_010_000.0).contains(&number) {
        return None;
    }
    let number = number as u32;
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let is = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    is.then_some(Date { year, month, day, hour: None })
}

/// A serial number of Excel's: days, of which 1 is 1900-01-01 and 60 the 29th of February 1900, which
/// never was.
fn of_serial(serial: f64) -> Option<Date> {
    if !(1.0..2_958_466.0).contains(&serial) || (60.0..61.0).contains(&serial) {
        return None;
    }
    let epoch = if serial < 60.0 { 25_568.0 } else { 25_569.0 };
    let date = of_instant(((serial - epoch) * DAY).round())?;
    let hour = date.hour.filter(|_| serial.fract() != 0.0);
    Some(Date { hour, ..date })
}

#[cfg(test)]
mod tests {
    use super::super::date::parse;
    use super::*;

    fn ymd(date: Option<Date>) -> Option<(u32, u32, u32)> {
        date.map(|Date { year, month, day, .. }| (year, month, day))
    }

    #[test]
    fn dates_are_instants_again() {
        for day in (-719_162_i32..2_932_896).step_by(97) {
            let instant = f64::from(day) * DAY + f64::from(day.rem_euclid(86_400_000));
            assert_eq!(instant_of(&of_instant(instant).unwrap()), instant, "{day}");
        }
    }

    #[test]
    fn instants_are_dates_of_the_calendar() {
        for (instant, text) in [
            (0.0, "1970-01-01T00:00:00.000Z"),
            (-1.0, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000.0, "2000-02-29T00:00:00.000Z"),
            (1_709_641_800_500.75, "2024-03-05T12:30:00.500Z"),
            (-2_203_891_200_001.0, "1900-02-28T23:59:59.999Z"),
            (-62_135_596_800_000.0, "0001-01-01T00:00:00.000Z"),
            (253_402_300_799_999.0, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(date_of_instant(instant).as_deref(), Some(text));
            let (date, read) = (of_instant(instant).unwrap(), parse(text, None).unwrap());
            assert_eq!(ymd(Some(date)), ymd(Some(read)));
            assert!((date.hour.unwrap() - read.hour.unwrap()).abs() < 1e-9, "{text}");
        }
        for instant in [-62_135_596_800_001.0, 253_402_300_800_000.0, f64::NAN, 1e300] {
            assert_eq!(date_of_instant(instant), None, "{instant}");
        }
        // Every day of a cycle of the calendar, by the days of its months.
        let (mut day, mut known) = (0.0, (1970, 1, 1));
        for _ in 0..146_097 {
            assert_eq!(ymd(of_instant(day * DAY)), Some(known));
            day += 1.0;
            known = match known {
                (y, m, d) if d < days_in(y, m) => (y, m, d + 1),
                (y, m, _) if m < 12 => (y, m + 1, 1),
                (y, _, _) => (y + 1, 1, 1),
            };
        }
    }

    #[test]
    fn serial_numbers_are_those_of_excel() {
        let serial = |number| of_number(number, DateOrder::Excel);
        for (number, date) in [
            (1.0, (1900, 1, 1)),
            (59.0, (1900, 2, 28)),
            (61.0, (1900, 3, 1)),
            (45_296.0, (2024, 1, 5)),
            (2_958_465.0, (9999, 12, 31)),
        ] {
            assert_eq!(ymd(serial(number)), Some(date), "{number}");
            assert_eq!(serial(number).unwrap().hour, None);
        }
        assert_eq!(serial(45_296.75).unwrap().hour, Some(18.0));
        for number in [0.0, 0.5, 60.0, 60.5, -3.0, 2_958_466.0, f64::NAN] {
            assert_eq!(serial(number), None, "{number}");
        }
    }

    #[test]
    fn a_number_is_a_date_where_it_can_be_one_in_one_way_only() {
        for (number, date) in [
            (1_709_641_800_000.0, (2024, 3, 5)),
            (1_709_641_800.0, (2024, 3, 5)),
            (45_296.25, (2024, 1, 5)),
            (20_240_331.0, (2024, 3, 31)),
        ] {
            assert_eq!(ymd(of_any_number(number)), Some(date), "{number}");
        }
        for number in [0.0, 17.0, -5.0, 90_000.0, 20_241_331.0, 20_230_229.0, 5e10, 1e15, f64::NAN]
        {
            assert_eq!(of_any_number(number), None, "{number}");
        }
        assert!(is_instant(1.7e12, None) && is_instant(5.0, Some(DateOrder::UnixS)));
        assert!(!is_instant(45_296.0, None) && !is_instant(1e9, Some(DateOrder::Excel)));
    }
}
