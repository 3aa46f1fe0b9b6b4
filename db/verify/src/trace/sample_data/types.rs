//! Types, and SQL expressions for their values. `i` is the number of the row.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use connection::Connection;

use super::row::{is, number, text};
use crate::trace::snapshot::Oid;

/// Every type by oid. A domain has the properties of the type below it.
pub(super) struct Types(BTreeMap<Oid, Type>);

struct Type {
    /// Qualified and quoted.
    name: String,
    /// `pg_type.typtype` and `typcategory`.
    kind: char,
    category: char,
    /// Of a domain, otherwise -1.
    modifier: i32,
    is_required: bool,
    /// Of an array, a range or a multirange.
    element: Option<Oid>,
    /// The labels of an enum, as an SQL array of texts.
    labels: Option<String>,
    /// The number of fields of a composite type.
    fields: usize,
}

/// Texts to try for a type without a known kind of value, from the most to the least common.
const LITERALS: [&str; 12] =
    ["1", "a", "{}", "[]", "a=>1", "POINT(0 0)", "[1,2,3]", "(0,0)", "1.0.0", "0/1", "<a/>", ""];

impl Types {
    pub(super) fn read(session: &mut Connection) -> Result<Self> {
        let mut types = BTreeMap::new();
        for row in session.query(include_str!("types.sql")).context("cannot read the types")? {
            let letter = |index: usize| text(&row, index).chars().next().unwrap_or(' ');
            let data_type = Type {
                name: text(&row, 1),
                kind: letter(2),
                category: letter(3),
                modifier: number(&row, 4)?,
                is_required: is(&row, 5),
                element: row[6].as_deref().map(str::parse).transpose().context("an oid")?,
                labels: row[7].clone(),
                fields: number(&row, 8)?,
            };
            types.insert(number(&row, 0)?, data_type);
        }
        Ok(Self(types))
    }

    /// Whether it is a domain that does not allow NULL.
    pub(super) fn is_required(&self, oid: Oid) -> bool {
        self.0.get(&oid).is_some_and(|data_type| data_type.is_required)
    }

    /// `pg_type.typcategory`.
    pub(super) fn category(&self, oid: Oid) -> char {
        self.0.get(&oid).map_or(' ', |data_type| data_type.category)
    }

    /// The labels of an enum, as an SQL array of texts.
    pub(super) fn labels(&self, oid: Oid) -> Option<&str> {
        self.0.get(&oid)?.labels.as_deref()
    }

    /// The type with its length, or the type below a domain.
    pub(super) fn sized(&self, oid: Oid, modifier: i32) -> String {
        let Some(found) = self.0.get(&oid) else { return "text".to_owned() };
        let modifier = found.modifier_or(modifier);
        match (found.name.as_str(), modifier) {
            (name, -1) => name.to_owned(),
            ("numeric", modifier) => {
                let (precision, scale) = digits(modifier);
                format!("numeric({precision}, {scale})")
            }
            (name @ ("character varying" | "character"), modifier) => format!("{name}({})", modifier - 4),
            (name @ ("bit" | "bit varying"), modifier) => format!("{name}({modifier})"),
            (name, _) => name.to_owned(),
        }
    }

    /// The type that values of a type, which may not exist yet, can be cast to: its name, or text for an enum.
    pub(super) fn castable(&self, oid: Oid) -> &str {
        self.0.get(&oid).filter(|found| found.labels.is_none()).map_or("text", |found| &found.name)
    }

    /// The length of a character type, if it is limited.
    pub(super) fn length(&self, oid: Oid, modifier: i32) -> Option<i32> {
        let found = self.0.get(&oid)?;
        let modifier = found.modifier_or(modifier);
        (found.category == 'S' && modifier > 4).then(|| modifier - 4)
    }

    /// An expression for a column's value, if the kind of type is known.
    pub(super) fn value(&self, oid: Oid, modifier: i32, column: &str) -> Option<String> {
        let found = self.0.get(&oid)?;
        if let Some(labels) = &found.labels {
            return Some(format!("({labels})[1 + i % array_length({labels}, 1)]"));
        }
        if let Some(value) = simple(&found.name) {
            return Some(value.to_owned());
        }
        let element = || Some((found.element?, self.0.get(&found.element?)?));
        match (found.kind, found.category) {
            (_, 'N') => Some(number_value(found, modifier)),
            (_, 'S') => Some(words(column, self.length(oid, modifier))),
            ('r', _) => Some(range(&found.name, &element()?.1.name)),
            ('m', _) => {
                let range = self.value(element()?.0, -1, column)?;
                Some(format!("{}({range})", found.name))
            }
            (_, 'A') => {
                let (oid, element) = element()?;
                let value = self.value(oid, -1, column)?;
                Some(format!("ARRAY[({value})::{}]", element.name))
            }
            ('c', _) => Some(format!("'({})'", ",".repeat(found.fields.saturating_sub(1)))),
            _ => None,
        }
    }

    /// An array with this many elements.
    pub(super) fn array(&self, oid: Oid, column: &str, length: u16) -> Option<String> {
        let element = self.0.get(&oid)?.element?;
        let value = self.value(element, -1, column)?;
        Some(format!("array_fill(({value})::{}, ARRAY[{length}])", self.0.get(&element)?.name))
    }

    /// A literal that a type of an unknown kind accepts.
    pub(super) fn probed(&self, session: &mut Connection, oid: Oid) -> Option<String> {
        let name = &self.0.get(&oid)?.name;
        let literals = LITERALS.iter().map(|literal| format!("'{literal}'"));
        literals.into_iter().find(|literal| session.query(&format!("SELECT {literal}::{name}")).is_ok())
    }
}

impl Type {
    fn modifier_or(&self, modifier: i32) -> i32 {
        if self.modifier >= 0 { self.modifier } else { modifier }
    }
}

/// The precision and the scale of a numeric type.
fn digits(modifier: i32) -> (i32, i32) {
    let scale = (modifier - 4) & 0x7ff;
    (((modifier - 4) >> 16) & 0xffff, if scale > 1023 { scale - 2048 } else { scale })
}

/// The value of a type that has no parameters.
fn simple(name: &str) -> Option<&'static str> {
    Some(match name {
        "smallint" => "i % 32767",
        "boolean" => "i % 2 = 0",
        "uuid" => "gen_random_uuid()",
        "json" | "jsonb" => "json_build_object('number', i)",
        "jsonpath" => "'$.number'",
        "xml" => "('<number>' || i || '</number>')::xml",
        "bytea" => "decode(md5(i::text), 'hex')",
        "date" => "date '2020-01-01' + (i % 3650)::int",
        "time without time zone" | "time with time zone" => "time '00:00' + i * interval '1 minute'",
        "timestamp without time zone" | "timestamp with time zone" => "timestamp '2020-01-01' + i * interval '1 hour'",
        "interval" => "i * interval '1 minute'",
        "inet" | "cidr" => "inet '10.0.0.0' + i",
        "macaddr" => "lpad(to_hex(i), 12, '0')::macaddr",
        "macaddr8" => "lpad(to_hex(i), 16, '0')::macaddr8",
        "tsvector" => "to_tsvector('pg_catalog.simple', 'word ' || i)",
        "tsquery" => "to_tsquery('pg_catalog.simple', 'word' || i)",
        "bit" | "bit varying" => "i::bit(64)",
        "pg_lsn" => "('0/' || to_hex(i))::pg_lsn",
        "xid" | "cid" | "xid8" => "i::text",
        "txid_snapshot" | "pg_snapshot" => "'1:1:'",
        "\"char\"" => "chr((97 + i % 26)::int)",
        "point" => "point(i, i)",
        "line" => "line(point(i, 0), point(i + 1, 1))",
        "lseg" => "lseg(point(i, 0), point(i + 1, 1))",
        "box" => "box(point(i, 0), point(i + 1, 1))",
        "path" => "format('((%s,0),(%s,1))', i, i + 1)",
        "polygon" => "polygon(box(point(i, 0), point(i + 1, 1)))",
        "circle" => "circle(point(i, i), 1)",
        _ => return None,
    })
}

fn number_value(found: &Type, modifier: i32) -> String {
    let modifier = found.modifier_or(modifier);
    if found.name != "numeric" || modifier < 0 {
        return "i".to_owned();
    }
    let (precision, scale) = digits(modifier);
    let (precision, scale) =
        (u32::try_from(precision.clamp(1, 18)).unwrap_or(1), u32::try_from(scale.max(0)).unwrap_or(0));
    match precision.saturating_sub(scale) {
        9.. => "i".to_owned(),
        _ => format!("(i % {})::numeric / (10::numeric ^ {scale})", 10_u64.pow(precision)),
    }
}

/// Ranges that do not overlap.
fn range(data_type: &str, element: &str) -> String {
    let bound = |offset: u32| match element {
        "date" => format!("date '2020-01-01' + (2 * i + {offset})::int"),
        "timestamp without time zone" | "timestamp with time zone" => {
            format!("(timestamp '2020-01-01' + (2 * i + {offset}) * interval '1 hour')::{element}")
        }
        "time without time zone" => format!("time '00:00' + i * interval '1 minute' + interval '{offset} seconds'"),
        "inet" => format!("inet '10.0.0.0' + 2 * i + {offset}"),
        _ => format!("(10 * i + 5 * {offset})::{element}"),
    };
    format!("{data_type}({}, {})", bound(0), bound(1))
}

/// Text that fits the column's name. It ends with a unique number, which a short column keeps.
fn words(name: &str, length: Option<i32>) -> String {
    let lower = name.to_ascii_lowercase();
    let quoted = name.replace('\'', "''");
    let text = match () {
        () if lower.contains("mail") => "'user' || i || '@example.com'".to_owned(),
        () if lower.contains("url") || lower.contains("link") => "'https://example.com/' || i".to_owned(),
        () if lower.contains("phone") => "'+49 30 ' || (100000 + i)".to_owned(),
        () if lower.contains("json") => "json_build_object('number', i)::text".to_owned(),
        () => format!("'{quoted} ' || i"),
    };
    length.map_or(text.clone(), |length| format!("right({text}, {length})"))
}
