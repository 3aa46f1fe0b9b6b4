//! Checks which environments release what others have verified (`promoted_from`).

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::limits::{AccountId, Region};

/// An environment, as far as its promotion depends on it.
pub(super) struct Candidate<'a> {
    pub(super) promoted_from: Option<&'a Spanned<String>>,
    /// Whether it names a source of its own too.
    pub(super) has_source: bool,
    pub(super) account: Option<&'a AccountId>,
    pub(super) region: Option<&'a Region>,
}

/// Checks every `promoted_from`.
///
/// # Errors
/// The place of one in the file, and what is wrong with it: it names no other environment, it leads back to where it
/// started, the environment has a source of its own too, or the place of one of the two is unknown to the other.
pub(super) fn check(environments: &BTreeMap<&str, Candidate<'_>>) -> Result<(), (Range<usize>, String)> {
    for (name, environment) in environments {
        let Some(from) = environment.promoted_from else { continue };
        let wrong = |message: String| Err((from.span(), message));
        let Some(earlier) = environments.get(from.get_ref().as_str()) else {
            return wrong(format!(
                "`{name}` is promoted from `{}`, which is no environment of this file",
                from.get_ref()
            ));
        };
        if let Some(circle) = circle(environments, name) {
            return wrong(format!("no environment releases from a repository: {circle}"));
        }
        if environment.has_source {
            return wrong(format!(
                "`{name}` has a `connection`, `repository` or `branch` too: remove one of the sources"
            ));
        }
        // Each stack computes the names of the other. What is not set is that of the credentials, which differ.
        let from = from.get_ref().as_str();
        let sides = [
            ("an `account`", environment.account.is_some(), earlier.account.is_some()),
            ("a `region`", environment.region.is_some(), earlier.region.is_some()),
        ];
        for (key, here, there) in sides {
            if here != there {
                let (with, without) = if here { (*name, from) } else { (from, *name) };
                return wrong(format!(
                    "`{name}` is promoted from `{from}`, but only `{with}` has {key}: set that of `{without}` too, even if it is the same"
                ));
            }
        }
        if let (Some(here), Some(there)) = (environment.region, earlier.region)
            && here.partition() != there.partition()
        {
            return wrong(format!(
                "`{name}` is in {}, and `{from}` in {}: artifacts cannot leave a partition of AWS",
                here.0, there.0
            ));
        }
    }
    Ok(())
}

/// The environments that lead back to one of them, if they do, as ``"`a` from `b` from `a`"``.
fn circle(environments: &BTreeMap<&str, Candidate<'_>>, name: &str) -> Option<String> {
    let mut chain = vec![name];
    while let Some(from) = environments.get(*chain.last()?)?.promoted_from {
        let from = from.get_ref().as_str();
        let is_known = chain.contains(&from);
        chain.push(from);
        if is_known {
            let quoted: Vec<String> = chain.iter().map(|name| format!("`{name}`")).collect();
            return Some(quoted.join(" from "));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::config::Config;

    /// The error for the environments `dev`, `prod` and `staging` with these settings, with the text at its place.
    fn refused(dev: &str, prod: &str, staging: &str) -> Option<(String, String)> {
        let section = |(name, settings)| format!("[infra.environments.{name}]\n{settings}\n");
        let text: String = [("dev", dev), ("prod", prod), ("staging", staging)].map(section).concat();
        let config = toml::from_str::<Config>(&text).expect(&text);
        check(&config.infra.promotions()).err().map(|(place, message)| (text[place].to_owned(), message))
    }

    const FROM_DEV: &str = "promoted_from = \"dev\"";
    const FROM_STAGING: &str = "promoted_from = \"staging\"";
    const ONE: &str = "account = \"111122223333\"\nregion = \"eu-west-1\"\n";

    #[test]
    fn a_chain_of_environments_is_accepted() {
        assert_eq!(refused("", FROM_STAGING, FROM_DEV), None);
        let other = ONE.replace("1111", "4444").replace("eu-west", "us-east");
        assert_eq!(refused(ONE, &format!("{ONE}{FROM_STAGING}"), &format!("{other}{FROM_DEV}")), None);
    }

    #[test]
    fn a_promotion_that_cannot_work_is_refused_at_its_place() {
        let region = ONE.lines().nth(1).expect("it has two lines");
        let china = ONE.replace("eu-west", "cn-north");
        for (settings, place, expected) in [
            (
                ["", "promoted_from = \"test\"", ""],
                "\"test\"",
                "`prod` is promoted from `test`, which is no environment",
            ),
            (["", "", "promoted_from = \"staging\""], "\"staging\"", "`staging` from `staging`"),
            ([FROM_STAGING, "", FROM_DEV], "\"staging\"", "`dev` from `staging` from `dev`"),
            (["", FROM_STAGING, FROM_STAGING], "\"staging\"", "`prod` from `staging` from `staging`"),
            (["", "", &format!("repository = \"a/b\"\n{FROM_DEV}")], "\"dev\"", "`repository` or `branch` too"),
            (["", "", &format!("branch = \"main\"\n{FROM_DEV}")], "\"dev\"", "`repository` or `branch` too"),
            ([ONE, "", FROM_DEV], "\"dev\"", "only `dev` has an `account`: set that of `staging` too"),
            (
                ["", "", &format!("{ONE}{FROM_DEV}")],
                "\"dev\"",
                "only `staging` has an `account`: set that of `dev` too",
            ),
            ([ONE, "", &format!("{region}\n{FROM_DEV}")], "\"dev\"", "only `dev` has an `account`"),
            ([region, "", FROM_DEV], "\"dev\"", "only `dev` has a `region`: set that of `staging` too"),
            (
                [ONE, "", &format!("{china}{FROM_DEV}")],
                "\"dev\"",
                "`staging` is in cn-north-1, and `dev` in eu-west-1: artifacts cannot leave a partition of AWS",
            ),
        ] {
            let [dev, prod, staging] = settings;
            let (found, message) = refused(dev, prod, staging).unwrap_or_else(|| panic!("{expected}"));
            assert_eq!(found, place, "{message}");
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn a_promoted_release_needs_approval_unless_configured() {
        let text = format!(
            "[infra.environments.dev]\n[infra.environments.prod]\n{FROM_STAGING}\napproval = false\n[infra.environments.staging]\n{FROM_DEV}\n"
        );
        let infra = toml::from_str::<Config>(&text).expect(&text).infra;
        let of =
            |name: &str| (infra.environments[name].requires_approval(), infra.promotes_to(name).collect::<Vec<_>>());
        let expected = [(false, vec!["staging"]), (true, vec!["prod"]), (false, vec![])];
        assert_eq!([of("dev"), of("staging"), of("prod")], expected);
    }
}
