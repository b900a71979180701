//! Dates whose day or time hangs on a time zone that was not named, or is not that of the model.

use super::super::column::Column;
use super::super::table::Table;
use super::{Encoder, FeatureEncoder, code};
use crate::error::{Error, Result};

/// No time zone was named, and in that of the process a `Date` is another day or time than in UTC:
/// which of the two is meant cannot be known, and one of them would be answered wrongly.
pub(super) fn refuse_open(table: &Table, features: &[(&FeatureEncoder, &Column)]) -> Result<()> {
    let open = table.open_dates();
    for (feature, column) in features.iter().filter(|_| !open.is_empty()) {
        let open = open.of(column.name());
        let Some((reading, learnt)) = open.and_then(|open| feature.open(open)) else { continue };
        let message = format!(
            "this Date is {} in UTC and {} in the time zone of this process, and the model learnt \
             {learnt}; say with the option timeZone which is meant: 'UTC', 'local' or a zone such \
             as 'Europe/Berlin'",
            reading.utc, reading.local
        );
        let error = Error::new(code(table), message).column(column.name()).option("timeZone");
        // As rows were given: some may have been left out since.
        return Err(error.row(reading.row));
    }
    Ok(())
}

impl Encoder {
    /// An error if dates are to be read by the clocks of a zone and some are numbers, which would be
    /// read in UTC.
    pub(super) fn refuse_instants(
        &self,
        table: &Table,
        features: &[(&FeatureEncoder, &Column)],
        rows: &[usize],
    ) -> Result<()> {
        let Some(zone) = self.time_zone.as_ref().filter(|zone| zone.name() != "UTC") else {
            return Ok(());
        };
        for (feature, column) in features.iter().filter(|(feature, _)| feature.times().is_some()) {
            let instant = rows.iter().find(|&&row| feature.is_instant(column.cell(row)));
            let Some(&row) = instant else { continue };
            let message = format!(
                "a date as a number is read in UTC, and timeZone is '{}'; give a Date instead, as \
                 new Date(milliseconds) makes one",
                zone.name()
            );
            let error = Error::new(code(table), message).column(column.name()).option("timeZone");
            return Err(table.place(error, row));
        }
        Ok(())
    }
}
