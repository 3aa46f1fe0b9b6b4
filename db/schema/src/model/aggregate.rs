//! Aggregates.

use crate::model::options::{flag, list, option, value};
use crate::model::values::Values;

/// What an aggregate is made of. Names of functions, types and operators are as SQL writes them.
#[derive(Debug, Clone)]
pub(crate) struct Aggregate {
    name: String,
    arguments: String,
    plain: States,
    /// What it does instead in a window whose start moves.
    moving: States,
    combine: Option<String>,
    serialize: Option<String>,
    deserialize: Option<String>,
    /// With its schema.
    sort_operator: Option<String>,
    is_hypothetical: bool,
    /// As in `pg_proc.proparallel`.
    parallel: String,
}

/// A state and the functions that make and use it.
#[derive(Debug, Clone)]
struct States {
    transition: Option<String>,
    inverse: Option<String>,
    type_name: String,
    /// The size of the state, estimated; `None` if it is the usual one.
    space: Option<String>,
    last: Option<String>,
    has_extra_arguments: bool,
    /// As in `pg_aggregate.aggfinalmodify`; `None` if it is the usual one.
    modifies: Option<String>,
    /// As a literal.
    initial: Option<String>,
}

impl States {
    fn read(row: &mut Values) -> Self {
        Self {
            transition: row.optional(),
            inverse: row.optional(),
            type_name: row.text(),
            space: row.optional(),
            last: row.optional(),
            has_extra_arguments: row.flag(),
            modifies: row.optional(),
            initial: row.optional(),
        }
    }

    fn modification(&self) -> Option<&'static str> {
        self.modifies.as_deref().map(|modifies| match modifies {
            "r" => "READ_ONLY",
            "s" => "SHAREABLE",
            _ => "READ_WRITE",
        })
    }
}

impl Aggregate {
    pub(crate) fn read(mut row: Values) -> Self {
        Self {
            name: row.text(),
            arguments: row.text(),
            plain: States::read(&mut row),
            moving: States::read(&mut row),
            combine: row.optional(),
            serialize: row.optional(),
            deserialize: row.optional(),
            sort_operator: row.optional(),
            is_hypothetical: row.flag(),
            parallel: row.text(),
        }
    }

    pub(crate) fn creation(&self) -> String {
        let Self { name, arguments, plain, moving, .. } = self;
        let has_moving = moving.transition.is_some();
        let parallel = match self.parallel.as_str() {
            "s" => Some("SAFE"),
            "r" => Some("RESTRICTED"),
            _ => None,
        };
        let options = [
            option("SFUNC", &plain.transition),
            value("STYPE", Some(&plain.type_name)),
            option("SSPACE", &plain.space),
            option("FINALFUNC", &plain.last),
            flag("FINALFUNC_EXTRA", plain.has_extra_arguments),
            value("FINALFUNC_MODIFY", plain.modification()),
            option("COMBINEFUNC", &self.combine),
            option("SERIALFUNC", &self.serialize),
            option("DESERIALFUNC", &self.deserialize),
            option("INITCOND", &plain.initial),
            option("MSFUNC", &moving.transition),
            option("MINVFUNC", &moving.inverse),
            value("MSTYPE", has_moving.then_some(&moving.type_name)),
            option("MSSPACE", &moving.space),
            option("MFINALFUNC", &moving.last),
            flag("MFINALFUNC_EXTRA", moving.has_extra_arguments),
            value("MFINALFUNC_MODIFY", moving.modification().filter(|_| has_moving)),
            option("MINITCOND", &moving.initial),
            self.sort_operator.as_ref().map(|operator| format!("SORTOP = OPERATOR({operator})")),
            flag("HYPOTHETICAL", self.is_hypothetical),
            value("PARALLEL", parallel),
        ];
        format!("CREATE AGGREGATE {name}({arguments}) ({});", list(options))
    }
}
