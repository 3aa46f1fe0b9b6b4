//! The app's rewrite rule for `/api`, which makes the functions available on the page's origin.

use anyhow::Result;
use serde_json::{Value, json};

use crate::aws::Account;

/// The paths that the page calls.
const SOURCE: &str = "/api/<*>";

pub(super) fn update_app<'a>(app_id: &'a str, rules: &'a str) -> [&'a str; 6] {
    ["amplify", "update-app", "--app-id", app_id, "--custom-rules", rules]
}

/// Rewrites `/api` to this URL. Other rules, and their order, are kept.
pub(super) fn set(account: &Account<'_>, app: &Value, app_id: &str, api: &str) -> Result<()> {
    let before = app["customRules"].as_array().cloned().unwrap_or_default();
    let after = with_rule(&before, api);
    if after != before {
        account.run(&update_app(app_id, &Value::Array(after).to_string()))?;
    }
    Ok(())
}

/// The rules of an app, without the one for `/api`.
pub(super) fn of_page(app: &Value) -> Vec<Value> {
    app["customRules"].as_array().into_iter().flatten().filter(|rule| rule["source"] != SOURCE).cloned().collect()
}

/// The first matching rule applies, so a new one is inserted before those for the page.
fn with_rule(rules: &[Value], api: &str) -> Vec<Value> {
    let rule = json!({"source": SOURCE, "target": format!("{}/api/<*>", api.trim_end_matches('/')), "status": "200"});
    let mut rules = rules.to_vec();
    match rules.iter_mut().find(|rule| rule["source"] == SOURCE) {
        Some(found) => *found = rule,
        None => rules.insert(0, rule),
    }
    rules
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::with_rule;

    const API: &str = "https://abc.lambda-url.us-east-1.on.aws/";

    fn rule(source: &str, target: &str) -> Value {
        json!({"source": source, "target": target, "status": "200"})
    }

    #[test]
    fn other_rules_and_their_order_are_kept() {
        let ours = rule("/api/<*>", "https://abc.lambda-url.us-east-1.on.aws/api/<*>");
        let (old, page) = (rule("/old", "/new"), rule("/<*>", "/index.html"));
        assert_eq!(with_rule(&[], API), std::slice::from_ref(&ours));
        assert_eq!(with_rule(std::slice::from_ref(&page), API), [ours.clone(), page.clone()]);
        let previous = rule("/api/<*>", "https://previous.on.aws/api/<*>");
        let expected = [old.clone(), ours, page.clone()];
        assert_eq!(with_rule(&[old, previous, page], API), expected);
        assert_eq!(with_rule(&expected, API), expected);
    }
}
