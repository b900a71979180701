//! The clocks that `Date` cells are read by, which `lib/zone.js` knows.

use crate::OpenDates;
use napi::bindgen_prelude::{Function, JsObjectValue, Object};

/// What JavaScript gives for a source or rows: an object of `named`, whether a time zone was named,
/// and `wall`, the text of an instant by the clocks of that zone, or of the process where none was.
/// Nothing for a source whose `Date` cells are read in UTC, and no question asked.
pub struct Clock<'env> {
    given: Option<Object<'env>>,
    /// Looked up for the first `Date`; most rows have none.
    read: Option<(bool, Function<'env, f64, String>)>,
    open: OpenDates,
}

impl<'env> Clock<'env> {
    /// Of what JavaScript gave.
    pub fn new(given: Option<Object<'env>>) -> Self {
        Clock { given, read: None, open: OpenDates::default() }
    }

    /// The text of a `Date` cell, whose text in UTC this is.
    pub fn text(
        &mut self,
        instant: f64,
        utc: String,
        row: u32,
        column: &str,
    ) -> napi::Result<String> {
        let Some(given) = &self.given else { return Ok(utc) };
        // What writes a day alone holds no instant, and says its day itself.
        if !utc.ends_with('Z') {
            return Ok(utc);
        }
        if self.read.is_none() {
            let named = given.get_named_property("named")?;
            self.read = Some((named, given.get_named_property("wall")?));
        }
        let Some((named, wall)) = &self.read else { return Ok(utc) };
        let wall = wall.call(instant)?;
        if *named {
            return Ok(wall);
        }
        self.open.see(column, row as usize, &utc, &wall);
        Ok(utc)
    }

    /// The cells that read otherwise in UTC than by the clocks of the process.
    pub fn open(self) -> OpenDates {
        self.open
    }
}
