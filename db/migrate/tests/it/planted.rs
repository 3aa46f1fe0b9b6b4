//! Tables that another role has created under the names of the engine's tables are not used, and do not prevent a run.

use std::sync::Arc;

use connection::Settings;
use migrate::{Error, Migrator, Session, StateError, Target};
use revision::Revisions;

use crate::support::{Database, options, provenance, revision, revisions};

/// Roles of one test. They are shared by all databases of a server.
struct Roles<'a> {
    database: &'a Database,
    names: Vec<String>,
}

impl<'a> Roles<'a> {
    fn create(database: &'a Database, names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|name| format!("{}_{name}", database.name)).collect();
        for name in &names {
            database.send(&format!("CREATE ROLE {name} LOGIN"));
        }
        Self { database, names }
    }

    /// Sends SQL as the superuser, with `{0}` and so on for the roles, and `{db}` for the database.
    fn send(&self, sql: &str) {
        self.database.send(&self.text(sql));
    }

    fn text(&self, sql: &str) -> String {
        let sql = sql.replace("{db}", &self.database.name);
        self.names.iter().enumerate().fold(sql, |sql, (index, name)| sql.replace(&format!("{{{index}}}"), name))
    }

    fn settings(&self, role: usize) -> Settings {
        let (host, port) = (self.database.settings().get("host"), self.database.settings().get("port"));
        let (host, port) = (host.unwrap_or_default(), port.unwrap_or("5432"));
        let text = format!("host='{host}' port={port} user={} dbname={}", self.names[role], self.database.name);
        Settings::resolve(&text, &|_| None).expect("the settings are valid")
    }
}

impl Drop for Roles<'_> {
    fn drop(&mut self) {
        for name in &self.names {
            self.database.send(&format!("DROP OWNED BY {name} CASCADE"));
        }
        // What a role owns in the cluster, such as the database.
        self.send("ALTER DATABASE {db} OWNER TO CURRENT_USER");
        for name in &self.names {
            self.database.send(&format!("DROP ROLE {name}"));
        }
    }
}

fn upgrade(settings: &Settings, revisions: &Revisions) -> Result<(), Error> {
    let session = Session::connect(settings, options(), Arc::new(|_| ()))?;
    Migrator::new(revisions, session).lock()?.plan(Target::Upgrade("heads"))?.run(&provenance()).map(drop)
}

fn one() -> Revisions {
    revisions([revision("a1", "", "SELECT 1;", "SELECT 1;")])
}

/// The table that is refused, and its owner.
fn refused(result: Result<(), Error>) -> Option<(String, String)> {
    match result {
        Ok(()) => None,
        Err(Error::State(error)) => match *error {
            StateError::OwnerNotTrusted { table, owner, .. } => Some((table, owner)),
            error => panic!("{error}"),
        },
        Err(error) => panic!("{error}"),
    }
}

/// The engine's tables as the first role makes them in a schema.
const MAKE: &str = "CREATE TABLE {schema}.alembic_version (version_num varchar(32) PRIMARY KEY);
CREATE TABLE {schema}.migration_log (id bigint GENERATED ALWAYS AS IDENTITY, operation text, revision text, parents text[], message text, checksum text, is_transactional boolean, upgrade_sql text, downgrade_sql text, started_at timestamptz, finished_at timestamptz DEFAULT now(), applied_by text DEFAULT session_user, tool_version text, commit_id text, build_id text, reason text, depends_on text[], downgrade_checksum text);
CREATE TABLE {schema}.migration_journal (revision text, direction text, statement int, checksum text, line int, started_at timestamptz DEFAULT now(), finished_at timestamptz, error text, before text, session text, PRIMARY KEY (revision, direction, statement));";

fn make(schema: &str) -> String {
    MAKE.replace("{schema}", schema)
}

#[test]
fn a_planted_table_is_refused_by_name_and_its_code_never_runs() {
    for table in ["alembic_version", "migration_log", "migration_journal"] {
        for is_superuser in [false, true] {
            let database = Database::create();
            let roles = Roles::create(&database, &["mallory", "deployer"]);
            roles.send("GRANT CREATE, USAGE ON SCHEMA public TO {0}, {1}; CREATE TABLE ran (who text); GRANT INSERT ON ran TO PUBLIC;");
            let definition = make("public");
            let definition =
                definition.split_inclusive('\n').find(|part| part.contains(table)).expect("it is one of them");
            roles.send(&format!(
                "SET ROLE {{0}}; {definition}; GRANT ALL ON {table} TO PUBLIC;
                CREATE FUNCTION public.run() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.ran VALUES (current_user); RETURN NEW; END';
                CREATE TRIGGER t BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION public.run();"
            ));
            let settings = if is_superuser { database.settings().clone() } else { roles.settings(1) };
            let expected = (format!("\"public\".\"{table}\""), roles.text("{0}"));
            assert_eq!(refused(upgrade(&settings, &one())), Some(expected), "{table} superuser: {is_superuser}");
            assert_eq!(database.rows("SELECT count(*) FROM ran"), ["0"]);
        }
    }
}

#[test]
fn reading_a_planted_table_does_not_run_its_policies() {
    let database = Database::create();
    let roles = Roles::create(&database, &["mallory", "deployer"]);
    roles.send(
        "GRANT CREATE, USAGE ON SCHEMA public TO {0}, {1}; CREATE TABLE ran (who text); GRANT INSERT ON ran TO PUBLIC;",
    );
    roles.send(&format!(
        "SET ROLE {{0}}; {} GRANT ALL ON alembic_version, migration_log, migration_journal TO {{1}};
        CREATE FUNCTION public.run() RETURNS boolean LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.ran VALUES (current_user); RETURN true; END';
        INSERT INTO alembic_version VALUES ('x'); ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY;
        CREATE POLICY p ON alembic_version USING (public.run());",
        make("public")
    ));
    let mut session = Session::connect(&roles.settings(1), options(), Arc::new(|_| ())).expect("a session");
    let error = session.state().expect_err("the policy would run");
    assert!(error.to_string().contains("row-level security"), "{error}");
    assert_eq!(database.rows("SELECT count(*) FROM ran"), ["0"]);
    // Policies do not apply to a superuser.
    let mut session = database.session(options(), Arc::new(|_| ()));
    assert_eq!(session.state().expect("the rows").rows, ["x"]);
}

#[test]
fn a_table_in_a_schema_of_another_role_is_ignored() {
    for is_superuser in [false, true] {
        let database = Database::create();
        let roles = Roles::create(&database, &["mallory", "deployer"]);
        roles.send("CREATE SCHEMA theirs AUTHORIZATION {0}; GRANT CREATE, USAGE ON SCHEMA public TO {1}; GRANT USAGE ON SCHEMA theirs TO PUBLIC;");
        roles.send(&format!("SET ROLE {{0}}; {}", make("theirs")));
        let settings = if is_superuser { database.settings().clone() } else { roles.settings(1) };
        // Before the engine's own tables exist, and after.
        for _ in 0..2 {
            assert_eq!(refused(upgrade(&settings, &one())), None);
        }
        assert_eq!(database.rows("SELECT version_num FROM public.alembic_version"), ["a1"]);
        assert!(database.rows("SELECT version_num FROM theirs.alembic_version").is_empty());
    }
}

#[test]
fn a_schema_that_only_has_the_name_of_the_role_is_not_trusted() {
    let database = Database::create();
    let roles = Roles::create(&database, &["mallory", "deployer"]);
    roles.send("CREATE SCHEMA {1} AUTHORIZATION {0}; GRANT USAGE ON SCHEMA {1} TO PUBLIC;");
    roles.send(&format!("SET ROLE {{0}}; {}", make(&roles.text("{1}"))));
    let (_, owner) = refused(upgrade(&roles.settings(1), &one())).expect("it is refused");
    assert_eq!(owner, roles.text("{0}"));
}

/// Setups in which another role owns the tables, and whether a run may use them.
#[test]
fn the_owner_may_be_the_owner_of_the_database_or_of_the_schema_or_a_role_of_the_user() {
    let grant = "GRANT USAGE ON SCHEMA {schema} TO {1}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {1};";
    for (set_up, schema, is_trusted) in [
        ("ALTER DATABASE {db} OWNER TO {0};", "public", true),
        ("ALTER SCHEMA public OWNER TO {0};", "public", true),
        ("CREATE SCHEMA app AUTHORIZATION {0}; ALTER ROLE {1} SET search_path = app;", "app", true),
        ("GRANT {0} TO {1};", "public", true),
        ("ALTER ROLE {0} SUPERUSER;", "public", true),
        ("GRANT {1} TO {0};", "public", false),
        ("SELECT;", "public", false),
    ] {
        let database = Database::create();
        let roles = Roles::create(&database, &["app_owner", "deployer"]);
        roles.send(&format!("GRANT CREATE ON SCHEMA public TO {{0}}; {set_up}"));
        roles.send(&format!("SET ROLE {{0}}; {}{}", make(schema), grant.replace("{schema}", schema)));
        let found = refused(upgrade(&roles.settings(1), &one()));
        let expected = (!is_trusted).then(|| (format!("\"{schema}\".\"alembic_version\""), roles.text("{0}")));
        assert_eq!(found, expected, "{set_up}");
    }
}

/// PostgreSQL 16 makes the creator of a role its administrator, which is no reason to trust it.
#[test]
fn the_creator_of_a_role_does_not_trust_it() {
    let database = Database::create();
    if database.connect().server_version() < 160_000 {
        return;
    }
    let roles = Roles::create(&database, &["mallory", "deployer"]);
    roles
        .send("GRANT {0} TO {1} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE; GRANT CREATE ON SCHEMA public TO {0}, {1};");
    roles.send(&format!("SET ROLE {{0}}; {} GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;", make("public")));
    refused(upgrade(&roles.settings(1), &one())).expect("it is refused");
}
