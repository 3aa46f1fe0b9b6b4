//! The template of the infrastructure: made without AWS, and looked at by cfn-lint. They install the CDK, and so are run by name:
//! `cargo xtask test infra`.

mod support;

use std::fs;
use std::os::unix::fs::symlink;
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

#[test]
#[ignore = "`cargo xtask test infra`"]
fn infra_settings_that_make_no_sense_are_named() {
    let checkout = scratch("infra-settings");
    for name in ["amplify", "infra"] {
        symlink(root().join(name), checkout.join(name)).expect("a link can be made");
    }
    let refused = |settings: &str| {
        fs::write(checkout.join("xtask.toml"), format!("[infra.environments.prod]\n{settings}\n")).expect("written");
        let mut command = xtask(&checkout);
        command.args(["infra", "synth"]).env("CARGO_MANIFEST_DIR", checkout.join("xtask"));
        let output = command.env("CARGO_TARGET_DIR", checkout.join("target")).output().expect("xtask runs");
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let said = refused("vpc_cidr = \"10.0.0.0/28\"");
    let wanted = "[infra.environments.prod], vpc_cidr = \"10.0.0.0/28\": four subnets of 64 addresses need /16 to /24";
    assert!(said.contains(wanted) && !said.contains("    at "), "{said}");
    let said = refused("vpc_cdir = \"10.0.0.0/24\"");
    assert!(said.contains("unknown field `vpc_cdir`") && said.contains("line 2"), "{said}");
}
