//! The template of the infrastructure: made without AWS, and looked at by cfn-lint. They install the CDK, and so are run by name:
//! `cargo xtask test infra`.

mod support;

use std::fs;
use std::process::{Command, Output};

use support::{python, root, scratch, xtask};

fn synth(folder: &str, arguments: &[&str]) -> Output {
    let target = scratch(folder);
    let mut command = xtask(&root());
    command.args(["infra", "synth"]).args(arguments).env("CARGO_TARGET_DIR", target);
    command.output().expect("xtask runs")
}

#[test]
#[ignore = "`cargo xtask test infra`"]
fn infra_template_has_no_finding() {
    let output = synth("infra-dev", &["--env", "dev"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let template = fs::read_to_string(root().join(&path)).expect("it says where the template is");
    assert!(template.contains("AWS::RDS::DBCluster"));
    let programs = python("aws-venv", include_str!("emulator/requirements.txt"));
    // W3005: a dependency that is there twice, as the CDK writes it.
    let lint = Command::new(programs.join("cfn-lint"))
        .args(["--ignore-checks", "W3005", "--", &path])
        .current_dir(root())
        .output();
    let lint = lint.expect("cfn-lint runs");
    assert!(lint.status.success(), "{}", String::from_utf8_lossy(&lint.stdout));
}

#[test]
#[ignore = "`cargo xtask test infra`"]
fn infra_environments_are_those_of_the_settings() {
    let output = synth("infra-other", &["--env", "staging"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("xtask.toml has no environment `staging`"), "{said}");
}
