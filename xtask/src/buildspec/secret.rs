//! CodeBuild's reference to a value of a secret: `secret-id:json-key:version-stage:version-id`.

/// The parts; missing ones are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SecretReference<'a> {
    /// A name or an ARN.
    pub(super) id: &'a str,
    pub(super) key: &'a str,
    pub(super) stage: &'a str,
    pub(super) version: &'a str,
}

impl<'a> SecretReference<'a> {
    /// Parses a reference; `None` if it has no secret id or too many parts.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        // `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME` contains six colons.
        let name = match text.starts_with("arn:") {
            true => text.match_indices(':').nth(5)?.0 + 1,
            false => 0,
        };
        let mut parts = text[name..].split(':');
        let id = &text[..name + parts.next().unwrap_or_default().len()];
        let [key, stage, version] = [(); 3].map(|()| parts.next().unwrap_or_default());
        (id.len() > name && parts.next().is_none()).then_some(Self { id, key, stage, version })
    }
}

#[cfg(test)]
mod tests {
    use super::SecretReference;

    fn parts(text: &str) -> Option<[&str; 4]> {
        SecretReference::parse(text).map(|SecretReference { id, key, stage, version }| [id, key, stage, version])
    }

    #[test]
    fn parses_names_and_arns() {
        assert_eq!(parts("name"), Some(["name", "", "", ""]));
        assert_eq!(parts("name:key::id"), Some(["name", "key", "", "id"]));
        let arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:name-AbCdEf";
        assert_eq!(parts(arn), Some([arn, "", "", ""]));
        assert_eq!(parts(&format!("{arn}:key:AWSCURRENT")), Some([arn, "key", "AWSCURRENT", ""]));
        for wrong in ["", ":key", "name:key:stage:version:more", "arn:aws:secretsmanager", &arn[..arn.len() - 11]] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }
}
