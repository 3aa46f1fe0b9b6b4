"""Statements as text: values as literals, and what a statement is. The recorder follows in the same program."""

import datetime
import decimal
import json
import re
import uuid

import sqlalchemy
from sqlalchemy.sql import sqltypes


def binary_literal(self, dialect):
    return lambda value: "'\\x" + bytes(value).hex() + "'::bytea"


sqltypes._Binary.literal_processor = binary_literal


def literal(value):
    """A value that was passed to a driver, as a literal."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, decimal.Decimal)):
        return str(value)
    if isinstance(value, float):
        return quoted(repr(value)) + "::double precision"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "'\\x" + bytes(value).hex() + "'::bytea"
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return quoted(value.isoformat())
    if isinstance(value, datetime.timedelta):
        return quoted(f"{value.days} days {value.seconds}.{value.microseconds:06} seconds") + "::interval"
    if isinstance(value, (str, uuid.UUID)):
        return quoted(str(value))
    if isinstance(value, (list, tuple)):
        return "ARRAY[" + ", ".join(literal(item) for item in value) + "]"
    raise TypeError(f"no literal for a value of the type {type(value).__name__}")


def with_literals(compiler):
    """A compiler that also writes values of types for which SQLAlchemy has no literals, as the driver would."""

    class Compiler(compiler):
        def render_literal_value(self, value, type_):
            try:
                return super().render_literal_value(value, type_)
            except (sqlalchemy.exc.CompileError, NotImplementedError):
                if isinstance(type_, sqltypes.JSON):
                    return quoted((self.dialect._json_serializer or json.dumps)(value))
                process = type_.dialect_impl(self.dialect).bind_processor(self.dialect)
                return literal(process(value) if process else value)

    return Compiler


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def sent(cursor, statement, parameters):
    """The text of a statement with its parameters, as the driver writes it if it can."""
    module = type(cursor).__module__.split(".")[0]
    if module == "psycopg2":
        return cursor.mogrify(statement, parameters).decode("utf-8")
    if module == "psycopg":
        import psycopg

        return psycopg.ClientCursor(cursor.connection).mogrify(statement, parameters or None).strip()
    if re.search(r"\$1\b", statement):
        return re.sub(r"\$(\d+)\b", lambda found: literal(parameters[int(found[1]) - 1]), statement)
    if not parameters:
        return statement.replace("%%", "%")
    if isinstance(parameters, dict):
        replace = lambda found: "%" if found[0] == "%%" else literal(parameters[found[1]])
        return re.sub(r"%%|%\((\w+)\)s", replace, statement)
    values = iter(parameters)
    return re.sub(r"%%|%s", lambda found: "%" if found[0] == "%%" else literal(next(values)), statement)


EFFECTS = re.compile(r"\b(setval|nextval|set_config|create_hypertable|pg_notify|lo_create)\s*\(", re.IGNORECASE)
COMMENTS = re.compile(r"(\s|--[^\n]*(\n|$)|/\*.*?\*/)*", re.DOTALL)


def first_word(sql):
    found = re.match(r"\(?\s*(\w+)", sql[COMMENTS.match(sql).end():])
    return found[1].upper() if found else ""


def is_query(sql):
    """Whether a statement only reads."""
    word = first_word(sql)
    if word == "WITH":
        return not re.search(r"\b(insert|update|delete|merge)\b", sql, re.IGNORECASE)
    return word in ("SELECT", "SHOW", "VALUES", "TABLE", "EXPLAIN") and not EFFECTS.search(sql)


