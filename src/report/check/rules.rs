//! The rules themselves: their list, and one explained.

use serde::Serialize;

use crate::{
    check::{Rule, rules},
    report::json_v1::render,
};

/// A line each: name, severity, whether it can be mended, what it finds.
#[must_use]
pub fn list() -> String {
    let width = rules::ALL.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let line = |rule: &Rule| {
        let mends = if rule.fixable { "fix" } else { "" };
        format!("{:width$}  {:7}  {mends:3}  {}\n", rule.id, rule.severity.word(), rule.finds)
    };
    rules::ALL.iter().map(line).collect()
}

/// One rule: what it finds, why that matters, what to do.
#[must_use]
pub fn explanation(rule: &Rule) -> String {
    let mends = match rule.fixable {
        true => "yes, where key and certificate are known beyond doubt",
        false => "no",
    };
    format!(
        "{}\n  severity  {}\n  finds     {}\n  why       {}\n  remedy    {}\n  --fix     {mends}\n",
        rule.id,
        rule.severity.word(),
        rule.finds,
        rule.why,
        rule.remedy,
    )
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    rules: Vec<RuleV1>,
}

#[derive(Serialize)]
struct RuleV1 {
    id: &'static str,
    severity: &'static str,
    finds: &'static str,
    why: &'static str,
    remedy: &'static str,
    fixable: bool,
}

impl RuleV1 {
    fn of(rule: &Rule) -> Self {
        let Rule { id, severity, finds, why, remedy, fixable, .. } = *rule;
        Self { id, severity: severity.word(), finds, why, remedy, fixable }
    }
}

/// `certkit.check-rules/1`, with every rule.
#[must_use]
pub fn list_json() -> String {
    document(rules::ALL.iter())
}

/// `certkit.check-rules/1`, with one.
#[must_use]
pub fn explanation_json(rule: &Rule) -> String {
    document(std::iter::once(rule))
}

fn document<'a>(rules: impl Iterator<Item = &'a Rule>) -> String {
    render(&Document { schema: "certkit.check-rules/1", rules: rules.map(RuleV1::of).collect() }, true)
}
