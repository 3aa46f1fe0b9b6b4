//! The rules of `db verify`: what it reports about a revision.

use crate::allowance::Owner;

/// What can be wrong with a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    UpgradeRefused,
    UpgradeLosesData,
    DowngradeRefused,
    DowngradeDiffers,
    DowngradeLosesData,
    ReapplyRefused,
    ReapplyDiffers,
    ReapplyChangesData,
}

impl Rule {
    const ALL: [Self; 8] = [
        Self::UpgradeRefused,
        Self::UpgradeLosesData,
        Self::DowngradeRefused,
        Self::DowngradeDiffers,
        Self::DowngradeLosesData,
        Self::ReapplyRefused,
        Self::ReapplyDiffers,
        Self::ReapplyChangesData,
    ];

    /// The name in a header.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::UpgradeRefused => "verify-upgrade-refused",
            Self::UpgradeLosesData => "verify-upgrade-loses-data",
            Self::DowngradeRefused => "verify-downgrade-refused",
            Self::DowngradeDiffers => "verify-downgrade-differs",
            Self::DowngradeLosesData => "verify-downgrade-loses-data",
            Self::ReapplyRefused => "verify-reapply-refused",
            Self::ReapplyDiffers => "verify-reapply-differs",
            Self::ReapplyChangesData => "verify-reapply-changes-data",
        }
    }

    /// What is wrong, as the beginning of a message.
    pub(crate) fn problem(self) -> &'static str {
        match self {
            Self::UpgradeRefused => "the upgrade fails",
            Self::UpgradeLosesData => "the upgrade loses data",
            Self::DowngradeRefused => "the downgrade fails",
            Self::DowngradeDiffers => "the downgrade does not restore the schema",
            Self::DowngradeLosesData => "the downgrade loses data",
            Self::ReapplyRefused => "the second upgrade fails",
            Self::ReapplyDiffers => "the second upgrade creates a different schema than the first",
            Self::ReapplyChangesData => "the second upgrade changes data",
        }
    }

    /// The rule with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// The owner of the rule with a name, for `db verify`. Names of other commands are not checked here.
    pub(crate) fn owner(name: &str) -> Owner {
        match Self::named(name) {
            Some(_) => Owner::Caller,
            None if name.starts_with("verify-") => Owner::Nobody,
            None => Owner::Other,
        }
    }
}
