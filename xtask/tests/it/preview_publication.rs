//! `cargo xtask preview` with a real PostgreSQL, and stand-ins for the aws CLI, npm and curl: the order of its steps, a
//! failure of each, and what it refuses. The real `ampx` deploys no preview in the tests.

use crate::support::stand_ins::Checkout;
use crate::support::{Database, server};

const BRANCH: &str = "feature/ABC-12";

/// An environment whose branches may have previews, and its database.
struct Environment {
    checkout: Checkout,
    database: Database,
    url: String,
}

impl Environment {
    fn new(name: &str) -> Self {
        let environment = Self {
            checkout: Checkout::of("gen2", &format!("preview-{name}")),
            database: Database::create(),
            url: String::new(),
        };
        let (host, port, database) = (&server().host, &server().port, &environment.database.name);
        let url = format!("postgres:///{database}?host={host}&port={port}&user=postgres");
        let checkout = &environment.checkout;
        checkout.write("xtask.toml", "[project]\nname = \"site\"\n[infra.environments.dev]\npreviews = true\n");
        checkout.write("amplify/backend.ts", "process.env.PREVIEW_DATABASE;\n");
        let parameter = |name: &str, value: &str| format!(r#"{{"Name": "/site/dev/{name}", "Value": "{value}"}}"#);
        let parameters = [
            parameter("database-host", host),
            parameter("database-name", database),
            parameter("database-resource-id", "cluster-1"),
        ];
        for (words, shell) in [
            ("aws ssm get-parameters", format!("echo '{{\"Parameters\": [{}]}}'", parameters.join(", "))),
            ("aws iam get-policy", "echo '{\"Policy\": {}}'".to_owned()),
            ("aws amplify list-apps", "printf '{\"apps\": [%s]}' \"$(cat \"$STAND_INS/app\")\"".to_owned()),
            ("aws amplify create-app", CREATE_APP.to_owned()),
            (
                "aws amplify delete-app",
                "rm -f \"$STAND_INS/app\" \"$STAND_INS/branch\"; echo '{\"app\": {}}'".to_owned(),
            ),
            ("aws cloudformation delete-stack", "rm -r \"$STAND_INS/deployed\"".to_owned()),
            ("npm --prefix", AMPX.to_owned()),
        ] {
            checkout.set_script(words, &shell);
        }
        Self { url, ..environment }
    }

    /// The output, with placeholders for names that differ between runs.
    fn run(&self, command: &str) -> String {
        let text =
            self.checkout.run(&format!("AMPLIFY_APP_ID=d2example preview {command} --env dev --url {}", self.url));
        text.replace(&server().host, "HOST").replace(&self.database.name, "ORIGIN")
    }

    /// The calls since the last time that change something, in order.
    fn changes(&self) -> Vec<String> {
        let of = |line: &str| Some(line.split(' ').take(3).collect::<Vec<_>>().join(" "));
        let changes = ["create", "update", "delete", "start", "--prefix", "run", "--upload"];
        let is_change = |line: &&str| line.split(' ').any(|word| changes.iter().any(|start| word.starts_with(start)));
        self.checkout.run("calls").lines().filter(is_change).filter_map(of).collect()
    }

    /// The databases of previews.
    fn databases(&self) -> Vec<String> {
        let origin = format!("%\"origin\":\"{}\"%", self.database.name);
        self.database.rows(&format!(
            "SELECT datname FROM pg_database WHERE shobj_description(oid, 'pg_database') LIKE '{origin}'"
        ))
    }

    fn has_app(&self) -> bool {
        self.checkout.stand_ins.join("app").exists()
    }
}

/// `amplify create-app --name NAME --description TEXT …`
const CREATE_APP: &str = r#"text=$(printf '%s' "$6" | sed 's/"/\\"/g'); printf '{"appId": "dpreview", "name": "%s", "description": "%s", "defaultDomain": "dpreview.amplifyapp.com"}' "$4" "$text" > "$STAND_INS/app"; printf '{"app": %s}' "$(cat "$STAND_INS/app")""#;

/// The templates name the database, as those of a `backend.ts` that uses the variable do.
const AMPX: &str = r#"usual; for folder in .amplify/artifacts/cdk.out "$STAND_INS/deployed"; do sed -i "0,/{/s//{\"Description\": \"$PREVIEW_DATABASE of $PREVIEW_ENVIRONMENT\", /" "$folder/api.nested.template.json"; done"#;

/// A service that fails.
const FAILS: &str = "echo 'An error occurred (InternalFailureException): try again' >&2; exit 254";

#[test]
fn a_preview_is_made_from_the_database_up_and_deleted_in_reverse() {
    let environment = Environment::new("life");
    let text = environment.run(&format!("create {BRANCH}"));
    let [name] = &environment.databases()[..] else { panic!("{text}") };
    assert!(name.starts_with("preview_feature_abc_12_"), "{name}");
    assert!(text.starts_with("https://dev.d2example.amplifyapp.com\n"), "{text}");
    for expected in [
        "verified: the API answers, and sees the migrated database",
        &format!("database: `{name}`, "),
        "API: https://abc.lambda-url.us-east-1.on.aws/",
    ] {
        assert!(text.contains(expected), "{text}");
    }
    let steps = [
        "aws amplify create-app",
        "aws amplify create-branch",
        "npm --prefix amplify",
        "npm run --silent",
        "aws amplify update-app",
        "aws amplify create-deployment",
        "curl --disable --upload-file",
        "aws amplify start-deployment",
    ];
    assert_eq!(environment.changes(), steps);

    // An update finds the app and the branch.
    let text = environment.run(&format!("create {BRANCH}"));
    assert!(text.starts_with("https://"), "{text}");
    let again: Vec<&str> = steps
        .into_iter()
        .filter(|step| !step.contains("create-app") && !step.contains("-branch") && !step.contains("update-app"))
        .collect();
    assert_eq!(environment.changes(), again);

    let text = environment.run("list");
    assert!(
        text.starts_with(&format!(
            "{BRANCH}  https://dev.dpreview.amplifyapp.com  backend UPDATE_COMPLETE  `{name}` ("
        )),
        "{text}"
    );
    assert!(environment.run("list --json").contains(r#""backend":"UPDATE_COMPLETE""#));
    environment.changes();

    let text = environment.run(&format!("delete {BRANCH}"));
    assert!(text.contains(&format!("deleted the database `{name}`")), "{text}");
    assert_eq!(environment.changes(), ["aws cloudformation delete-stack", "aws amplify delete-app"]);
    assert_eq!((environment.databases().len(), environment.has_app()), (0, false));
    let text = environment.run(&format!("delete {BRANCH}"));
    assert!(text.contains("`dev` has no preview of the branch `feature/ABC-12`") && text.ends_with("? 1\n"), "{text}");
}

#[test]
fn a_command_that_failed_can_be_repeated() {
    let environment = Environment::new("failures");
    let scripts = environment.checkout.stand_ins.clone();
    let fail = |words: &str| {
        let script = std::fs::read_to_string(scripts.join(words)).expect("there is a script");
        environment.checkout.set_script(words, FAILS);
        script
    };
    // Nothing is created before everything on AWS is checked.
    for (words, command) in [("aws iam get-policy", "create"), ("aws ssm get-parameters", "create")] {
        let script = fail(words);
        let text = environment.run(&format!("{command} {BRANCH}"));
        assert!(text.contains("InternalFailureException") && text.ends_with("? 1\n"), "{text}");
        assert_eq!((environment.databases().len(), environment.has_app()), (0, false), "{words}");
        environment.checkout.set_script(words, &script);
    }
    assert_eq!(environment.changes(), [""; 0]);
    for words in [
        "aws amplify create-app",
        "aws amplify create-branch",
        "npm --prefix",
        "npm run",
        "aws amplify create-deployment",
        "aws amplify start-deployment",
    ] {
        let script = fail(words);
        let text = environment.run(&format!("create {BRANCH}"));
        assert!(text.contains("could not finish the preview") && text.ends_with("? 1\n"), "{words}: {text}");
        assert!(text.contains(&format!("`cargo xtask preview delete {BRANCH}` deletes what exists")), "{text}");
        assert_eq!(environment.databases().len(), 1, "{words}");
        environment.checkout.set_script(words, &script);
    }
    // As much as exists is deleted, in the same order.
    for words in ["aws cloudformation delete-stack", "aws amplify delete-app"] {
        let script = fail(words);
        let text = environment.run(&format!("delete {BRANCH}"));
        assert!(text.contains("InternalFailureException") && text.ends_with("? 1\n"), "{words}: {text}");
        assert_eq!((environment.databases().len(), environment.has_app()), (1, true), "{words}");
        environment.checkout.set_script(words, &script);
    }
    environment.changes();
    let text = environment.run(&format!("delete {BRANCH}"));
    assert!(text.contains("deleted the database"), "{text}");
    assert_eq!(environment.changes(), ["aws amplify delete-app"], "the stack was gone already");

    // What `db preview delete` leaves is found, and pruned.
    environment.run(&format!("create {BRANCH}"));
    let [name] = &environment.databases()[..] else { panic!("there is a database") };
    environment.database.rows(&format!("DROP DATABASE {name}"));
    assert!(environment.run("list").contains("  no database\n"));
    let text = environment.run("prune --dry-run");
    assert!(text.contains(&format!("would delete the preview of `{BRANCH}`: its database is gone")), "{text}");
    assert!(environment.run("prune").contains("1 preview deleted, 0 kept") && !environment.has_app());
}

/// No session leads to a database that is gone, so previews are listed and deleted without it.
#[test]
fn a_preview_whose_cluster_is_gone_is_listed_and_deleted_without_its_database() {
    let environment = Environment::new("lost");
    let checkout = &environment.checkout;
    environment.run(&format!("create {BRANCH}"));
    environment.changes();
    let delete = || checkout.run(&format!("preview delete {BRANCH} --env dev"));
    let resources = |status: &str| {
        let cluster = format!(
            r#"{{"ResourceType": "AWS::RDS::DBCluster", "PhysicalResourceId": "c-1", "ResourceStatus": "{status}"}}"#
        );
        let own = format!("echo '{{\"StackResourceSummaries\": [{cluster}]}}'");
        let shell = format!("case \"$4\" in site-dev) {own} ;; *) usual ;; esac");
        checkout.set_script("aws cloudformation list-stack-resources", &shell);
    };
    // As long as there is a cluster, and if AWS does not say so, the database is deleted too.
    resources("CREATE_COMPLETE");
    for answer in ["echo '{\"DBClusters\": [{}]}'", FAILS] {
        checkout.set_script("aws rds describe-db-clusters", answer);
        let text = delete();
        assert!(text.contains("`database_access` of the environment `dev` is off"), "{text}");
        assert_eq!(environment.changes(), [""; 0]);
    }
    let answer = "[ \"$4\" = c-1 ] && echo '(DBClusterNotFoundFault)' >&2; exit 254";
    checkout.set_script("aws rds describe-db-clusters", answer);
    let gone = "the cluster of `dev` no longer exists, and with it the databases of its previews";
    let run = |command: &str| {
        let text = checkout.run(&format!("preview {command} --env dev"));
        assert!(text.contains(gone) && !text.contains("\n? "), "{text}");
        text
    };
    assert!(run("list").contains("  no database\n"));
    let text = run("prune --dry-run");
    assert!(text.contains(&format!("would delete the preview of `{BRANCH}`: its database is gone")), "{text}");
    assert_eq!(environment.changes(), [""; 0]);
    run(&format!("delete {BRANCH}"));
    assert_eq!(environment.changes(), ["aws cloudformation delete-stack", "aws amplify delete-app"]);

    // The stack has been deleted up to the network.
    resources("DELETE_COMPLETE");
    let text = delete();
    assert!(text.contains("`dev` has no preview of the branch `feature/ABC-12`") && text.ends_with("? 1\n"), "{text}");
    assert!(text.contains(gone), "{text}");
}

#[test]
fn what_is_not_a_preview_is_refused_and_nothing_is_changed() {
    let environment = Environment::new("refusals");
    let checkout = &environment.checkout;
    let refused = |command: &str, expected: &str| {
        let text = environment.run(command);
        assert!(text.contains(expected) && (text.ends_with("? 1\n") || text.ends_with("? 2\n")), "{text}");
        assert_eq!(environment.changes(), [""; 0]);
        assert_eq!(environment.databases().len(), 0, "{text}");
    };
    refused("create main", "`main` is the branch of the environment `dev`");
    refused("create dev", "`dev` is the branch of the environment `dev`");

    // The stack of the environment is protected, as that of every environment but `dev` is.
    let script =
        std::fs::read_to_string(checkout.stand_ins.join("aws cloudformation describe-stacks")).expect("a script");
    let protected = r#"echo '{"Stacks": [{"StackStatus": "UPDATE_COMPLETE", "EnableTerminationProtection": true}]}'"#;
    checkout.set_script("aws cloudformation describe-stacks", protected);
    refused(&format!("create {BRANCH}"), "the stack `site-dev` is protected, so its environment has no previews");
    checkout.set_script("aws cloudformation describe-stacks", &script);

    let missing = "echo 'An error occurred (NoSuchEntity): not found' >&2; exit 254";
    checkout.set_script("aws iam get-policy", missing);
    refused(&format!("create {BRANCH}"), "there is no policy `site-dev-preview-boundary`");
    checkout.set_script("aws iam get-policy", "echo '{\"Policy\": {}}'");

    let parameters = std::fs::read_to_string(checkout.stand_ins.join("aws ssm get-parameters")).expect("a script");
    checkout.set_script("aws ssm get-parameters", &parameters.replace(&server().host, "production.example.com"));
    for command in [format!("create {BRANCH}"), format!("delete {BRANCH}"), "prune".to_owned(), "list".to_owned()] {
        refused(&command, "but the functions of `dev` use `ORIGIN` on `production.example.com`");
    }
    checkout.set_script("aws ssm get-parameters", &parameters);

    checkout.write("amplify/backend.ts", "defineBackend({});\n");
    refused(&format!("create {BRANCH}"), "does not use the variable PREVIEW_DATABASE");
    checkout.write("xtask.toml", "[infra.environments.dev]\n");
    refused(&format!("create {BRANCH}"), "the environment `dev` allows no previews");
    // Those that exist are still listed and deleted.
    assert!(environment.run("list").contains("0 previews"));
    checkout.write("xtask.toml", "[infra.environments.dev]\npreviews = true\n");

    // An app of the team that has the name or the record of a preview, but not both.
    let app = |name: &str, environment: &str| {
        let record = format!(
            r#"{{\"preview\": {{\"environment\": \"{environment}\", \"branch\": \"b\", \"database\": \"preview_b\"}}}}"#
        );
        format!(r#"{{"appId": "dteam", "name": "{name}", "description": "{record}"}}"#)
    };
    for app in [
        app("site-dev", "dev"),
        app("site-dev-preview-b", "prod"),
        r#"{"appId": "dteam", "name": "site-dev-preview-b"}"#.to_owned(),
    ] {
        std::fs::write(checkout.stand_ins.join("app"), app).expect("can write the file");
        refused("delete b", "`dev` has no preview of the branch `b`");
    }
}
