//! The types of values: what node-postgres makes of them, by the OIDs that it has parsers for (`textParsers.js` of pg-types).
//! It has none for most types of extensions and users, nor for their arrays: those values are strings, as the server writes
//! them.

/// A value of a built-in type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Value {
    kind: Kind,
    is_array: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Boolean,
    Number,
    Text,
    Date,
    Bytes,
    Json,
    Point,
    Circle,
    Interval,
}

impl Value {
    /// The value of a type, by its OID.
    pub(crate) fn of(type_oid: u32) -> Self {
        let (kind, is_array) = match type_oid {
            16 => (Kind::Boolean, false),
            1000 => (Kind::Boolean, true),
            17 => (Kind::Bytes, false),
            1001 => (Kind::Bytes, true),
            // int2, int4, oid, float4, float8. A numeric is text, but an array of them has numbers.
            21 | 23 | 26 | 700 | 701 => (Kind::Number, false),
            1005 | 1007 | 1028 | 1021 | 1022 | 1231 => (Kind::Number, true),
            // date, timestamp, timestamptz.
            1082 | 1114 | 1184 => (Kind::Date, false),
            1182 | 1115 | 1185 => (Kind::Date, true),
            // json, jsonb.
            114 | 3802 => (Kind::Json, false),
            199 | 3807 => (Kind::Json, true),
            600 => (Kind::Point, false),
            1017 => (Kind::Point, true),
            718 => (Kind::Circle, false),
            1186 => (Kind::Interval, false),
            1187 => (Kind::Interval, true),
            // cidr, money, regproc, text, bpchar, varchar, int8, macaddr, inet, time, timetz, uuid, numrange.
            651 | 791 | 1008 | 1009 | 1014 | 1015 | 1016 | 1040 | 1041 | 1183 | 1270 | 2951 | 3907 => {
                (Kind::Text, true)
            }
            _ => (Kind::Text, false),
        };
        Self { kind, is_array }
    }

    pub(crate) fn is_interval(self) -> bool {
        self.kind == Kind::Interval
    }

    /// The type of a value that was read.
    pub(crate) fn read_type(self) -> String {
        self.with_brackets(match self.kind {
            Kind::Boolean => "boolean",
            Kind::Number => "number",
            Kind::Text => "string",
            Kind::Date => "Date",
            Kind::Bytes => "Buffer",
            Kind::Json => "unknown",
            Kind::Point => "{ readonly x: number; readonly y: number }",
            Kind::Circle => "{ readonly x: number; readonly y: number; readonly radius: number }",
            Kind::Interval => "PgInterval",
        })
    }

    /// The type of a parameter. node-postgres would send other objects as JSON.
    pub(crate) fn insert_type(self) -> String {
        match (self.kind, self.is_array) {
            (Kind::Point | Kind::Circle, _) => self.with_brackets("string"),
            (Kind::Interval, true) => self.with_brackets("(PgInterval | string)"),
            (Kind::Interval, false) => "PgInterval | string".to_owned(),
            _ => self.read_type(),
        }
    }

    fn with_brackets(self, element: &str) -> String {
        format!("{element}{}", if self.is_array { "[]" } else { "" })
    }
}
