//! No two files of a crate import each other, directly or indirectly.
//!
//! A file is a module. A path in it that starts with `crate`, `self`, `super` or a child module imports the file of the deepest
//! module on that path. `mod x;` is not an import, and code under `#[cfg(test)]` is ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use crate::support::root;

/// A module path from the root of the crate.
type Module = Vec<String>;

/// The file that imports and the file that is imported, with the line of one such import.
type Imports = BTreeMap<(Module, Module), usize>;

#[derive(Debug, Default)]
struct Crate {
    /// The text of each file.
    files: BTreeMap<Module, String>,
}

impl Crate {
    fn read(source: &Path) -> Self {
        let mut files = BTreeMap::new();
        let mut folders = vec![source.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("can read the folder") {
                let path = entry.expect("can read the entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let relative = path.strip_prefix(source).expect("it is in the folder").with_extension("");
                    let mut module: Module = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
                    if matches!(module.last().map(String::as_str), Some("lib" | "main" | "mod")) {
                        module.pop();
                    }
                    files.insert(module, fs::read_to_string(&path).expect("can read the file"));
                }
            }
        }
        Self { files }
    }

    /// The file of the deepest module on a path.
    fn file_of(&self, path: &[String]) -> Module {
        let deepest = (0..=path.len()).rev().find(|&length| self.files.contains_key(&path[..length]));
        path[..deepest.unwrap_or_default()].to_vec()
    }

    fn imports(&self) -> Imports {
        let (mut found, mut elsewhere) = (Vec::new(), Vec::new());
        for (file, text) in &self.files {
            let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{}: {error}", file.join("/")));
            let mut reader =
                Reader { owner: self, file, module: file.clone(), elsewhere: Vec::new(), found: Vec::new() };
            reader.visit_file(&parsed);
            found.extend(reader.found.into_iter().map(|(path, line)| (file, path, line)));
            elsewhere.append(&mut reader.elsewhere);
        }
        let mut imports = Imports::new();
        for (file, path, line) in found {
            let target = self.file_of(&path);
            if target != *file && !elsewhere.iter().any(|module| path.starts_with(module)) {
                imports.entry((file.clone(), target)).or_insert(line);
            }
        }
        imports
    }

    /// The groups of files that import each other, each with its imports.
    fn circles(&self) -> Vec<String> {
        let imports = self.imports();
        let reachable = |from: &Module| {
            let (mut seen, mut todo) = (BTreeSet::new(), vec![from.clone()]);
            while let Some(file) = todo.pop() {
                for (_, target) in imports.keys().filter(|(source, _)| *source == file) {
                    if seen.insert(target.clone()) {
                        todo.push(target.clone());
                    }
                }
            }
            seen
        };
        let reach: BTreeMap<&Module, BTreeSet<Module>> =
            self.files.keys().map(|file| (file, reachable(file))).collect();
        let mut circles = BTreeSet::new();
        for (file, seen) in &reach {
            let circle: Vec<&Module> =
                self.files.keys().filter(|other| seen.contains(*other) && reach[other].contains(*file)).collect();
            if seen.contains(*file) && circle.len() > 1 {
                circles.insert(circle);
            }
        }
        let name = |module: &Module| if module.is_empty() { "(root)".to_owned() } else { module.join("/") };
        let describe = |circle: Vec<&Module>| {
            let inside = imports.iter().filter(|((from, to), _)| circle.contains(&from) && circle.contains(&to));
            let arrows: Vec<String> =
                inside.map(|((from, to), line)| format!("    {}:{line} imports {}", name(from), name(to))).collect();
            let names: Vec<String> = circle.into_iter().map(name).collect();
            format!("{}\n{}", names.join(" · "), arrows.join("\n"))
        };
        circles.into_iter().map(describe).collect()
    }
}

/// Collects the paths of a file.
struct Reader<'a> {
    owner: &'a Crate,
    file: &'a Module,
    /// The current module: the file's, or an inline one.
    module: Module,
    /// Modules with a file outside the crate's folder (`#[path]`).
    elsewhere: Vec<Module>,
    found: Vec<(Module, usize)>,
}

impl Reader<'_> {
    fn add(&mut self, segments: &[String], line: usize) {
        let mut module = self.module.clone();
        let mut rest = segments;
        match segments.first().map(String::as_str) {
            Some("crate") => (module, rest) = (Module::new(), &segments[1..]),
            Some("self") => rest = &segments[1..],
            Some("super") => {
                while rest.first().is_some_and(|segment| segment == "super") {
                    module.pop();
                    rest = &rest[1..];
                }
            }
            Some(first) => {
                let child: Module = self.file.iter().cloned().chain([first.to_owned()]).collect();
                if !self.owner.files.contains_key(&child) {
                    return;
                }
            }
            None => return,
        }
        self.found.push((module.into_iter().chain(rest.iter().cloned()).collect(), line));
    }

    fn use_tree(&mut self, tree: &syn::UseTree, prefix: &[String]) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.use_tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.use_tree(tree, prefix)),
            syn::UseTree::Name(name) if name.ident == "self" => self.add(prefix, name.span().start().line),
            syn::UseTree::Name(name) => self.add(&with(&name.ident), name.span().start().line),
            syn::UseTree::Rename(name) => self.add(&with(&name.ident), name.span().start().line),
            syn::UseTree::Glob(glob) => self.add(prefix, glob.span().start().line),
        }
    }

    /// Collects the paths in the tokens of a macro call.
    fn tokens(&mut self, tokens: proc_macro2::TokenStream) {
        use proc_macro2::TokenTree;
        let (mut path, mut colons, mut line) = (Vec::<String>::new(), 0, 0);
        for token in tokens {
            match token {
                TokenTree::Ident(name) if colons == 2 => path.push(name.to_string()),
                TokenTree::Ident(name) => {
                    self.add_if_path(&path, line);
                    (path, line) = (vec![name.to_string()], name.span().start().line);
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => {
                    self.add_if_path(&path, line);
                    path.clear();
                    self.tokens(group.stream());
                }
                _ => {
                    self.add_if_path(&path, line);
                    path.clear();
                }
            }
            colons = 0;
        }
        self.add_if_path(&path, line);
    }

    fn add_if_path(&mut self, path: &[String], line: usize) {
        if path.len() > 1 {
            self.add(path, line);
        }
    }
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return false };
        list.path.is_ident("cfg") && list.tokens.to_string() == "test"
    })
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Const(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        if item.attrs.iter().any(|attribute| attribute.path().is_ident("path")) {
            self.elsewhere.push(self.module.clone());
        }
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add_if_path(&segments, path.span().start().line);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.tokens(call.tokens.clone());
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}

fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
    let module = |name: &str| name.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    Crate { files: files.iter().map(|(name, text)| (module(name), (*text).to_owned())).collect() }.circles()
}

#[test]
fn finds_circles_of_any_length() {
    let root = ("", "mod a;\nmod b;\nmod c;\nfn main() { a::run(); }");
    let straight = [root, ("a", "use crate::b::B;"), ("b", "use crate::c::C;"), ("c", "use std::fmt;")];
    assert_eq!(circles_of(&straight), [""; 0]);

    let two = circles_of(&[root, ("a", "use crate::b::B;"), ("b", "\nfn f() { crate::a::run() }"), ("c", "")]);
    assert_eq!(two, ["a · b\n    a:1 imports b\n    b:2 imports a"]);

    let three = [root, ("a", "use crate::b::B;"), ("b", "use super::c::{self, C};"), ("c", "type A = crate::a::A;")];
    assert!(circles_of(&three)[0].starts_with("a · b · c\n"));

    let parent = circles_of(&[root, ("a", "mod d;\npub use d::D;"), ("a/d", "use super::E;"), ("b", ""), ("c", "")]);
    assert_eq!(parent, ["a · a/d\n    a:2 imports a/d\n    a/d:1 imports a"]);

    let to_the_root = [root, ("a", "use crate::Exported;"), ("b", ""), ("c", "")];
    assert!(circles_of(&to_the_root)[0].starts_with("(root) · a\n"));

    let in_a_macro = [root, ("a", "use crate::b;"), ("b", "fn f() { println!(\"{}\", crate::a::name()) }"), ("c", "")];
    assert_eq!(circles_of(&in_a_macro).len(), 1);
}

#[test]
fn tests_and_declarations_are_not_imports() {
    let files = [
        ("", "mod a;\n#[path = \"../shared.rs\"]\nmod shared;\nfn main() { shared::run(); a::run() }"),
        ("a", "mod b;\nuse b::B;\nuse crate::shared::Shared;"),
        ("a/b", "#[cfg(test)]\nmod tests {\n use super::super::A;\n}"),
    ];
    assert_eq!(circles_of(&files), [""; 0]);
}

#[test]
fn no_two_files_import_each_other() {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).expect("it is JSON");
    let mut problems = Vec::new();
    let packages = metadata["packages"].as_array().expect("it is a list");
    assert!(packages.len() > 6, "{packages:?}");
    for package in packages {
        let manifest = package["manifest_path"].as_str().expect("it is a path");
        let source = Path::new(manifest).with_file_name("src");
        let circles = Crate::read(&source).circles();
        problems.extend(circles.into_iter().map(|circle| format!("{}: {circle}", package["name"])));
    }
    assert!(
        problems.is_empty(),
        "files import each other: move what both need to a file that both import\n{}",
        problems.join("\n")
    );
}
