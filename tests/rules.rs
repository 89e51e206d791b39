//! Every page of `docs/rules` is executed. A fence `kdl bad` must fire exactly the page's rule, with its labels exactly
//! on the marked lines; a fence `kdl good` must be silent. Marks are comments at the end of a line: `// <- error` (or
//! `warning`, `advice`: the level) for the main label of a finding, `// <- also` for its other labels. What is possible only
//! counts on the rule's own page: nobody is shown it who does not ask for everything.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use camino::Utf8Path;
use hacc::derive::Derived;
use hacc::diagnostic::Diagnostic;
use hacc::lint::{self, Confidence, Finding, Rule};
use hacc::mend::{Limits, mend};
use hacc::report::{Item, Style, Text, explain, literals, rule_list};
use hacc::source::SourceMap;
use hacc::system::{Lock, build};
use hacc::world::{Memory, Overlay};

/// One fenced example.
struct Example {
    bad: bool,
    /// Line of the page on which its text begins, from 1.
    line: usize,
    text: String,
}

fn examples(page: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut open = false;
    for (n, line) in page.lines().enumerate() {
        match (open, line.strip_prefix("```")) {
            (false, Some(info)) => {
                let bad = match info {
                    "kdl bad" => true,
                    "kdl good" => false,
                    other => panic!("line {}: a fence is `kdl bad` or `kdl good`, not `{other}`", n + 1),
                };
                found.push(Example { bad, line: n + 2, text: String::new() });
                open = true;
            }
            (true, Some(_)) => open = false,
            (true, None) => {
                let example = found.last_mut().unwrap();
                example.text.push_str(line);
                example.text.push('\n');
            }
            (false, None) => {}
        }
    }
    assert!(!open, "a fence stays open");
    found
}

/// Lines and what is marked on them: a level, or `also`.
fn marked(text: &str) -> BTreeSet<(u32, String)> {
    let mark = |(n, line): (usize, &str)| {
        let (_, mark) = line.rsplit_once("// <- ")?;
        Some((u32::try_from(n + 1).unwrap(), mark.trim().to_owned()))
    };
    text.lines().enumerate().filter_map(mark).collect()
}

struct Run {
    sources: SourceMap,
    findings: Vec<Finding>,
    hidden: Vec<hacc::source::Span>,
}

fn plain(found: &[Diagnostic], sources: &SourceMap) -> String {
    let text = Text::new(sources, &[], Style::default());
    let mut out = String::new();
    for diagnostic in found {
        text.render(diagnostic.into(), &mut out);
    }
    out
}

/// Rules about a topology as a whole: whether it is spread over its hosts, and who comes to its VIP. An example shows one
/// mistake in as few lines as can be; were it whole as well, its reader would look for the mistake among hosts and clients that
/// have nothing to do with it.
const WHOLE: [&str; 3] = ["spof-entry", "spof-host", "vip-on-bridge"];

/// Whether a finding counts on `rule`'s page.
fn shown(rule: &Rule, finding: &Finding) -> bool {
    let code = finding.diagnostic.code;
    code == rule.name || finding.confidence > Confidence::Possible && !WHOLE.contains(&code)
}

/// What is found in an example of `rule`'s page.
fn lint(rule: &Rule, text: &str) -> Result<Run, String> {
    let world = Memory::new().file("topo.kdl", text);
    let mut sources = SourceMap::new();
    let topology = match hacc::topology::load(&world, Utf8Path::new("topo.kdl"), &mut sources) {
        Ok(topology) => topology,
        Err(found) => return Err(plain(&found, &sources)),
    };
    let built = build(&topology, &Lock::default()).map_err(|found| plain(&found, &sources))?;
    let derived = Derived::of(&built.system);
    let mut outcome = lint::run(&built.system, &derived, Some(&topology));
    lint::fix::settle(&sources, &mut outcome.findings);
    if !outcome.errors.is_empty() {
        return Err(plain(&outcome.errors, &sources));
    }
    let findings = outcome.findings.into_iter().filter(|finding| shown(rule, finding)).collect();
    Ok(Run { sources, findings, hidden: literals(&topology) })
}

impl Run {
    fn line(&self, span: hacc::source::Span) -> u32 {
        self.sources.place_of(span).expect("a label lies in a text").line
    }

    /// What fired where, as [`marked`] says it.
    fn fired(&self) -> BTreeSet<(u32, String)> {
        let mains = self.findings.iter().filter_map(|finding| {
            Some((self.line(finding.diagnostic.labels.first()?.span), finding.level.word().to_owned()))
        });
        let mains: BTreeSet<_> = mains.collect();
        let others = self.findings.iter().flat_map(|finding| finding.diagnostic.labels.iter().skip(1));
        let others = others.map(|label| (self.line(label.span), "also".to_owned()));
        // Several labels on the main line are marked once.
        let others: Vec<_> = others.filter(|(line, _)| !mains.iter().any(|(main, _)| main == line)).collect();
        mains.into_iter().chain(others).collect()
    }

    fn text(&self) -> String {
        let text = Text::new(&self.sources, &self.hidden, Style::default());
        let mut out = String::new();
        for finding in &self.findings {
            text.render(Item::from(finding), &mut out);
        }
        out
    }
}

/// What is wrong with one example; empty where nothing is.
fn judge(rule: &Rule, example: &Example) -> String {
    let mut out = String::new();
    let run = match lint(rule, &example.text) {
        Ok(run) => run,
        Err(errors) => return format!("does not build:\n{errors}"),
    };
    for finding in run.findings.iter().filter(|finding| finding.diagnostic.code != rule.name) {
        let _ = writeln!(out, "fires `{}` too", finding.diagnostic.code);
    }
    let (fired, marked) = (run.fired(), marked(&example.text));
    if example.bad && run.findings.is_empty() {
        out.push_str("is silent\n");
    }
    if !example.bad && !marked.is_empty() {
        out.push_str("is good and has marks\n");
    }
    for (line, what) in fired.difference(&marked) {
        let _ = writeln!(out, "line {line} is labelled ({what}) and not marked so");
    }
    for (line, what) in marked.difference(&fired) {
        let _ = writeln!(out, "line {line} is marked ({what}) and not labelled so");
    }
    for finding in &run.findings {
        if finding.diagnostic.help.is_none() || finding.diagnostic.note.is_none() {
            out.push_str("says not what happens, or not what to write\n");
        }
    }
    if !out.is_empty() {
        out.push_str(&run.text());
    }
    out
}

#[test]
fn every_page_is_true() {
    let mut wrong = String::new();
    for rule in lint::rules::ALL {
        let examples = examples(rule.page);
        for kind in [true, false] {
            if !examples.iter().any(|example| example.bad == kind) {
                let _ = writeln!(wrong, "── {}: no {} example", rule.name, if kind { "bad" } else { "good" });
            }
        }
        for example in examples {
            let complaint = judge(rule, &example);
            if !complaint.is_empty() {
                let kind = if example.bad { "bad" } else { "good" };
                let _ = writeln!(wrong, "── docs/rules/{}.md:{} ({kind}) {complaint}", rule.name, example.line);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// How often each rule fires.
fn counts(findings: &[Finding]) -> BTreeMap<&'static str, usize> {
    findings.iter().fold(BTreeMap::new(), |mut counts, finding| {
        *counts.entry(finding.diagnostic.code).or_default() += 1;
        counts
    })
}

/// Each fix for itself: its finding is gone, and nothing new has come. Then all together, as `hacc lint --fix-unsafe` does it.
#[test]
fn every_fix_of_a_bad_example_mends_it() {
    let mut wrong = String::new();
    let mut rules = BTreeSet::new();
    for rule in lint::rules::ALL {
        for example in examples(rule.page).into_iter().filter(|example| example.bad) {
            let run = lint(rule, &example.text).unwrap();
            let before = counts(&run.findings);
            for finding in &run.findings {
                let Some(fix) = &finding.fix else { continue };
                rules.insert(finding.diagnostic.code);
                let applied = lint::fix::apply(&run.sources, &[fix]);
                let mended = applied.texts.values().next().expect("a fix changes something");
                let complaint = match lint(rule, mended) {
                    Err(errors) => errors,
                    Ok(again) => {
                        let after = counts(&again.findings);
                        let mut expected = before.clone();
                        *expected.get_mut(finding.diagnostic.code).unwrap() -= 1;
                        let more = after.iter().any(|(rule, count)| count > expected.get(rule).unwrap_or(&0));
                        if more { again.text() } else { String::new() }
                    }
                };
                if !complaint.is_empty() {
                    let place = format!("docs/rules/{}.md:{}", rule.name, example.line);
                    let _ = writeln!(wrong, "── {place}: {}\n{mended}\n{complaint}", fix.title);
                }
            }
            let fixable = run.findings.iter().filter(|finding| finding.fix.is_some()).count();
            let world = Memory::new().file("topo.kdl", example.text.as_str());
            let limits = Limits { behaviour: true, wanted: &|finding| shown(rule, finding), may_edit: &|_| true };
            let all = mend(Overlay::over(&world), Utf8Path::new("topo.kdl"), &Lock::default(), limits).unwrap();
            let text = all.files.first().map_or(example.text.as_str(), |file| &file.after);
            let left = lint(rule, text).unwrap().findings;
            if left.len() > run.findings.len() - fixable || left.iter().any(|finding| finding.fix.is_some()) {
                let _ = writeln!(wrong, "── docs/rules/{}.md:{}: all together\n{text}", rule.name, example.line);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(rules.len() >= 8, "only {rules:?} have fixes");
}

#[test]
fn every_rule_has_its_page_and_every_page_its_rule() {
    let mut pages: Vec<String> = fs::read_dir("docs/rules")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.strip_suffix(".md").expect("only pages").to_owned())
        .collect();
    pages.sort();
    let names: Vec<&str> = lint::rules::ALL.iter().map(|rule| rule.name).collect();
    assert_eq!(pages, names, "pages and rules, both in alphabetical order");
    for rule in lint::rules::ALL {
        assert!(rule.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.name);
        let head = format!("# {}\n\nLevel: {}\n\n", rule.name, rule.level.word());
        assert!(rule.page.starts_with(&head), "{}.md begins otherwise than {head:?}", rule.name);
        for section in ["\n## What happens\n", "\n## What to write\n"] {
            assert!(rule.page.contains(section), "{}.md has no section {section:?}", rule.name);
        }
    }
}

/// The text of every bad example's findings, for a reader.
#[test]
fn what_the_bad_examples_say() {
    for rule in lint::rules::ALL {
        let mut out = String::new();
        for example in examples(rule.page).into_iter().filter(|example| example.bad) {
            out.push_str(&lint(rule, &example.text).unwrap().text());
        }
        insta::assert_snapshot!(rule.name, out);
    }
}

#[test]
fn the_list_of_rules_and_a_page_as_text() {
    insta::assert_snapshot!("list-of-rules", rule_list());
    insta::assert_snapshot!("explain-vrid-mismatch", explain(lint::rule("vrid-mismatch").unwrap()));
}
