//! How well scores put positives before negatives: area under ROC, average precision.

use super::rows::Rows;
use super::weight::Mean;

/// Both figures of one ranking, or their means over several.
#[derive(Clone, Copy, Default)]
pub(super) struct Ranking {
    pub(super) roc_auc: Option<f64>,
    pub(super) average_precision: Option<f64>,
}

/// The second class against the first where there are two, else the mean over the classes, each
/// against the rest, for which the figure is defined. One sort a class.
pub(super) fn one_against_rest(rows: Rows) -> Ranking {
    let positives = match rows.classes {
        2 => 1..2,
        classes => 0..classes,
    };
    let mut occurs = vec![false; rows.classes];
    rows.observed().for_each(|row| occurs[row.label] = true);

    let mut scored = Vec::new();
    let (mut roc_auc, mut average_precision) = (Mean::default(), Mean::default());
    // A class no row has could only give undefined figures.
    for class in positives.filter(|&class| occurs[class]) {
        scored.clear();
        scored.extend(rows.observed().map(|row| Scored {
            score: row.probabilities[class],
            positive: row.label == class,
            weight: row.weight,
        }));
        let ranking = Ranking::of(&mut scored);
        if let Some(area) = ranking.roc_auc {
            roc_auc.add(area, 1.0);
        }
        if let Some(area) = ranking.average_precision {
            average_precision.add(area, 1.0);
        }
    }
    Ranking { roc_auc: roc_auc.get(), average_precision: average_precision.get() }
}

struct Scored {
    score: f64,
    positive: bool,
    weight: f64,
}

impl Ranking {
    /// Walks down the scores, ties together: each group of equal scores is one threshold.
    fn of(scored: &mut [Scored]) -> Ranking {
        scored.sort_unstable_by(|a, b| b.score.total_cmp(&a.score));
        let (mut positives, mut negatives) = (0.0, 0.0); // weight above the threshold
        let (mut under_roc, mut under_precision) = (0.0, 0.0);
        // `total_cmp` puts 0.0 before -0.0, beside each other; `==` ties them.
        for tied in scored.chunk_by(|a, b| a.score == b.score) {
            let (mut gained, mut lost) = (0.0, 0.0);
            for row in tied {
                *(if row.positive { &mut gained } else { &mut lost }) += row.weight;
            }
            // A negative lies below all positives before it, and ties with the gained.
            under_roc += lost * (positives + gained / 2.0);
            positives += gained;
            negatives += lost;
            if gained > 0.0 {
                under_precision += gained * (positives / (positives + negatives));
            }
        }
        Ranking {
            roc_auc: (positives > 0.0 && negatives > 0.0)
                .then(|| under_roc / positives / negatives),
            average_precision: (positives > 0.0).then(|| under_precision / positives),
        }
    }
}
