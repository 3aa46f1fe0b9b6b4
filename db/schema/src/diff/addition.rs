//! A column that is added to a table in use and has another value in each row.
//!
//! `ADD COLUMN … DEFAULT nextval(…)` rewrites the table under a lock. Instead, the column is added without values: new rows
//! get one from then on, and the others get theirs in batches. Values of an identity column come from a sequence of its own
//! until all rows have one, because an identity column can't be NULL.

use crate::diff::backfill::{Filled, Remains};
use crate::diff::column::is_null;
use crate::diff::script::{Hazard, Statement};
use crate::model::{Column, Sequence};

/// A column to add.
pub(crate) struct Addition<'a> {
    /// As SQL names it.
    pub(crate) table: &'a str,
    pub(crate) column: &'a Column,
    /// The name, the type and the collation.
    pub(crate) start: &'a str,
    /// ` DEFAULT …` or ` GENERATED … AS IDENTITY …`.
    pub(crate) value: &'a str,
    /// The tables whose rows get values.
    pub(crate) filled: Vec<Filled>,
    /// Where an identity column gets values from at first: the name, and the sequence that it has in the end.
    pub(crate) source: Option<(String, &'a Sequence)>,
}

impl Addition<'_> {
    fn alter(&self, action: &str) -> Statement {
        Statement::new(format!("ALTER TABLE {} ALTER COLUMN {} {action};", self.table, self.column.name))
    }

    /// The column, and the default of new rows.
    pub(crate) fn add(&self) -> Vec<Statement> {
        let source = self.source.iter().flat_map(|(name, sequence)| creation(name, sequence)).map(Statement::new);
        let add = Statement::new(format!("ALTER TABLE {} ADD COLUMN {};", self.table, self.start));
        let default = match &self.source {
            Some((name, _)) => self.alter(&default_of(name)),
            None => self.alter(&format!("SET{}", self.value)),
        };
        source.chain([add, default]).collect()
    }

    /// An identity column with the values of all rows, which rewrites the table. For a table with children, to which PostgreSQL
    /// adds none in one statement (ATExecAddColumn in its tablecmds.c).
    pub(crate) fn add_to_parent(&self) -> Vec<Statement> {
        let Some((name, sequence)) = &self.source else { return Vec::new() };
        let Self { table, start, .. } = self;
        let value = connection::quote_literal(name);
        let add = Statement::new(format!("ALTER TABLE {table} ADD COLUMN {start} DEFAULT nextval({value}) NOT NULL;"));
        let create = creation(name, sequence).into_iter().map(Statement::new);
        let finish = self.finish().into_iter().map(|statement| Statement { undo: Vec::new(), ..statement });
        create.chain([add.with(Hazard::TableRewrite(table.to_string()))]).chain(finish).collect()
    }

    /// The values of the rows that the tables have, outside a transaction.
    pub(crate) fn fill(&self) -> Vec<Statement> {
        let name = &self.column.name;
        let (assignment, condition) = (format!("{name} = DEFAULT"), is_null(name, self.column.is_composite()));
        let fill = |table: &Filled| table.in_batches(&assignment, &condition, Remains::Allowed);
        self.filled.iter().map(fill).map(Statement::new).collect()
    }

    /// What makes a column an identity column after all rows have values. No row is read.
    pub(crate) fn finish(&self) -> Vec<Statement> {
        let Some((name, sequence)) = &self.source else { return Vec::new() };
        let (own, source) = (self.column.own_sequence(self.table), connection::quote_literal(name));
        let mut undo = creation(name, sequence).to_vec();
        undo.extend([
            format!("SELECT setval({source}, nextval({own}), false);"),
            self.alter("DROP IDENTITY").sql,
            self.alter(&default_of(name)).sql,
        ]);
        vec![
            self.alter("DROP DEFAULT"),
            Statement { undo, ..self.alter(&format!("ADD{}", self.value)) },
            Statement::new(format!("SELECT setval({own}, nextval({source}), false);")),
            Statement::new(format!("DROP SEQUENCE {name};")),
        ]
    }
}

fn default_of(sequence: &str) -> String {
    format!("SET DEFAULT nextval({})", connection::quote_literal(sequence))
}

/// A sequence with the values of another one. Every role that inserts rows needs it; an identity column needs no privilege.
fn creation(name: &str, sequence: &Sequence) -> [String; 2] {
    let mut source = sequence.clone();
    (source.name, source.persistence, source.cache) = (name.to_owned(), "p".to_owned(), "1".to_owned());
    [source.creation(), format!("GRANT USAGE ON SEQUENCE {} TO PUBLIC;", source.name)]
}
