//! What AWS answers in an account that is new, limited or restricted, and the way round. None of this can be changed by
//! the credentials at hand. `tests/refusals.txt` has the sentences, each with its source.

/// A kind of refusal.
struct Refusal {
    /// Phrases in lower case, one of which is in the sentence.
    phrases: &'static [&'static str],
    advice: &'static str,
}

/// The first one that fits counts.
const REFUSALS: [Refusal; 10] = [
    Refusal {
        phrases: &[
            "withexpressconfiguration",
            "available with free plan accounts",
            "exceeds the maximum available to free tier customers",
        ],
        advice: "the account is on AWS's free plan, which restricts databases and their backups: upgrade it (Billing, Free tier, Upgrade plan; its credits remain), and repeat the command",
    },
    Refusal {
        phrases: &["builds in queue for the account"],
        advice: "CodeBuild allows this account no (more) builds: request an increase of `Concurrently running builds for Linux/Small environment` and `Linux/Medium environment` (Service Quotas, AWS CodeBuild); a new account may need a case with AWS Support, and a valid payment method",
    },
    Refusal {
        phrases: &["account must be verified before you can add new cloudfront resources"],
        advice: "AWS has to verify this account for CloudFront: open a case with AWS Support (account and billing, no support plan required) with this message; until then, `hosting = \"amplify\"` in xtask.toml works without a distribution",
    },
    Refusal {
        phrases: &["createrepository request is not allowed"],
        advice: "CodeCommit is closed to this account: keep the source on GitHub, GitLab or Bitbucket, create a connection (console, Developer Tools, Connections), and set `connection` and `repository` in xtask.toml",
    },
    Refusal {
        phrases: &["maximum number of vpcs", "vpclimitexceeded"],
        advice: "the region has as many VPCs as the account may have: delete an unused one, or request more: `aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-F678F1CE --desired-value 10`",
    },
    Refusal {
        phrases: &["maximum number of addresses", "addresslimitexceeded"],
        advice: "the region has as many Elastic IP addresses as the account may have: release an unused one, request more (`aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-0263D0A3 --desired-value 10`), or set `nat = \"none\"`, which needs none",
    },
    Refusal {
        phrases: &["nat gateways", "natgatewaylimitexceeded"],
        advice: "the zone has as many NAT gateways as the account may have: delete an unused one, request more (`aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-FE5A380F --desired-value 10`), or set `nat = \"none\"`, which needs none",
    },
    Refusal {
        phrases: &[
            "permission to create service linked role",
            "permissions to create service-linked role",
            "iam:createservicelinkedrole",
        ],
        advice: "the service creates its role with the first resource, which needs `iam:CreateServiceLinkedRole`, and time: create it yourself (for databases `aws iam create-service-linked-role --aws-service-name rds.amazonaws.com`), wait a minute, and repeat the command",
    },
    Refusal {
        phrases: &["cannot find version"],
        advice: "this version of Aurora is not available in this region: choose one of `aws rds describe-db-engine-versions --engine aurora-postgresql` in `infra/src/database.ts`",
    },
    Refusal {
        phrases: &["limit exceeded", "limitexceeded", "maximum number", "quota"],
        advice: "a quota of the account is exhausted: delete unused resources, or request an increase (`aws service-quotas list-service-quotas --service-code vpc`, `rds`, …)",
    },
];

/// What to do about the sentence of a service; `None` if it is not known.
pub(crate) fn advice(sentence: &str) -> Option<&'static str> {
    let sentence = sentence.to_lowercase();
    let fits = |refusal: &&Refusal| refusal.phrases.iter().any(|&phrase| sentence.contains(phrase));
    REFUSALS.iter().find(fits).map(|refusal| refusal.advice)
}

#[cfg(test)]
mod tests {
    use super::{REFUSALS, advice};

    /// Three lines each, after a comment with the source: a sentence, and the start of its advice after `> `.
    #[test]
    fn sentences_of_aws_have_advice() {
        let mut seen = Vec::new();
        let text = include_str!("../../tests/refusals.txt");
        let mut lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        while let (Some(sentence), Some(expected)) = (lines.next(), lines.next()) {
            let expected = expected.strip_prefix("> ").expect("a sentence is followed by its advice");
            let found = advice(sentence).unwrap_or("nothing");
            assert!(found.starts_with(expected), "{sentence}\n{found}");
            seen.push(found);
        }
        let unseen: Vec<_> = REFUSALS.iter().filter(|refusal| !seen.contains(&refusal.advice)).collect();
        assert!(unseen.is_empty(), "no sentence for {:?}", unseen.iter().map(|it| it.phrases).collect::<Vec<_>>());
        assert_eq!(advice("Resource handler returned message: \"Internal Failure\""), None);
    }
}
