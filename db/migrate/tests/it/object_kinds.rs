//! Objects of every kind, dropped for a revision that needs it and created again.

use migrate::Target;

use crate::objects::{objects, run, upgrade};
use crate::support::{Database, revision, revisions};

#[test]
fn every_kind_of_object_can_be_dropped_and_created_again() {
    let database = Database::create();
    let schema = revision(
        "a1",
        "",
        "CREATE SCHEMA \"My app\"; CREATE TABLE \"My app\".\"T\" (id int);",
        "DROP TABLE \"My app\".\"T\"; DROP SCHEMA \"My app\";",
    );
    let change = revision(
        "b1",
        "a1",
        "ALTER TABLE \"My app\".\"T\" ALTER id TYPE bigint;",
        "ALTER TABLE \"My app\".\"T\" ALTER id TYPE int;",
    );
    let files = objects([
        ("aggregate", include_str!("object_kinds/aggregate.sql")),
        ("function", include_str!("object_kinds/function.sql")),
        ("procedure", include_str!("object_kinds/procedure.sql")),
        ("rows", include_str!("object_kinds/rows.sql")),
        ("trigger", include_str!("object_kinds/trigger.sql")),
        ("policy", include_str!("object_kinds/policy.sql")),
        ("view", include_str!("object_kinds/view.sql")),
    ]);
    upgrade(&database, &revisions([schema.clone()]), &files).expect("all are created");
    let all = database.rows("SELECT string_agg(created::text, '') FROM migration_objects");
    for kind in ["aggregate", "function", "procedure", "trigger", "policy", "view"] {
        assert!(all[0].contains(&format!(" {kind} ")), "{all:?}");
    }
    let two = revisions([schema, change]);
    assert_eq!(upgrade(&database, &two, &files).expect("they are dropped first").objects, 5);
    assert_eq!(database.rows("SELECT count(*) FROM \"My app\".rows()"), ["0"]);
    assert_eq!(upgrade(&database, &two, &files).expect("nothing to do").objects, 0);
    run(&database, &two, &files, Target::Downgrade("base")).expect("nothing stands in its way");
    assert_eq!(upgrade(&database, &two, &files).expect("all are created again").objects, 7);
}
