//! The trials of a search for the best options, as they are reported and kept with the model.

use crate::error::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One training of a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trial {
    /// Its number, counted from 0; the first has the user's own options.
    pub trial: usize,
    /// What was varied, as a user would write it.
    pub options: Value,
    /// The best epoch's score on the validation rows, lower being better; none for a trial that
    /// failed.
    pub score: Option<f64>,
    /// Epochs trained.
    pub epochs: usize,
    /// Seconds it took.
    pub seconds: f64,
    /// Whether none before it was better; in the table of a search that has ended, whether none is.
    pub best: bool,
    /// Whether the end of the search cut it short.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stopped: bool,
    /// Why there is no score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
}

/// Why a trial failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The error's code, as JavaScript sees it.
    pub code: String,
    /// The error in words, with its place.
    pub message: String,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Failure { code: error.code().as_str().to_owned(), message: error.to_string() }
    }
}

impl Trial {
    /// Whether it is the better of two, the earlier one of equals. One that failed never is.
    pub fn beats(&self, other: Option<&Trial>) -> bool {
        let Some(score) = self.score else { return false };
        let theirs = other.and_then(|other| Some((other.score?, other.trial)));
        theirs.is_none_or(|(least, trial)| score < least || (score == least && self.trial < trial))
    }
}

/// A search in a line of words.
pub fn words(trials: &[Trial]) -> Option<String> {
    let best = trials.iter().find(|trial| trial.best)?;
    let failed = trials.iter().filter(|trial| trial.error.is_some()).count();
    let failed = if failed > 0 { format!(", {failed} of which failed") } else { String::new() };
    let varied = match best.options.as_object() {
        Some(varied) if !varied.is_empty() => best.options.to_string(),
        _ => "the options as given".to_owned(),
    };
    let score = best.score.unwrap_or(f64::NAN);
    Some(format!(
        "{} trials{failed}; the best, {}, scored {score:.4} with {varied}",
        trials.len(),
        best.trial
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use serde_json::json;

    fn trial(trial: usize, score: Option<f64>) -> Trial {
        let error = score.is_none().then(|| Failure::from(&Error::new(Code::Diverged, "it grew")));
        let options = json!({ "learningRate": 0.1 });
        let (epochs, seconds, best, stopped) = (3, 0.5, trial == 1, false);
        Trial { trial, options, score, epochs, seconds, best, stopped, error }
    }

    #[test]
    fn the_lower_score_is_better_and_the_earlier_of_equals() {
        let (first, second, failed) = (trial(1, Some(0.5)), trial(2, Some(0.5)), trial(0, None));
        assert!(first.beats(Some(&second)) && !second.beats(Some(&first)));
        assert!(trial(9, Some(0.4)).beats(Some(&first)) && first.beats(None));
        assert!(!failed.beats(None) && first.beats(Some(&failed)));
    }

    #[test]
    fn a_trial_is_read_as_it_was_written_and_a_search_told_in_words() {
        let trials = [trial(0, None), trial(1, Some(0.25))];
        let text = serde_json::to_string(&trials).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Trial>>(&text).unwrap(), trials);
        assert!(text.contains(r#""error":{"code":"ERR_DIVERGED","message":"it grew"}"#), "{text}");
        let told = words(&trials).unwrap();
        let expected = "2 trials, 1 of which failed; the best, 1, scored 0.2500 with";
        assert!(told.starts_with(expected), "{told}");
        assert_eq!(words(&trials[..1]), None);
    }
}
