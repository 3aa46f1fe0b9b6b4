//! Values for the rows that a table has.

/// A loop that updates the rows of a table that fulfill a condition, 1,000 pages in a transaction each. It runs outside a
/// transaction, and leaves out pages that are added after it has begun. `ONLY` before the name leaves out children.
pub(crate) fn in_batches(table: &str, assignment: &str, condition: &str) -> String {
    let literal = connection::quote_literal(table.trim_start_matches("ONLY "));
    format!(
        "DO $backfill$\n\
         BEGIN\n  \
           FOR page IN 0 .. pg_relation_size({literal}) / current_setting('block_size')::bigint BY 1000 LOOP\n    \
             UPDATE {table} SET {assignment}\n    \
             WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid\n      \
               AND {condition};\n    \
             COMMIT;\n  \
           END LOOP;\n\
         END\n\
         $backfill$;"
    )
}
