//! An observer is called before and after each statement, on the session and in the transaction of the statement.

use connection::{Connection, first};
use migrate::{Error, Observer, ObserverError, RunError, Scope, Target};
use revision::Place;

use crate::support::{Database, provenance, revision, revisions, without_transaction};

/// Records each call with its transaction, and refuses statements that contain a text.
#[derive(Default)]
struct Spy {
    calls: Vec<(String, String)>,
    refused: &'static str,
}

impl Spy {
    fn call(&mut self, connection: &mut Connection, what: String) -> Result<(), ObserverError> {
        let rows = connection.rows("SELECT coalesce(pg_current_xact_id_if_assigned()::text, '')")?;
        self.calls.push((what, first(&rows, 0).unwrap_or_default().to_owned()));
        Ok(())
    }
}

impl Observer for Spy {
    fn begin(&mut self, connection: &mut Connection, scope: Scope) -> Result<(), ObserverError> {
        self.call(connection, format!("begin {scope:?}"))
    }

    fn before(&mut self, connection: &mut Connection, _: Place, text: &str) -> Result<(), ObserverError> {
        if !self.refused.is_empty() && text.contains(self.refused) {
            return Err("the observer refuses".into());
        }
        self.call(connection, format!("before {text}"))
    }

    fn after(&mut self, connection: &mut Connection, _: Place, text: &str) -> Result<(), ObserverError> {
        self.call(connection, format!("after {text}"))
    }
}

#[test]
fn it_is_called_in_the_transaction_of_each_statement() {
    let database = Database::create();
    let two = revisions([
        revision("a1", "", "CREATE TABLE a ();\nCREATE TABLE b ();", ""),
        without_transaction("b1", "a1", "CREATE TABLE c ();\nCREATE TABLE d ();", ""),
    ]);
    let mut spy = Spy::default();
    let mut locked = database.lock(&two);
    locked
        .plan(Target::Upgrade("heads"))
        .expect("a plan")
        .observed_by(&mut spy)
        .run(&provenance())
        .expect("an upgrade");
    let statements = |sql: [&str; 2]| sql.map(|sql| [format!("before {sql}"), format!("after {sql}")]).concat();
    let mut expected = vec!["begin Transaction".to_owned()];
    expected.extend(statements(["CREATE TABLE a ();", "CREATE TABLE b ();"]));
    expected.push("begin Statement".to_owned());
    expected.extend(statements(["CREATE TABLE c ();", "CREATE TABLE d ();"]));
    let (calls, transactions): (Vec<String>, Vec<String>) = spy.calls.into_iter().unzip();
    assert_eq!(calls, expected);

    // `a1` runs in one transaction, which also wrote the log row. No transaction is open between the statements of
    // `b1`.
    let [_, _, first, second, third, ..] = &transactions[..] else { panic!("{transactions:?}") };
    let logged = database.rows("SELECT xmin FROM migration_log WHERE revision = 'a1'");
    assert_eq!(([first, second, third], &logged[0]), ([first; 3], first));
    assert_eq!(transactions[5..], [""; 5]);
    assert_eq!((database.version_rows(), database.journal().len()), (vec!["b1".to_owned()], 0));
}

#[test]
fn an_error_of_the_observer_rolls_back_the_revision() {
    let database = Database::create();
    let one = revisions([revision("a1", "", "CREATE TABLE a ();\nCREATE TABLE b ();", "")]);
    let mut spy = Spy { refused: "TABLE b", ..Spy::default() };
    let mut locked = database.lock(&one);
    let plan = locked.plan(Target::Upgrade("heads")).expect("a plan").observed_by(&mut spy);
    let error = plan.run(&provenance()).expect_err("the observer refuses");
    assert!(matches!(&error, Error::Run(run) if matches!(**run, RunError::Observer { .. })), "{error:?}");
    assert_eq!((database.has_table("a"), database.version_rows().len(), database.log().len()), (false, 0, 0));
}
