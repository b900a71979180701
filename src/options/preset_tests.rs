//! What presets bring, and that what a user says counts in their place.

use super::super::{Ties, TrainOptions, Validation};
use super::*;
use crate::data::{TargetChoice, Task, TaskType};
use crate::graph::Norm;
use serde_json::{Value, json};

fn parse(value: Value) -> TrainOptions {
    TrainOptions::parse(value).unwrap()
}

/// Tasks of these types.
fn tasks(kinds: &[TaskType]) -> Vec<Task> {
    let task = |(nth, &kind): (usize, &TaskType)| Task {
        name: format!("t{nth}"),
        kind,
        reason: String::new(),
        weight: 1.0,
        classes: None,
        objective: TargetChoice::new("t", None).objective,
        clamp: false,
        unit: None,
    };
    kinds.iter().enumerate().map(task).collect()
}

#[test]
fn every_preset_is_understood_again() {
    for (name, preset) in Preset::ALL {
        for architecture in ["shared", "mmoe", "ple", "esmm", "aitm", "adatt"] {
            let model = json!({ "preset": name, "architecture": architecture });
            for kinds in [&[TaskType::Regression][..], &[TaskType::Classification]] {
                let options = parse(json!({ "model": model })).for_data(&tasks(kinds), 9, 20_000);
                assert_eq!(options.model.preset, preset);
                let mut json = options.to_json();
                json.as_object_mut().unwrap().retain(|_, value| !value.is_null());
                assert_eq!(parse(json).for_data(&[], 9, 20_000), options, "{name}, {architecture}");
            }
        }
        assert_eq!(parse(json!({ "model": name })), parse(json!({ "model": { "preset": name } })));
    }
}

#[test]
fn realmlp_goes_by_the_tasks() {
    use TaskType::{Classification, Count, Ordinal, Regression};
    let settled =
        |given: Value, kinds: &[TaskType]| parse(given).for_data(&tasks(kinds), 9, 20_000);
    for (kinds, activation, rate) in [
        (&[Classification][..], Activation::Selu, 0.04),
        (&[Regression], Activation::Mish, 0.2),
        (&[Regression, Ordinal], Activation::Selu, 0.04),
        (&[Regression, Count, Ordinal], Activation::Mish, 0.2),
    ] {
        let options = settled(json!({ "model": "realmlp" }), kinds);
        let found = (options.model.spec.activation, options.fit.learning_rate);
        assert_eq!(found, (activation, rate), "{kinds:?}");
        let accuracy = Selection::Metric { metric: Metric::Accuracy, task: None };
        let selection =
            if kinds == [Classification] { accuracy } else { Selection::MeanImprovement };
        assert_eq!((options.fit.selection, options.fit.ties), (selection, Ties::Last));
    }
    let own = json!({
        "model": { "preset": "realmlp", "activation": "relu" }, "learningRate": 0.1,
        "earlyStopping": { "patience": 3 },
    });
    let options = settled(own, &[Regression]);
    assert_eq!(options.model.spec.activation, Activation::Relu);
    assert_eq!((options.fit.learning_rate, options.fit.patience), (0.1, Some(3)));
    assert_eq!((options.fit.selection, options.fit.ties), (Selection::Loss, Ties::First));
    // Without validation rows there is nothing to choose by.
    let all = settled(json!({ "model": "realmlp", "validation": false }), &[Classification]);
    assert_eq!((all.validation, all.fit.selection), (Validation::None, Selection::Loss));
}

/// What the weight decay and the learning rate of each parameter are multiplied with.
fn factors(given: Value) -> Vec<(String, f32, f32)> {
    let options = parse(given).for_data(&tasks(&[TaskType::Regression]), 2, 20_000);
    let inputs = crate::graph::Inputs { numeric: 3, codes: vec![12] };
    let sketch = crate::graph::Sketch { continuous: vec![0, 2], edges: Vec::new() };
    let graph = options.compose(inputs, &[1], &sketch);
    graph.check().unwrap();
    let factors = graph.params.iter().map(|it| (it.name.clone(), it.decays(), it.rate));
    factors.collect()
}

#[test]
fn realmlp_decays_what_pytabkit_decays_and_as_fast() {
    // Of pytabkit 1.8.0, by hand: the factors of the learning rate, squared, where the factor of the
    // weight decay is 1; that of biases of layers is 0. Under the NTK parametrisation the rate of
    // the weights as they are kept here is that of the reference's through the root of the inputs.
    let own = ["numeric.waves", "numeric.periodic", "front", "embedding", "trunk", "head"];
    let decay = |name: &str| match name {
        "front.weight" => 36.0,
        name if name.starts_with("numeric.") || name.ends_with(".blend.weight") => 0.01,
        name if name.ends_with(".bias") => 0.0,
        _ => 1.0,
    };
    let found = factors(json!({ "model": { "preset": "realmlp", "hidden": [8, 8] } }));
    for name in own {
        assert!(found.iter().any(|(found, ..)| found.starts_with(name)), "{name}");
    }
    for (name, decays, rate) in found {
        assert!((decays - decay(&name)).abs() < 1e-6, "{name}: {decays}");
        if name.starts_with("numeric.") {
            assert!((rate - 0.1).abs() < 1e-6, "{name}: {rate}");
        }
    }
    // By rates of one's own, and as all other presets where decay joins the gradient.
    let own = json!({ "preset": "realmlp", "rates": { "front": 2, "embedding": 0.5 } });
    for (name, decays, _) in factors(json!({ "model": own })) {
        let expected = match &*name {
            "front.weight" => 4.0,
            name if name.starts_with("numeric.") => 0.25,
            name => decay(name),
        };
        assert!((decays - expected).abs() < 1e-6, "{name}: {decays}");
    }
    let matrices = |given: Value| {
        for (name, decays, _) in factors(given) {
            let flat = name.ends_with(".bias") || name.ends_with(".blend.weight");
            let flat =
                flat || name == "front.weight" || name.ends_with(".r") || name.ends_with(".s");
            assert_eq!(decays, if flat { 0.0 } else { 1.0 }, "{name}");
        }
    };
    matrices(json!({ "model": "realmlp", "optimizer": "adam" }));
    matrices(json!({ "model": "realmlp", "optimizer": "sgd" }));
    for (name, _) in Preset::ALL.into_iter().filter(|(name, _)| *name != "realmlp") {
        matrices(json!({ "model": { "preset": name, "front": true } }));
    }
    let members = factors(json!({ "model": "realmlp", "ensemble": 2 }));
    assert!(members.iter().any(|it| it.0 == "member.1.front.weight" && it.1 == 36.0));
}

#[test]
fn what_a_user_says_counts_in_a_presets_place() {
    for (name, _) in Preset::ALL {
        let options = parse(json!({
            "model": {
                "preset": name, "hidden": [7], "activation": "tanh", "dropout": 0.4, "members": 0,
                "embeddings": "none", "front": false, "rates": { "bias": 0.3 },
                "categories": { "width": 3, "deviation": 0.5 },
            },
            "features": { "scaling": "standard", "oneHot": 3 },
            "epochs": 7, "learningRate": 0.3, "batchSize": 9, "schedule": "one-cycle",
            "weightDecay": 0.5, "weightDecaySchedule": "constant", "dropoutSchedule": "constant",
            "optimizer": "adam", "gradientClip": 2, "earlyStopping": { "patience": 4 },
        }))
        .for_data(&tasks(&[TaskType::Regression]), 9, 20_000);
        let spec = &options.model.spec;
        assert_eq!((&*spec.hidden, spec.dropout, spec.members), (&[7][..], 0.4, 0), "{name}");
        assert_eq!((spec.activation, spec.front), (Activation::Tanh, false));
        assert!(spec.embeddings.is_none());
        assert_eq!((spec.categories.width(90), spec.categories.deviation(3)), (3, 0.5));
        assert_eq!(spec.rates.bias, 0.3);
        let preprocessing = options.schema.preprocessing;
        assert_eq!((preprocessing.scaling, preprocessing.one_hot), (Scaling::Standard, 3));
        let fit = &options.fit;
        assert_eq!((fit.epochs, fit.learning_rate, fit.batch_size), (7, 0.3, Some(9)));
        assert_eq!((fit.weight_decay, fit.gradient_clip), (0.5, Some(2.0)));
        assert_eq!(fit.schedule, Schedule::of(Curve::OneCycle));
        let both = (fit.weight_decay_schedule, fit.dropout_schedule);
        assert_eq!(both, (Curve::Constant, Curve::Constant));
        assert_eq!(fit.optimizer, OptimizerOptions::of(OptimizerKind::Adam));
        assert_eq!((fit.patience, &fit.selection), (Some(4), &Selection::Loss));
    }
}

#[test]
fn members_of_a_preset_give_way_to_what_they_do_not_go_with() {
    let members = |given: Value| parse(given).model.spec.members;
    assert!(members(json!({ "model": "tabm" })) > 0);
    for model in [
        json!({ "preset": "tabm", "hidden": [] }),
        json!({ "preset": "tabm", "norm": "layer" }),
        json!({ "preset": "tabm", "architecture": "mmoe" }),
    ] {
        assert_eq!(members(json!({ "model": model })), 0);
    }
    let options = parse(json!({ "model": "tabm", "ensemble": 3 }));
    assert_eq!((options.model.spec.members, options.ensemble), (0, 3));
    assert_eq!(options.model.spec.norm, Norm::None);
    for given in [
        json!({ "model": { "preset": "tabm", "members": 4, "norm": "layer" } }),
        json!({ "model": { "preset": "tabm", "members": 4 }, "ensemble": 3 }),
    ] {
        TrainOptions::parse(given).unwrap_err();
    }
    // The parametrisation holds for Adam alone.
    let sgd = parse(json!({ "model": "realmlp", "optimizer": "sgd" }));
    assert_eq!(sgd.model.spec.parametrization, Parametrization::Standard);
}

#[test]
fn wrong_options_of_categories_and_rates_are_refused() {
    for (model, option) in [
        (json!({ "categories": { "width": 0 } }), "model.categories.width"),
        (json!({ "categories": { "deviation": 0 } }), "model.categories.deviation"),
        (json!({ "categories": { "widht": 3 } }), "model.categories.widht"),
        (json!({ "categories": 3 }), "model.categories"),
        (json!({ "front": 1 }), "model.front"),
        (json!({ "rates": { "front": 0 } }), "model.rates.front"),
        (json!({ "rates": { "embedding": 1e4 } }), "model.rates.embedding"),
    ] {
        let error = TrainOptions::parse(json!({ "model": model })).unwrap_err();
        assert_eq!(error.place().option.as_deref(), Some(option), "{error}");
    }
}

#[test]
fn a_presets_embeddings_are_for_so_many_columns() {
    let settled = |given: Value, numbers| parse(given).for_data(&[], numbers, 20_000);
    for (name, preset) in Preset::ALL {
        let embeds = !preset.defaults().spec.embeddings.is_none();
        let few = settled(json!({ "model": name }), MOST_EMBEDDED);
        assert_eq!(!few.model.spec.embeddings.is_none(), embeds);
        let many = settled(json!({ "model": name }), MOST_EMBEDDED + 1);
        assert!(many.model.spec.embeddings.is_none());
        // It is told, so that it is understood again.
        let told = many.to_json()["model"].clone();
        assert_eq!(told.get("embeddings") == Some(&json!("none")), embeds, "{name}");
        assert_eq!(parse(json!({ "model": told })).model, many.model);
        let asked = json!({ "model": { "preset": name, "embeddings": "plr" } });
        assert!(!settled(asked, MOST_EMBEDDED + 1).model.spec.embeddings.is_none());
    }
}

#[test]
fn weights_are_averaged_from_so_many_rows_on_where_the_user_does_not_say() {
    let ema = |given: Value, rows| parse(given).for_data(&[], 1, rows).fit.ema;
    assert_eq!(
        [199, 200, 9_000_000].map(|rows| ema(json!({}), rows)),
        [None, Some(0.99), Some(0.99)]
    );
    assert_eq!(ema(json!({ "ema": 0.9 }), 50), Some(0.9));
    assert_eq!(ema(json!({ "ema": false }), 5_000), None);
    assert_eq!(ema(json!({ "model": "fast" }), 5_000), None);
    assert_eq!(ema(json!({ "model": "tabm" }), 50), Some(0.99));
}

#[test]
fn few_rows_have_more_epochs_where_the_user_does_not_say() {
    let settled = |given: Value, rows| {
        let fit = parse(given).for_data(&[], 1, rows).fit;
        (fit.epochs, fit.patience)
    };
    for (rows, epochs, patience) in
        [(1, 600, 96), (500, 600, 96), (1_000, 300, 48), (3_000, 100, 16), (9_000_000, 100, 16)]
    {
        assert_eq!(settled(json!({}), rows), (epochs, Some(patience)), "{rows}");
    }
    assert_eq!(settled(json!({ "epochs": 70 }), 500), (70, Some(16)));
    assert_eq!(settled(json!({ "validation": false }), 500), (100, Some(16)));
    let stopping = json!({ "earlyStopping": { "patience": 9 } });
    assert_eq!(settled(stopping, 500), (600, Some(9)));
    assert_eq!(settled(json!({ "earlyStopping": false }), 500), (600, None));
    for name in ["fast", "realmlp", "tabm", "article"] {
        let given = json!({ "model": name });
        assert_eq!(settled(given.clone(), 500), settled(given, 3_000), "{name}");
    }
}
