"""Records what the revisions of an Alembic project do, as JSON on standard output.

Each revision is rendered offline through the project's own env.py. If `IMPORT_SCRATCH` is set, libpq's variables name a scratch
database: all revisions also run on it, and what the driver sends is recorded. No other database is reached: every connection of
SQLAlchemy is redirected to the scratch database, or refused.

Usage: python - CONFIGURATION [upgrade]. With `upgrade`, the revisions only run on the scratch database.
"""

import contextlib
import importlib.util
import json
import os
import re
import sys
import traceback

# What env.py prints must not end up in the JSON.
RESULT = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

import alembic
import sqlalchemy
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationStep
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.engine import URL, Engine
from sqlalchemy.pool import base as pool

HAS_SCRATCH = os.environ.pop("IMPORT_SCRATCH", None) is not None


class NeedsConnection(BaseException):
    """A revision reads from the database. Not an `Exception`, so that `except Exception` in a revision does not hide it."""


class Recording:
    """What one direction of a revision does."""

    def __init__(self, path):
        self.path = path
        self.statements = []
        self.autocommit = False
        self.used_autocommit = False
        self.executing = False
        self.needs = None
        self.raw = None

    def line(self):
        """The line of the revision that is running."""
        frame = sys._getframe(1)
        while frame:
            if same_file(frame.f_code.co_filename, self.path):
                return frame.f_lineno
            frame = frame.f_back
        return None

    def add(self, sql, is_read=False):
        self.statements.append(
            {"sql": sql, "autocommit": self.autocommit, "read": is_read, "line": self.line()}
        )

    def require(self, reason):
        self.needs = self.needs or {"text": reason, "line": self.line()}
        raise NeedsConnection(reason)

    def run(self, function, arguments):
        """Runs `upgrade` or `downgrade`, and returns the failure that stopped it, if any."""
        try:
            function(**arguments)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return failure(error, self.path)
        return None


RECORDING = None


@contextlib.contextmanager
def recording(path):
    global RECORDING
    RECORDING = Recording(path)
    try:
        yield RECORDING
    finally:
        RECORDING = None


def same_file(one, other):
    return one == other or os.path.realpath(one) == os.path.realpath(other)


def failure(error, path):
    """An exception, with the line of the file that it came from."""
    if type(error).__name__ == "NoInspectionAvailable":
        error = NeedsConnection("the database is inspected").with_traceback(error.__traceback__)
    elif "MockConnection" in str(error):
        error = NeedsConnection("the connection is used").with_traceback(error.__traceback__)
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if same_file(frame.filename, path)]
    text = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
    return {"kind": type(error).__name__, "text": text, "line": lines[-1] if lines else None}


class Rows:
    """The result of a statement offline: any access to its rows needs a connection."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        RECORDING.require(f"the result is read (`{name}`)")

    def __iter__(self):
        RECORDING.require("rows are read")

    def __bool__(self):
        return True


# Connections


def redirect(dialect, record, arguments, parameters):
    """Connects to the scratch database, regardless of what env.py specifies."""
    if dialect.name != "postgresql":
        raise RuntimeError(f"the project connects to {dialect.name}: only PostgreSQL can be imported")
    if not HAS_SCRATCH:
        if RECORDING:
            RECORDING.require("a connection is opened")
        raise RuntimeError("the project connects to its database even offline, and there is no scratch database")
    url = URL.create(
        "postgresql",
        username=os.environ["PGUSER"],
        password=os.environ.get("PGPASSWORD"),
        database=os.environ["PGDATABASE"],
        query={"host": os.environ["PGHOST"], "port": os.environ.get("PGPORT", "5432")},
    )
    new_arguments, new_parameters = dialect.create_connect_args(url)
    for name in list(parameters):
        if name in ("dsn", "hostaddr", "service", "passfile", "user", "password", "host", "port", "database", "dbname"):
            del parameters[name]
        elif name.startswith(("ssl", "gss", "target_session")):
            del parameters[name]
    arguments[:] = new_arguments
    parameters.update(new_parameters)


def observe(connection, cursor, statement, parameters, context, executemany):
    if RECORDING is None:
        return
    is_read = is_query(statement) and not RECORDING.executing
    is_many = executemany and isinstance(parameters, (list, tuple))
    for each in parameters if is_many else [parameters]:
        RECORDING.add(sent(cursor, statement, each), is_read)


event.listen(Engine, "do_connect", redirect)
event.listen(Engine, "before_cursor_execute", observe)
_cursor = pool._ConnectionFairy.cursor


def cursor_of_driver(self, *arguments, **options):
    caller = sys._getframe(1).f_globals.get("__name__", "")
    if RECORDING and not caller.startswith("sqlalchemy"):
        RECORDING.raw = RECORDING.raw or {"kind": "Cursor", "text": "it uses the cursor of the driver", "line": RECORDING.line()}
    return _cursor(self, *arguments, **options)


pool._ConnectionFairy.cursor = cursor_of_driver


