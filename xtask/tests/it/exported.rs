//! A library exports nothing that no other crate uses.
//!
//! Functions, constants and fields count as used if their name is in the code of another crate, such as the library's own
//! integration tests. Types may only be part of a signature, and are not checked.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

use crate::support::root;
use crate::support::sources::rust_files;

/// The names that a crate exports.
#[derive(Default)]
struct Exported(BTreeSet<String>);

impl Exported {
    fn add(&mut self, visibility: &syn::Visibility, name: &syn::Ident) {
        if matches!(visibility, syn::Visibility::Public(_)) {
            self.0.insert(name.to_string());
        }
    }
}

impl<'ast> Visit<'ast> for Exported {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.add(&item.vis, &item.sig.ident);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.vis, &item.sig.ident);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.add(&item.vis, &item.ident);
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.add(&item.vis, &item.ident);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if let Some(name) = &field.ident {
            self.add(&field.vis, name);
        }
        visit::visit_field(self, field);
    }
}

/// The names that the text of a file exports.
fn exported(text: &str) -> BTreeSet<String> {
    let mut exported = Exported::default();
    exported.visit_file(&syn::parse_file(text).expect("it is Rust"));
    exported.0
}

/// The words of a file, without those of comments.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'))
}

#[test]
fn finds_what_is_exported() {
    let text = "pub struct A { pub b: u8, c: u8 }\nimpl A { pub fn d() {} pub const E: u8 = 0; fn f() {} }\n\
                pub(crate) fn g() {}\npub const H: u8 = 1;\npub fn i() {}\nimpl T for A { fn j() {} }";
    assert_eq!(exported(text), ["E", "H", "b", "d", "i"].map(str::to_owned).into());
    assert_eq!(words("// a\nb.c(d_e)").filter(|word| !word.is_empty()).collect::<Vec<_>>(), ["b", "c", "d_e"]);
}

#[test]
fn a_library_exports_nothing_that_no_other_crate_uses() {
    let libraries = ["regular_file", "revision", "connection", "import", "schema", "diagram", "migrate", "cluster"];
    let files: Vec<(PathBuf, String)> = ["db", "xtask", "bench"]
        .iter()
        .flat_map(|folder| rust_files(&root().join(folder)))
        .map(|path| (path.clone(), fs::read_to_string(path).expect("can read the file")))
        .collect();
    let sources = libraries.map(|library| root().join("db").join(library).join("src"));
    let library = |path: &Path| sources.iter().find(|source| path.starts_with(source));
    let mut users: HashMap<&str, HashSet<Option<&PathBuf>>> = HashMap::new();
    for (path, text) in &files {
        for word in words(text) {
            users.entry(word).or_default().insert(library(path));
        }
    }
    let is_used = |name: &str, own: &PathBuf| users[name].iter().any(|user| *user != Some(own));
    let mut unused = Vec::new();
    for (path, text) in &files {
        let Some(own) = library(path) else { continue };
        let names = exported(text).into_iter().filter(|name| !is_used(name, own));
        unused.extend(names.map(|name| format!("{}: `{name}`", path.display())));
    }
    assert!(unused.is_empty(), "make these `pub(crate)`, because no other crate uses them\n{}", unused.join("\n"));
}
