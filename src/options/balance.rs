//! The option `balance`: the name of a method, or `{ method, … }` with its parameters.

use super::fields::{Fields, choose, wrong};
use crate::balance::{About, METHODS, On, Plan};
use crate::error::{Code, Error, Result};
use serde_json::{Value, json};

const PLACES: [(&str, On); 2] =
    [("parameters", On::Parameters), ("representation", On::Representation)];

/// The largest fixed weight: past it, it cannot be meant.
const MOST_WEIGHT: f64 = 1e9;

/// Reads `balance`; equal weighting if not given.
pub fn read(options: &mut Fields) -> Result<Plan> {
    let methods = METHODS.map(|about| (about.name, about));
    match options.take("balance") {
        None => Ok(Plan::of(METHODS[0])),
        Some(name @ Value::String(_)) => {
            let plan = Plan::of(choose("balance", &name, &methods)?);
            match plan.method.weights {
                true => custom(Fields::new("balance", json!({ "method": name }))?, &methods),
                false => Ok(plan),
            }
        }
        Some(value) if value.is_object() => custom(Fields::new("balance", value)?, &methods),
        Some(other) => Err(wrong("balance", "the name of a method, or an object", &other)),
    }
}

fn custom(mut fields: Fields, methods: &[(&str, &'static About)]) -> Result<Plan> {
    let Some(method) = fields.choice("method", methods)? else {
        let message = "balance.method: expected the name of a method, found none";
        return Err(Error::new(Code::Options, message).option("balance.method"));
    };
    let mut plan = Plan::of(method);
    for (value, parameter) in plan.parameters.iter_mut().zip(method.parameters) {
        let given = fields.number(parameter.name, parameter.expected, parameter.fits)?;
        *value = given.unwrap_or(*value);
    }
    if method.weights {
        plan.weights = weights(&mut fields)?;
    }
    let whole = fields.whole("every", 1, 1_000_000)?;
    if let Some(every) = whole {
        if every > 1 && !method.can_wait() {
            return Err(refuse("every", method, "weighs by the Gramian of the gradients"));
        }
        plan.every = every as usize;
    }
    if let Some(on) = fields.choice("on", &PLACES)? {
        if on == On::Representation && !method.representation {
            return Err(refuse("on", method, "can take gradients in the representation"));
        }
        plan.on = on;
    }
    // Next to `momentum` of its own, SDMGrad's weights are smoothed by none.
    if !method.parameters.iter().any(|parameter| parameter.name == "momentum") {
        let momentum = fields
            .number("momentum", "a number from 0 up to but not 1", |x| (0.0..1.0).contains(&x))?;
        plan.momentum = momentum.unwrap_or(0.0);
    }
    fields.finish()?;
    Ok(plan)
}

fn refuse(option: &str, method: &About, what: &str) -> Error {
    let path = format!("balance.{option}");
    let message = format!("{path}: goes with a method that {what}, not with '{}'", method.name);
    Error::new(Code::Options, message).option(path)
}

/// The weights by task.
fn weights(fields: &mut Fields) -> Result<Vec<(String, f64)>> {
    let path = fields.path("weights");
    let expected = "an object of weights by task";
    match fields.take("weights") {
        Some(Value::Object(map)) if !map.is_empty() && !map.contains_key("$") => {
            let weight = |(name, value): (&String, &Value)| {
                let weight = value.as_f64().filter(|x| (0.0..=MOST_WEIGHT).contains(x));
                let expected = "a number from 0 to 1000000000";
                let path = format!("{path}.{name}");
                weight.map(|x| (name.clone(), x)).ok_or_else(|| wrong(&path, expected, value))
            };
            map.iter().map(weight).collect()
        }
        Some(other) => Err(wrong(&path, expected, &other)),
        None => {
            let message = format!("{path}: expected {expected}, found none");
            Err(Error::new(Code::Options, message).option(path))
        }
    }
}

/// The choice as a user would write it.
pub fn to_json(plan: &Plan) -> Value {
    let Plan { method, parameters, weights, on, every, momentum } = plan;
    let mut json = json!({ "method": method.name });
    for (parameter, value) in method.parameters.iter().zip(parameters) {
        json[parameter.name] = json!(value);
    }
    if method.weights {
        json["weights"] = weights.iter().map(|(name, x)| (name.clone(), json!(x))).collect();
    }
    if method.can_wait() {
        json["every"] = json!(every);
    }
    if method.representation {
        json["on"] = json!(super::fields::name(&PLACES, on));
    }
    if json.get("momentum").is_none() {
        json["momentum"] = json!(momentum);
    }
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::TrainOptions;

    fn parse(balance: Value) -> Result<Plan> {
        TrainOptions::parse(json!({ "balance": balance })).map(|options| options.fit.balance)
    }

    fn refused(balance: Value) -> (String, String) {
        let error = parse(balance).unwrap_err();
        assert_eq!(error.code(), Code::Options, "{error}");
        (error.to_string(), error.place().option.clone().unwrap_or_default())
    }

    #[test]
    fn equal_weighting_is_the_default() {
        let options = TrainOptions::parse(json!({})).unwrap();
        assert_eq!(options.fit.balance.method.name, "equal");
        assert_eq!(options.to_json()["balance"], json!({ "method": "equal", "momentum": 0.0 }));
    }

    #[test]
    fn every_method_is_understood_by_name_and_again() {
        for about in METHODS.into_iter().filter(|about| !about.weights) {
            let plan = parse(json!(about.name)).unwrap();
            assert_eq!(plan, Plan::of(about));
            assert_eq!(parse(to_json(&plan)).unwrap(), plan);
            for parameter in about.parameters {
                let fits = parameter.fits;
                assert!(fits(parameter.default) && !fits(f64::NAN), "{}", parameter.name);
            }
        }
        for given in [
            json!({ "method": "fixed", "weights": { "a.b": 2, "__proto__": 0 } }),
            json!({ "method": "cagrad", "c": 0.4, "every": 10, "on": "representation" }),
            json!({ "method": "mgda", "momentum": 0.9 }),
            json!({ "method": "sdmgrad", "momentum": 0.4, "every": 2 }),
            json!({ "method": "graddrop", "leak": 0.1, "on": "representation" }),
        ] {
            let plan = parse(given.clone()).unwrap();
            assert_eq!(parse(to_json(&plan)).unwrap(), plan);
            for (name, value) in given.as_object().unwrap() {
                let found = &to_json(&plan)[name];
                assert!(found == value || found.as_f64() == value.as_f64() || found.is_object());
            }
        }
        assert_eq!(parse(json!({ "method": "sdmgrad" })).unwrap().momentum, 0.0);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (given, option, words) in [
            (json!("pcgard"), "balance", "did you mean 'pcgrad'?"),
            (json!(3), "balance", "the name of a method, or an object, found 3"),
            (json!({}), "balance.method", "expected the name of a method, found none"),
            (json!({ "method": "imtlg" }), "balance.method", "did you mean 'imtl-g'?"),
            (json!("fixed"), "balance.weights", "an object of weights by task, found none"),
            (json!({ "method": "fixed", "weights": {} }), "balance.weights", "found an object"),
            (json!({ "method": "fixed", "weights": { "a": -1 } }), "balance.weights.a", "found -1"),
            (json!({ "method": "mgda", "weights": {} }), "balance.weights", "unknown option"),
            (json!({ "method": "cagrad", "c": -1 }), "balance.c", "from 0 to 1000000000, found -1"),
            (json!({ "method": "cagrad", "d": 1 }), "balance.d", "did you mean \"c\"?"),
            (json!({ "method": "dwa", "temprature": 1 }), "balance.temprature", "\"temperature\"?"),
            (json!({ "method": "stch", "warmup": 1.5 }), "balance.warmup", "a whole number"),
            (json!({ "method": "dwa", "every": 2 }), "balance.every", "not with 'dwa'"),
            (json!({ "method": "mgda", "every": 0 }), "balance.every", "from 1 to 1000000"),
            (
                json!({ "method": "moco", "on": "representation" }),
                "balance.on",
                "goes with a method that can take gradients in the representation, not with 'moco'",
            ),
            (json!({ "method": "mgda", "on": "params" }), "balance.on", "'parameters'"),
            (json!({ "method": "mgda", "momentum": 1 }), "balance.momentum", "but not 1"),
        ] {
            let (message, place) = refused(given);
            assert_eq!(place, option, "{message}");
            assert!(message.contains(words), "{message}");
        }
    }
}
