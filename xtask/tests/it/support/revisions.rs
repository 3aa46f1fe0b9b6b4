//! Generated revisions, and the contents of the engine's tables.

use std::path::Path;

use super::{Database, write_revision};

/// The version rows, the log and the journal, without times.
pub(crate) fn bookkeeping(database: &Database) -> Vec<String> {
    let mut rows = database.rows("SELECT version_num FROM alembic_version ORDER BY 1");
    rows.extend(database.rows(
        "SELECT id, operation, revision, parents, message, checksum, is_transactional, upgrade_sql, downgrade_sql, applied_by, tool_version, commit_id, build_id FROM migration_log ORDER BY id",
    ));
    rows.extend(database.rows("SELECT revision, direction, statement FROM migration_journal"));
    rows
}

/// Deterministic pseudorandom numbers (Knuth's MMIX generator).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// Writes a random graph of revisions with branches, merges and dependencies, some without a transaction.
pub(crate) fn generate(directory: &Path, numbers: &mut Numbers, count: usize) {
    let mut heads: Vec<usize> = Vec::new();
    for index in 0..count {
        let id = |index: usize| format!("rev{index:04}");
        let mut parents: Vec<usize> = Vec::new();
        if index > 0 && numbers.below(6) > 0 {
            parents.push(if numbers.below(3) == 0 { numbers.below(index) } else { heads[numbers.below(heads.len())] });
            if heads.len() > 1 && numbers.below(3) == 0 {
                let other = heads[numbers.below(heads.len())];
                if !parents.contains(&other) && heads.contains(&parents[0]) {
                    parents.push(other);
                }
            }
        }
        heads.retain(|head| !parents.contains(head));
        heads.push(index);
        let revises: Vec<String> = parents.iter().map(|&parent| id(parent)).collect();
        let mut fields = format!("-- Revises: {}", revises.join(", ")).trim_end().to_owned();
        if index > 2 && numbers.below(5) == 0 {
            fields.push_str(&format!("\n-- Depends On: {}", id(numbers.below(index))));
        }
        let (name, off) = (id(index), numbers.below(5) == 0);
        if off {
            fields.push_str("\n-- Transaction: off");
        }
        let (concurrently, quote) =
            (if off { "CONCURRENTLY " } else { "" }, if off { "$q$;$q$" } else { "'it''s \\;'" });
        let upgrade = format!(
            "CREATE TABLE {name} (a int PRIMARY KEY, b text DEFAULT {quote});\nCOPY {name} FROM STDIN;\n{index}\tsome \\\\ data\n\\.\nCREATE INDEX {concurrently}{name}_b ON {name} (b);"
        );
        write_revision(directory, &name, &fields, &upgrade, &format!("DROP TABLE {name};"));
    }
}
