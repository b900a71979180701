//! Whether a training with some options takes the course of one with others.

use crate::error::{Code, Error, Result};
use serde_json::Value;

/// Whether the options are the same, but for `epochs` where it does not change the course.
pub fn admit_options(then: &Value, now: &Value, epochs: usize) -> Result<()> {
    let refuse = |option: String, why: String| {
        Err(Error::new(Code::Options, format!("{option}: {why}")).option(option))
    };
    let both = |then: &Value, now: &Value| {
        format!("the checkpoint was made with {}, found {}", shown(then), shown(now))
    };
    if let Some((option, then, now)) = difference("", then, now) {
        return refuse(option, both(then, now));
    }
    let (then_epochs, now_epochs) = (&then["epochs"], &now["epochs"]);
    if now_epochs.as_u64().is_none_or(|now| now < epochs as u64) {
        return refuse(
            "epochs".to_owned(),
            format!("the checkpoint has {epochs} behind it, found {}", shown(now_epochs)),
        );
    }
    if then_epochs != now_epochs && !is_even(now) {
        let why = both(then_epochs, now_epochs);
        let rule = "only with the schedule 'constant' may it change";
        return refuse("epochs".to_owned(), format!("{why}; {rule}"));
    }
    Ok(())
}

/// Whether nothing in the options goes by the share of the epochs that is done.
fn is_even(options: &Value) -> bool {
    let schedule = &options["schedule"];
    let others = ["weightDecaySchedule", "dropoutSchedule"];
    let is_constant = |value: &Value| value == "constant";
    (is_constant(schedule) || is_constant(&schedule["method"]))
        && others.into_iter().all(|option| is_constant(&options[option]))
}

/// The first option that differs, and both its values; `epochs` is left out.
fn difference<'a>(
    path: &str,
    then: &'a Value,
    now: &'a Value,
) -> Option<(String, &'a Value, &'a Value)> {
    let (Value::Object(old), Value::Object(new)) = (then, now) else {
        return (then != now).then(|| (path.to_owned(), then, now));
    };
    let gone = old.keys().filter(|key| !new.contains_key(*key));
    new.keys().chain(gone).filter(|key| !(path.is_empty() && *key == "epochs")).find_map(|key| {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        difference(&path, old.get(key).unwrap_or(&NONE), new.get(key).unwrap_or(&NONE))
    })
}

static NONE: Value = Value::Null;

/// A value of an option in words.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        value => value.to_string().chars().take(200).collect(),
    }
}
