//! Random schemas, changed by random statements: a diff leads from each to the other and back, or is refused.
//!
//! `tests/diff/walk.txt` has the statements, `tests/diff/families.txt` those of every third walk, and
//! `tests/diff/seeds.txt` the seeds. `WALKS="426 1000..3000"` runs these instead.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use connection::Connection;
use schema::Form;

use super::grammar::{Grammar, Random};
use super::proof::{Outcome, fingerprinter, prove};
use crate::support::{Database, in_parallel, root, session};

/// Statements that are tried for each one that a schema should have.
const ATTEMPTS: usize = 12;

/// Drops the functions whose bodies name what has another name by now: no script creates such a function. Nor one that
/// returns the columns of another table by their order.
const BROKEN_BODIES: &str = "DO $$
DECLARE
  broken regprocedure;
  is_own boolean;
BEGIN
  FOR broken, is_own IN SELECT p.oid, relname IS NULL OR prosrc ~ format('\\m%s\\M', relname) FROM pg_proc p JOIN pg_language l ON l.oid = prolang
    LEFT JOIN pg_class r ON r.reltype = prorettype
    WHERE p.oid >= 16384 AND lanname = 'sql' AND prokind <> 'a'
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e') ORDER BY p.oid LOOP
    BEGIN
      ASSERT is_own, 'returns rows of another table';
      EXECUTE pg_get_functiondef(broken);
    EXCEPTION WHEN ASSERT_FAILURE OR OTHERS THEN
      EXECUTE format('DROP ROUTINE %s CASCADE', broken);
    END;
  END LOOP;
END $$";

/// Two schemas as statements, and the kinds of changes between them.
#[derive(Clone)]
struct Walk {
    old: Vec<String>,
    new: Vec<String>,
    kinds: Vec<String>,
}

/// Two databases with a session each.
struct Sides {
    databases: [Database; 2],
    old: Connection,
    new: Connection,
}

impl Sides {
    fn create() -> Self {
        let databases = [Database::create(), Database::create()];
        let [old, new] = databases.each_ref().map(session);
        Self { databases, old, new }
    }

    fn outcome(self) -> Outcome {
        let Self { databases, mut old, mut new } = self;
        let proof = AssertUnwindSafe(|| prove(&mut old, &mut new, Form::Online));
        let outcome = catch_unwind(proof).unwrap_or_else(|_| Outcome::Wrong("panics".to_owned()));
        drop((old, new));
        databases.into_iter().for_each(Database::drop);
        outcome
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "with --nocapture, what becomes of each walk")]
fn random_changes_are_proven_or_refused() {
    let grammar = Grammar::parse(&read("walk.txt"));
    let families = Grammar::parse(&[read("walk.txt"), read("families.txt")].concat());
    let seeds = seeds(&std::env::var("WALKS").unwrap_or_else(|_| read("seeds.txt")));
    create_roles();
    let _ = fingerprinter();
    let counts: Mutex<BTreeMap<String, [usize; 3]>> = Mutex::default();
    let failures = Mutex::new(Vec::new());
    in_parallel(2, &seeds, |_, &seed| {
        let mut sides = Sides::create();
        let walk = Walk::new(if seed % 3 == 0 { &families } else { &grammar }, seed, &mut sides);
        let (place, note) = match sides.outcome() {
            Outcome::Proven(_) => (0, None),
            Outcome::Refused(refusals) => {
                let text = if seeds.len() < 5 { walk.text(seed) } else { String::new() };
                (1, Some(format!("refused {seed}: {}\n{text}", refusals[0])))
            }
            Outcome::Wrong(error) => (2, Some(format!("wrong {seed}: {error}\n{}", walk.text(seed)))),
        };
        let mut counts = counts.lock().expect("no thread panics");
        for kind in walk.kinds.iter().map(String::as_str).chain(["walks"]) {
            counts.entry(kind.to_owned()).or_default()[place] += 1;
        }
        let Some(note) = note else { return };
        println!("{note}");
        if place == 2 {
            failures.lock().expect("no thread panics").push((seed, walk));
        }
    });
    for (kind, [proven, refused, wrong]) in counts.into_inner().expect("no thread panics") {
        println!("{kind}: {proven} proven, {refused} refused, {wrong} wrong");
    }
    let failures = failures.into_inner().expect("no thread panics");
    if let Some((seed, walk)) = failures.first() {
        panic!("{} failed; the first, shrunk:\n{}", failures.len(), walk.shrunk().text(*seed));
    }
}

/// Seeds and ranges of seeds.
fn seeds(text: &str) -> Vec<u64> {
    let number = |text: &str| text.parse::<u64>().expect("a number");
    let seeds = text.split_whitespace().map(|word| word.split_once("..").unwrap_or((word, "")));
    seeds.flat_map(|(first, end)| number(first)..if end.is_empty() { number(first) + 1 } else { number(end) }).collect()
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join("xtask/tests/diff").join(name)).expect("can read the file")
}

fn create_roles() {
    let database = Database::create();
    for role in ["walk_reader", "walk_owner"] {
        // Another test run may have created it.
        let _ = database.client().batch_execute(&format!("CREATE ROLE {role}"));
    }
    database.drop();
}

impl Walk {
    /// A schema of 5 to 40 objects, and 1 to 10 changes, in two databases. Statements that the server refuses are left out.
    fn new(grammar: &Grammar, seed: u64, sides: &mut Sides) -> Self {
        let mut random = Random::new(seed);
        let size = 5 + random.below(36);
        let mut old = Vec::new();
        for _ in 0..size * ATTEMPTS {
            let (_, statement) = grammar.expand("create", &mut random);
            if old.len() < size && accepts(&mut sides.old, &statement) {
                old.push(statement);
            }
        }
        let mut kinds = Vec::new();
        let mut new = old.clone();
        let changes = 1 + random.below(10);
        let edits = (0..changes).filter(|_| random.below(4) == 0).count();
        for _ in 0..edits {
            kinds.push(edit(&mut new, &mut random));
        }
        new.retain(|statement| accepts(&mut sides.new, statement));
        for _ in 0..(changes - edits) * ATTEMPTS {
            let (kind, statement) = grammar.expand("change", &mut random);
            if kinds.len() < changes && accepts(&mut sides.new, &statement) {
                new.push(statement);
                kinds.push(kind);
            }
        }
        for (statements, connection) in [(&mut old, &mut sides.old), (&mut new, &mut sides.new)] {
            if accepts(connection, BROKEN_BODIES) {
                statements.push(BROKEN_BODIES.to_owned());
            }
        }
        kinds.sort_unstable();
        kinds.dedup();
        Self { old, new, kinds }
    }

    fn outcome(&self) -> Outcome {
        let mut sides = Sides::create();
        for (connection, statements) in [(&mut sides.old, &self.old), (&mut sides.new, &self.new)] {
            for statement in statements {
                accepts(connection, statement);
            }
        }
        sides.outcome()
    }

    /// The same failure with fewer statements.
    fn shrunk(&self) -> Self {
        let mut smallest = self.clone();
        let mut statements: Vec<String> = self.old.iter().chain(&self.new).cloned().collect();
        statements.dedup();
        let mut size = statements.len().div_ceil(2);
        while size > 0 {
            for chunk in statements.rchunks(size) {
                let without = |side: &[String]| side.iter().filter(|one| !chunk.contains(one)).cloned().collect();
                let candidate = Self { old: without(&smallest.old), new: without(&smallest.new), kinds: Vec::new() };
                let is_smaller = candidate.old.len() + candidate.new.len() < smallest.old.len() + smallest.new.len();
                if is_smaller && matches!(candidate.outcome(), Outcome::Wrong(_)) {
                    smallest = candidate;
                }
            }
            size = if size == 1 { 0 } else { size.div_ceil(3) };
        }
        smallest
    }

    /// As a golden case.
    fn text(&self, seed: u64) -> String {
        let side = |statements: &[String]| statements.iter().map(|sql| format!("{sql};\n")).collect::<String>();
        format!("--- walk_{seed}\n{}=>\n{}", side(&self.old), side(&self.new))
    }
}

/// Runs statements in a transaction, unless the server refuses one.
fn accepts(connection: &mut Connection, statements: &str) -> bool {
    connection.send(statements).is_ok()
}

/// Removes a statement or moves it: what it creates is missing, or is created earlier or later.
fn edit(statements: &mut Vec<String>, random: &mut Random) -> String {
    if statements.is_empty() {
        return "nothing".to_owned();
    }
    let statement = statements.remove(random.below(statements.len()));
    if random.below(2) == 0 {
        return "removed".to_owned();
    }
    statements.insert(random.below(statements.len() + 1), statement);
    "moved".to_owned()
}
