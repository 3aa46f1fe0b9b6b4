//! No name in the engine's own SQL is resolved through the user's `search_path`.
//!
//! An ordinary role creates functions, operators, types and relations with the names that the sources of the engine, the
//! dump, `verify` and `trace` contain, for every combination of types that may match better than the system's. Each
//! call advances a sequence, which no rollback undoes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::{Database, db, root, scratch, server_url, succeed, write_revision, xtask};

/// The text of every SQL file, and of every file that renders SQL.
fn sources() -> String {
    let mut text = String::new();
    let trace = ["db/verify/src/trace", "db/verify/src/trace/sample_data"];
    for folder in ["db/migrate/src", "db/migrate/src/sql", "db/schema/src", "db/verify/src"].into_iter().chain(trace) {
        for entry in fs::read_dir(root().join(folder)).expect("can read the folder") {
            let path = entry.expect("can read the entry").path();
            if path.extension().is_some_and(|extension| extension == "sql" || extension == "rs") {
                text.push_str(&fs::read_to_string(&path).expect("can read the file"));
            }
        }
    }
    for file in ["client.rs", "connect.rs"] {
        text.push_str(&fs::read_to_string(root().join("db/connection/src").join(file)).expect("can read the file"));
    }
    text
}

/// The words and the operators of the sources, as SQL arrays.
fn words_and_symbols() -> (String, String) {
    let text = sources();
    let quoted = |words: BTreeSet<&str>| {
        let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        format!("ARRAY[{}]::text[]", words.join(","))
    };
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let symbols = text.split(|c: char| !"+-*/<>=~!@#%^&|".contains(c)).filter(|symbol| !symbol.is_empty());
    (quoted(words.collect()), quoted(symbols.collect()))
}

/// Creates the shadows as the role `mallory`.
const SHADOWS: &str = r#"
CREATE SCHEMA shadow;
CREATE SEQUENCE shadow.calls;
GRANT ALL ON SCHEMA shadow TO mallory;
GRANT USAGE ON SCHEMA shadow TO public;
GRANT ALL ON SEQUENCE shadow.calls TO public;
GRANT CREATE ON SCHEMA public TO mallory;
SET SESSION AUTHORIZATION mallory;
SET check_function_bodies = off;
SET search_path = pg_catalog, pg_temp;
CREATE FUNCTION shadow.called() RETURNS boolean LANGUAGE plpgsql AS $$BEGIN
  PERFORM pg_catalog.nextval('shadow.calls'::pg_catalog.regclass);
  RAISE EXCEPTION 'a shadow was called';
END$$;
DO $do$
DECLARE
  words text[] := {words};
  symbols text[] := {symbols};
  types text[] := '{text,varchar,name,oid,regclass,int4,int8,bool,"\"char\"",text[],name[]}';
  few text[] := '{text,varchar,name,oid,regclass,int4}';
  texts text[] := '{text,varchar,name}';
  body text := $$LANGUAGE plpgsql AS 'BEGIN RETURN shadow.called(); END'$$;
  f record;
  arguments text;
BEGIN
  FOR f IN SELECT proname, max(pronargs) AS most, bool_or(provariadic <> 0) AS is_variadic
    FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY (words) GROUP BY 1
  LOOP
    FOR arguments IN
      SELECT pg_get_function_identity_arguments(oid) FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = f.proname AND prokind = 'f' AND prorettype <> 'internal'::regtype
          AND provariadic = 0 AND NOT EXISTS (SELECT FROM unnest(proargtypes::oid[]) AS a JOIN pg_type t ON t.oid = a WHERE typtype = 'p')
      UNION SELECT a FROM unnest(types) a WHERE f.most >= 1
      UNION SELECT concat_ws(', ', a, b) FROM unnest(few) a, unnest(few) b WHERE f.most >= 2 OR f.is_variadic
      UNION SELECT concat_ws(', ', a, b, c) FROM unnest(texts) a, unnest(texts) b, unnest(texts) c WHERE f.is_variadic
      UNION SELECT concat_ws(', ', 'text', a, b, c) FROM unnest(texts) a, unnest(texts) b, unnest(texts) c WHERE f.is_variadic
    LOOP
      BEGIN
        EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS boolean %s', f.proname, arguments, body);
      EXCEPTION WHEN duplicate_function OR invalid_function_definition OR undefined_object OR wrong_object_type THEN NULL;
      END;
    END LOOP;
  END LOOP;
  FOR f IN SELECT DISTINCT oprname, a, b FROM pg_operator, unnest(types) a, unnest(types) b WHERE oprname = ANY (symbols)
  LOOP
    EXECUTE format('CREATE FUNCTION shadow.%I(%s, %s) RETURNS boolean %s', 'o' || hashtext(f.oprname || f.a || f.b), f.a, f.b, body);
    EXECUTE format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = shadow.%I)', f.oprname, f.a, f.b, 'o' || hashtext(f.oprname || f.a || f.b));
  END LOOP;
  FOR f IN SELECT relname FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v') AND relname = ANY (words)
  LOOP
    EXECUTE format('CREATE VIEW public.%I AS SELECT shadow.called()', f.relname);
  END LOOP;
  FOR f IN SELECT typname FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype = 'b' AND typname !~ '^_' AND typname = ANY (words)
    AND NOT EXISTS (SELECT FROM pg_class WHERE relname = typname)
  LOOP
    EXECUTE format('CREATE DOMAIN public.%I AS pg_catalog.%I CHECK (shadow.called())', f.typname, f.typname);
  END LOOP;
END
$do$;
RESET SESSION AUTHORIZATION; RESET search_path; RESET check_function_bodies;
"#;

fn shadows() -> String {
    let (words, symbols) = words_and_symbols();
    SHADOWS.replace("{words}", &words).replace("{symbols}", &symbols)
}

fn create_role() {
    // Roles belong to the server, which other tests also use.
    let _ = Database::create().client().batch_execute("CREATE ROLE mallory");
}

/// None of these statements calls a function or an operator.
fn revisions(directory: &Path) {
    write_revision(directory, "a1", "-- Revises:", "CREATE TABLE public.a (i int);", "DROP TABLE public.a;");
    write_revision(
        directory,
        "b1",
        "-- Revises: a1\n-- Transaction: off",
        "INSERT INTO public.a VALUES (1);\nCREATE INDEX CONCURRENTLY i ON public.a (i);",
        "DROP INDEX CONCURRENTLY public.i;",
    );
    for number in 1..12 {
        let revises = if number == 1 { "b1".to_owned() } else { format!("c{}", number - 1) };
        write_revision(directory, &format!("c{number}"), &format!("-- Revises: {revises}"), "SELECT;", "SELECT;");
    }
}

fn assert_no_calls(database: &Database, what: &str) {
    assert_eq!(database.rows("SELECT is_called FROM shadow.calls"), ["f"], "{what}");
}

#[test]
fn the_engine_calls_no_shadow() {
    create_role();
    let shadows = shadows();
    for path in ["\"$user\", public", "public, pg_catalog"] {
        let versions = scratch("shadows");
        revisions(&versions);
        let database = Database::create();
        database.client().batch_execute(&shadows).unwrap_or_else(|error| panic!("{error:?}"));
        let count =
            database.rows("SELECT count(*) > 1000 FROM pg_proc WHERE pronamespace = 'public'::pg_catalog.regnamespace");
        assert_eq!(count, ["t"], "there are shadows");
        let name = &database.name;
        database.client().batch_execute(&format!("ALTER DATABASE {name} SET search_path = {path}")).expect("a setting");
        let run = |arguments: &[&str]| {
            let output = db(&database, &versions, arguments);
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_no_calls(&database, &format!("{arguments:?} with {path}: {text}"));
            assert!(output.status.success(), "{arguments:?} with {path}: {text}");
        };
        run(&["status"]);
        run(&["upgrade"]);
        run(&["upgrade"]);
        run(&["current", "-v"]);
        run(&["history", "-i"]);
        run(&["show", "a1"]);
        run(&["plan", "--downgrade", "base"]);
        run(&["check"]);
        run(&["dump"]);
        run(&["types", "--role", "mallory"]);
        run(&["downgrade", "-1"]);
        run(&["stamp", "c11"]);
        run(&["stamp", "--purge", "c11"]);
        write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE public.a (i bigint);", "DROP TABLE public.a;");
        run(&["accept", "a1", "--reason", "on purpose"]);
        run(&["downgrade", "--logged", "base"]);
    }
}

#[test]
fn trace_calls_no_shadow() {
    create_role();
    let folder = scratch("shadows-trace");
    let versions = folder.join("versions");
    // A revision creates the shadows, because the database is a temporary one.
    write_revision(&versions, "a0", "-- Revises:", &shadows(), "");
    let file = versions.join("a0.sql");
    let text = fs::read_to_string(&file).expect("can read the file");
    fs::write(&file, text.replace("\n-- migrate:downgrade\n", "")).expect("can write the file");
    write_revision(
        &versions,
        "a1",
        "-- Revises: a0",
        "CREATE TABLE a (i int PRIMARY KEY, t text CHECK (t > 'a' OR i > 3), n name);
         CREATE TABLE b (i int NOT NULL REFERENCES a, u text);",
        "DROP TABLE b, a;",
    );
    write_revision(
        &versions,
        "b1",
        "-- Revises: a1\n-- Transaction: off",
        "CREATE INDEX CONCURRENTLY i ON a (t); ALTER TABLE b ALTER u TYPE int USING u::pg_catalog.int4;",
        "DROP INDEX CONCURRENTLY i; ALTER TABLE b ALTER u TYPE text;",
    );
    let url = server_url();
    // The queries of `verify` are those of the engine and of the dump.
    let mut trace = xtask(&root());
    trace.args(["db", "trace", "--rows", "10", "--postgres", &url, "--dir"]).arg(&versions);
    let output = trace.output().expect("xtask runs");
    let text = succeed(&output);
    assert!(!text.contains("shadow was called") && !text.contains("cannot fill"), "{text}");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("traced again on generated rows that fit"), "{text}");
}
