//! Values for the rows that a table has.

/// Whether rows may fulfill the condition after the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remains {
    Allowed,
    Error,
}

const HINT: &str =
    "'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check'";

/// A table whose rows are updated.
#[derive(Debug, Clone)]
pub(crate) struct Filled {
    /// As UPDATE names it. `ONLY` before the name leaves out children.
    pub(crate) name: String,
    pub(crate) is_partition: bool,
}

impl Filled {
    /// A loop that updates the rows that fulfill a condition, 1,000 pages in a transaction each. It runs outside a
    /// transaction, and leaves out pages that are added after it has begun.
    ///
    /// If no row may remain that fulfills the condition, it is an error that one does: a trigger of the table can skip
    /// updates, and a conversion that somebody has edited can make NULL.
    pub(crate) fn in_batches(&self, assignment: &str, condition: &str, remains: Remains) -> String {
        let write = if self.is_partition { in_batches_of_partition } else { in_batches };
        write(&self.name, assignment, condition, remains)
    }
}

fn in_batches(table: &str, assignment: &str, condition: &str, remains: Remains) -> String {
    let name = table.trim_start_matches("ONLY ");
    let literal = connection::quote_literal(name);
    let check = check(table, condition, remains);
    format!(
        "DO $backfill$\n\
         BEGIN\n  \
           FOR page IN 0 .. pg_relation_size({literal}) / current_setting('block_size')::bigint BY 1000 LOOP\n    \
             UPDATE {table} SET {assignment}\n    \
             WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid\n      \
               AND {condition};\n    \
             COMMIT;\n  \
           END LOOP;\n\
         {check}\
         END\n\
         $backfill$;"
    )
}

/// UPDATE fails if a row of a partition moves to another one meanwhile, so such a batch is repeated in smaller ones.
fn in_batches_of_partition(table: &str, assignment: &str, condition: &str, remains: Remains) -> String {
    let literal = connection::quote_literal(table);
    let check = check(table, condition, remains);
    format!(
        "DO $backfill$\n\
         DECLARE\n  \
           page bigint := 0;\n  \
           size bigint := 1000;\n  \
           pages bigint := pg_relation_size({literal}) / current_setting('block_size')::bigint;\n\
         BEGIN\n  \
           WHILE page <= pages LOOP\n    \
             BEGIN\n      \
               UPDATE {table} SET {assignment}\n      \
               WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid\n        \
                 AND {condition};\n      \
               page := page + size;\n      \
               size := least(size * 2, 1000);\n    \
             EXCEPTION WHEN serialization_failure THEN\n      \
               size := greatest(size / 10, 1);\n    \
             END;\n    \
             COMMIT;\n  \
           END LOOP;\n\
         {check}\
         END\n\
         $backfill$;"
    )
}

/// What raises an error if a row remains that must not.
fn check(table: &str, condition: &str, remains: Remains) -> String {
    let name = table.trim_start_matches("ONLY ");
    match remains {
        Remains::Allowed => String::new(),
        Remains::Error => {
            let message = connection::quote_literal(&format!("rows of {name} still have no value in a new column"));
            format!(
                "  IF EXISTS (SELECT FROM {table} WHERE {condition}) THEN\n    \
                   RAISE EXCEPTION USING MESSAGE = {message},\n      \
                     HINT = {HINT};\n  \
                 END IF;\n"
            )
        }
    }
}
