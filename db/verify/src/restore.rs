//! Restores a dump of pg_dump, of any format, to a temporary database, with PostgreSQL's own programs.
//!
//! A dump has no roles, but names them. On a server of this program, they are created, without privileges.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};
use cluster::Needs;
use connection::{quote_identifier, quote_literal};

use crate::scratch::TemporaryDatabase;
use crate::server::Server;

/// How many lines of a program's error are shown.
const SHOWN: usize = 10;

/// Where the name of the format is in a tar file, and the name.
const TAR: (u64, &[u8]) = (257, b"ustar");

/// A dump.
pub(crate) struct Dump {
    path: PathBuf,
    /// Whether it is SQL, for psql; otherwise, pg_restore reads it.
    is_plain: bool,
}

impl Dump {
    /// Finds out which format a file or directory has.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let shown = path.display();
        let kind = std::fs::metadata(path).with_context(|| format!("`{shown}`"))?;
        let is_archive = match kind.is_dir() {
            true if path.join("toc.dat").exists() => true,
            true => {
                bail!("`{shown}` is a directory without `toc.dat`, so it is not a dump of `pg_dump --format=directory`")
            }
            false if !kind.is_file() => bail!("`{shown}` is not a file"),
            false => {
                let mut file = File::open(path).with_context(|| format!("`{shown}`"))?;
                begins_with(&mut file, 0, b"PGDMP")? || begins_with(&mut file, TAR.0, TAR.1)?
            }
        };
        Ok(Self { path: path.to_owned(), is_plain: !is_archive })
    }

    /// Restores it, and lets the server count the rows.
    pub(crate) fn restore(&self, server: &Server, database: &TemporaryDatabase) -> Result<()> {
        let mut session = database.session()?;
        let roles = self.roles()?;
        let names: Vec<String> = roles.iter().map(|role| quote_literal(role)).collect();
        let query = format!(
            "SELECT name FROM unnest(ARRAY[{}]::text[]) AS name WHERE to_regrole(quote_ident(name)) IS NULL",
            names.join(", ")
        );
        let missing: Vec<String> = session.query(&query)?.into_iter().flatten().flatten().collect();
        if !missing.is_empty() && !server.is_own() {
            bail!("the server lacks roles that the dump names: {}\n  next: create them there", missing.join(", "));
        }
        for role in missing {
            session.query(&format!("CREATE ROLE {}", quote_identifier(&role)))?;
        }
        let mut command = Needs::Tool.command(if self.is_plain { "psql" } else { "pg_restore" });
        match self.is_plain {
            true => command.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file"]).arg(&self.path),
            false => command.args(["--exit-on-error", "--dbname", database.settings().database()]).arg(&self.path),
        };
        self.run(command.envs(database.settings().to_environment()))?;
        Ok(session.send("ANALYZE")?)
    }

    /// The roles that it names.
    fn roles(&self) -> Result<BTreeSet<String>> {
        if self.is_plain {
            let file = File::open(&self.path).with_context(|| format!("`{}`", self.path.display()))?;
            return Ok(roles(BufReader::new(file))?);
        }
        let mut command = Needs::Tool.command("pg_restore");
        let output = self.run(command.args(["--schema-only", "--file=-"]).arg(&self.path))?;
        Ok(roles(output.stdout.as_slice())?)
    }

    fn run(&self, command: &mut Command) -> Result<Output> {
        let program = command.get_program().to_string_lossy().into_owned();
        let output = match command.stdin(Stdio::null()).output() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => bail!(
                "`{program}` is not installed, and reads this dump\n  next: install the client programs of PostgreSQL, such as \
                 `apt-get install postgresql-client`"
            ),
            output => output.with_context(|| format!("cannot run `{program}`"))?,
        };
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(SHOWN).collect();
            bail!("{program} can't restore `{}`:\n{}", self.path.display(), lines.join("\n"));
        }
        Ok(output)
    }
}

fn begins_with(file: &mut File, offset: u64, wanted: &[u8]) -> Result<bool> {
    file.seek(SeekFrom::Start(offset))?;
    let mut found = Vec::new();
    file.take(wanted.len() as u64).read_to_end(&mut found)?;
    Ok(found == wanted)
}

/// The roles that the SQL of pg_dump names: owners, and those that get privileges and policies.
fn roles(mut sql: impl BufRead) -> io::Result<BTreeSet<String>> {
    /// What a line begins with, and what comes before its roles.
    const LINES: [(&str, &[&str]); 6] = [
        ("ALTER DEFAULT PRIVILEGES ", &[" FOR ROLE ", " TO ", " FROM "]),
        ("ALTER ", &[" OWNER TO "]),
        ("GRANT ", &[" TO "]),
        ("REVOKE ", &[" FROM "]),
        ("CREATE POLICY ", &[" TO "]),
        ("CREATE SCHEMA ", &[" AUTHORIZATION "]),
    ];
    let (mut found, mut line, mut is_data) = (BTreeSet::new(), Vec::new(), false);
    while {
        line.clear();
        sql.read_until(b'\n', &mut line)? > 0
    } {
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        if is_data {
            is_data = text != "\\.";
            continue;
        }
        is_data = text.starts_with("COPY ") && text.ends_with(" FROM stdin;");
        let before = LINES.iter().find(|(start, _)| text.starts_with(start)).map_or(&[][..], |(_, before)| before);
        for before in before {
            for (at, _) in text.match_indices(before) {
                found.extend(names(&text[at + before.len()..]));
            }
        }
    }
    Ok(found)
}

/// The roles of a list, quoted or not. Keywords that stand for a role are not roles.
fn names(list: &str) -> Vec<String> {
    const NOT_ROLES: [&str; 8] =
        ["PUBLIC", "CURRENT_USER", "CURRENT_ROLE", "SESSION_USER", "DEFAULT", "ONLY", "SCHEMA", "GROUP"];
    let (mut names, mut rest) = (Vec::new(), list);
    loop {
        let (name, after) = match rest.strip_prefix('"') {
            Some(quoted) => match end_of_quoted(quoted) {
                Some(end) => (quoted[..end].replace("\"\"", "\""), &quoted[end + 1..]),
                None => return names,
            },
            None => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && !"_$".contains(c)).unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        // What follows the list; anything else is not a list of roles.
        let is_end = after.starts_with([';', ' ']) || after.is_empty();
        if name.is_empty() || !(is_end || after.starts_with(", ")) {
            return names;
        }
        if !NOT_ROLES.contains(&name.as_str()) {
            names.push(name);
        }
        match after.strip_prefix(", ") {
            Some(more) => rest = more,
            None => return names,
        }
    }
}

fn end_of_quoted(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let end = from + text[from..].find('"')?;
        if !text[end + 1..].starts_with('"') {
            return Some(end);
        }
        from = end + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::roles;

    #[test]
    fn roles_of_a_dump() {
        let sql = "\
ALTER TABLE public.t OWNER TO shop_owner;
ALTER TABLE ONLY public.t ATTACH PARTITION public.t_1 FOR VALUES FROM (1) TO (2);
ALTER SEQUENCE public.s OWNED BY public.t.id;
ALTER TABLE public.t ADD CONSTRAINT c CHECK ((id IS DISTINCT FROM other AND true));
GRANT SELECT,INSERT ON TABLE public.t TO \"shop \"\"api\"\"\" WITH GRANT OPTION;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE POLICY p ON public.t TO reader, \"Writer\" USING (true);
ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA public GRANT SELECT ON TABLES  TO reader;
CREATE SCHEMA shop AUTHORIZATION shopkeeper;
COPY public.t (id) FROM stdin;
GRANT SELECT ON TABLE public.t TO somebody;
\\.
";
        let found: Vec<String> = roles(sql.as_bytes()).expect("it is text").into_iter().collect();
        assert_eq!(found, ["Writer", "migrator", "reader", "shop \"api\"", "shop_owner", "shopkeeper"]);
    }
}
