//! Everything that is printed for programs has the form that is documented.

use std::fs;

use jsonschema::Validator;
use serde_json::Value;

use crate::folder::{CLEAN, Folder, Said, TOPO, WARNS, WRONG, said};

fn read(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn validator(schema: &Value) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

#[track_caller]
fn holds(validator: &Validator, value: &Value, of: &str) {
    let errors = validator.iter_errors(value).map(|error| format!("{} at {}", error, error.instance_path()));
    let errors: Vec<String> = errors.collect();
    assert!(errors.is_empty(), "{of}: {}", errors.join("\n"));
}

/// The schema of `--format json`, without room for fields that it does not describe.
fn closed() -> Value {
    let mut schema = read("schemas/lint.schema.json");
    let mut open = vec![&mut schema];
    let mut objects = 0;
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => {
                if map.contains_key("properties") && map.get("type").is_some_and(|ty| ty == "object") {
                    map.insert("additionalProperties".into(), false.into());
                    objects += 1;
                }
                open.extend(map.values_mut());
            }
            Value::Array(values) => open.extend(values),
            _ => {}
        }
    }
    assert!(objects >= 7, "{objects}");
    schema
}

/// What is printed in one format on inputs of every kind.
fn outputs(format: &str) -> Vec<(String, Value)> {
    let shop = Folder::shop();
    let mut outputs = Vec::new();
    let mut add = |of: &str, said: Said| {
        let value = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{of}: {error}: {said:?}"));
        outputs.push((of.to_owned(), value));
    };
    add("shop", shop.lint(&["topo.kdl", "--pedantic", "--format", format]));
    add("nothing is shown", shop.lint(&["topo.kdl", "--ignore", "*", "--format", format]));
    add("stdin", said(&mut shop.command(&["lint", "-", "--format", format]), TOPO));
    let root = shop.path("topo.kdl");
    add("an absolute path", shop.lint(&[root.to_str().unwrap(), "--format", format]));
    let odd = "a folder/a%20b:c\u{e9}#?.kdl";
    let many =
        Folder::new(&[("clean.kdl", CLEAN), ("warns.kdl", WARNS), ("wrong.kdl", WRONG), ("no.kdl", "{"), (odd, WARNS)]);
    add(
        "several",
        many.lint(&["clean.kdl", "wrong.kdl", "no.kdl", "warns.kdl", "nothing.kdl", odd, "--format", format]),
    );
    add("none", Folder::new(&[]).lint(&["nothing.kdl", "--format", format]));

    // Every finding of every rule, and every error of the collection.
    let mut files: Vec<(String, String)> = Vec::new();
    for rule in hacc::lint::rules::ALL {
        for (n, part) in rule.page.split("\n```kdl bad\n").skip(1).enumerate() {
            files.push((format!("{}-{n}.kdl", rule.name), part.split("\n```").next().unwrap().to_owned()));
        }
    }
    for class in fs::read_dir("tests/broken").unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for case in fs::read_dir(&class).unwrap().map(|entry| entry.unwrap().path()) {
            if let Ok(text) = fs::read_to_string(case.join("broken.kdl")) {
                files.push((format!("{}.kdl", case.file_name().unwrap().to_str().unwrap()), text));
            }
        }
    }
    files.sort();
    files.dedup_by(|a, b| a.0 == b.0);
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let mut arguments: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    arguments.extend(["--pedantic", "--format", format]);
    add("everything", Folder::new(&files).lint(&arguments));
    outputs
}

#[test]
fn json_has_the_form_that_its_schema_says() {
    let (open, closed) = (validator(&read("schemas/lint.schema.json")), validator(&closed()));
    let outputs = outputs("json");
    for (of, value) in &outputs {
        holds(&open, value, of);
        holds(&closed, value, of);
    }
    let (_, everything) = outputs.last().unwrap();
    assert!(everything["diagnostics"].as_array().unwrap().len() > 200);
    // It would notice.
    for (pointer, wrong) in [
        ("/version", Value::from(2)),
        ("/diagnostics/0/level", "note".into()),
        ("/diagnostics/0/confidence", "sure".into()),
        ("/diagnostics/0/labels/0/line", 0.into()),
        ("/summary", Value::Null),
    ] {
        let mut mutated = outputs[0].1.clone();
        *mutated.pointer_mut(pointer).unwrap() = wrong;
        assert!(!open.is_valid(&mutated), "{pointer}");
    }
    let mut mutated = outputs[0].1.clone();
    mutated["diagnostics"][0]["undescribed"] = 1.into();
    assert!(open.is_valid(&mutated) && !closed.is_valid(&mutated));
}

#[test]
fn sarif_is_the_part_of_the_standard_that_hacc_uses() {
    let schema = validator(&read("tests/data/sarif-of-hacc.schema.json"));
    for (of, log) in outputs("sarif") {
        holds(&schema, &log, &of);
        let run = &log["runs"][0];
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"], "{of}");
        }
    }
    let mut mutated = outputs("sarif").swap_remove(0).1;
    mutated["runs"][0]["results"][0]["level"] = "advice".into();
    assert!(!schema.is_valid(&mutated));
}
