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
        """Runs `upgrade` or `downgrade`, and returns what has stopped it."""
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
    """The result of a statement offline: whatever asks for its rows needs a connection."""

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
    """Connects to the scratch database, whatever env.py wants to connect to."""
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


# Environment


def make_environment(config, script, steps, is_online):
    """env.py's environment, with the dialect and the transactions that the import needs.

    The methods are replaced on the object: `alembic.context` is the proxy of this class, and not of a class below it.
    """
    environment = EnvironmentContext(config, script, fn=steps, as_sql=not is_online)
    configure_context, run = environment.configure, environment.run_migrations
    environment.arguments = None

    def configure(**options):
        if not is_online:
            for name in ("url", "connection", "dialect_opts"):
                options.pop(name, None)
            options.update(dialect_name="postgresql", dialect_opts={"paramstyle": "named"}, literal_binds=True)
        options["transaction_per_migration"] = True
        configure_context(**options)
        environment.get_context().dialect._backslash_escapes = False

    def run_migrations(**arguments):
        if environment.arguments is not None:
            raise RuntimeError("env.py calls `run_migrations` more than once: import one database at a time")
        environment.arguments = arguments
        run(**arguments)

    environment.configure, environment.run_migrations = configure, run_migrations
    return environment


class Offline:
    """Renders every revision."""

    def __init__(self, script, revisions):
        self.script, self.revisions, self.results = script, revisions, {}

    def steps(self, _heads, context):
        self.patch(context)
        self.environment = context.environment_context
        for revision in self.revisions:
            for name in ("upgrade", "downgrade"):
                self.results[revision.revision, name] = self.render(revision, name)
        self.transactional_ddl = bool(context.impl.transactional_ddl)
        self.version_table = context.version_table
        self.version_table_schema = context.version_table_schema
        return []

    def render(self, revision, name):
        """Renders twice, to find what differs each time. Which types a run has created is remembered in `memo`."""
        memo = self.memo
        before = {key: set(names) for key, names in memo.items()} if name == "upgrade" else {}
        after = {key: set(names) for key, names in memo.items()}

        def once():
            memo.clear()
            memo.update({key: set(names) for key, names in before.items()})
            return self.render_once(revision, name)

        again, result = once(), once()
        if name == "downgrade":
            memo.clear()
            memo.update(after)
        result["varies"] = result["statements"] != again["statements"]
        return result

    def render_once(self, revision, name):
        function = getattr(revision.module, name, None)
        if function is None:
            return {"statements": [], "error": {"kind": "Missing", "text": f"there is no `{name}`", "line": None}}
        with recording(revision.path) as record:
            error = record.run(function, self.environment.arguments)
        if record.needs:
            error = {"kind": "NeedsConnection", **record.needs}
        return {"statements": record.statements, "error": error}

    def patch(self, context):
        def execute(construct, parameters=None, *_):
            if isinstance(construct, str):
                construct = sqlalchemy.text(construct)
            for values in parameters if isinstance(parameters, (list, tuple)) else [parameters]:
                RECORDING.add(compiled(construct, values, context.dialect))
            return Rows()

        impl = context.impl
        self.memo = impl.memo
        context.dialect.statement_compiler = with_literals(context.dialect.statement_compiler)
        impl._exec = lambda construct, *_, **options: execute(construct, options.get("params"))
        impl.static_output = lambda text: RECORDING and RECORDING.add(text)
        impl.emit_begin = impl.emit_commit = lambda: None
        context.autocommit_block = autocommit_block
        context.connection._execute_impl = execute


def compiled(construct, values, dialect):
    options = {}
    if not isinstance(construct, sqlalchemy.schema.DDLElement):
        options["compile_kwargs"] = {"literal_binds": True}
    if values:
        if isinstance(construct, sqlalchemy.sql.elements.TextClause):
            construct = construct.bindparams(**values)
        elif isinstance(construct, sqlalchemy.sql.Insert):
            construct = construct.values(**values)
        else:
            construct = construct.params(**values)
    return str(construct.compile(dialect=dialect, **options)).strip()


@contextlib.contextmanager
def autocommit_block():
    RECORDING.autocommit = RECORDING.used_autocommit = True
    try:
        yield
    finally:
        RECORDING.autocommit = False


class Online:
    """Runs every revision on the scratch database, and the downgrades that can't be rendered."""

    def __init__(self, script, revisions, offline):
        self.script, self.revisions, self.offline, self.results = script, revisions, offline, {}

    def steps(self, _heads, context):
        self.patch(context)
        for revision in self.revisions:
            step = MigrationStep.upgrade_from_script(self.script.revision_map, revision)
            function = step.migration_fn
            step.migration_fn = lambda **arguments: self.upgrade(revision, function, arguments)
            yield step
            if self.runs_downgrade(revision):
                self.downgrade(revision, context)

    def runs_downgrade(self, revision):
        """Whether a downgrade needs a connection, or does nothing offline although there is something to undo."""
        up, down = (self.offline[revision.revision, name] for name in ("upgrade", "downgrade"))
        does_nothing = up["statements"] and not down["statements"] and not down["error"]
        return needs_connection(down["error"]) or does_nothing

    def upgrade(self, revision, function, arguments):
        with recording(revision.path) as record:
            try:
                function(**arguments)
            except BaseException as error:
                self.keep(revision, "upgrade", record, failure(error, revision.path))
                raise
        self.keep(revision, "upgrade", record, None)

    def downgrade(self, revision, context):
        """Runs a downgrade, and rolls it back."""
        with recording(revision.path) as record:
            try:
                with context.begin_transaction(_per_migration=True):
                    revision.module.downgrade(**context.environment_context.arguments)
                    raise RolledBack
            except RolledBack:
                error = None
            except Exception as raised:
                error = failure(raised, revision.path)
        if record.used_autocommit:
            error = {"kind": "Autocommit", "text": "it reads the database and has an `autocommit_block`", "line": None}
        self.keep(revision, "downgrade", record, error)

    def keep(self, revision, name, record, error):
        result = {"statements": record.statements, "error": error or record.raw}
        self.results[revision.revision, name] = result

    def patch(self, context):
        block, execute = context.autocommit_block, context.impl.execute

        @contextlib.contextmanager
        def recorded_block():
            with block(), autocommit_block():
                yield

        def recorded_execute(*arguments, **options):
            RECORDING.executing = True
            try:
                return execute(*arguments, **options)
            finally:
                RECORDING.executing = False

        context.autocommit_block, context.impl.execute = recorded_block, recorded_execute


class RolledBack(Exception):
    """Ends a downgrade that is not kept."""


def needs_connection(error):
    return error is not None and error["kind"] not in ("NotImplementedError", "Missing")


# Project


def run_environment(config, script, steps, is_online):
    """Runs env.py, and returns what has stopped it."""
    try:
        with make_environment(config, script, steps, is_online):
            script.run_env()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return failure(error, os.path.join(script.dir, "env.py"))
    return None


def configuration(path):
    if os.path.basename(path) == "pyproject.toml":
        config = Config(toml_file=path)
    else:
        config = Config(path)
    url = config.get_main_option("sqlalchemy.url")
    if not url or url.startswith("driver://"):
        driver = "psycopg2" if importlib.util.find_spec("psycopg2") else "psycopg"
        config.set_main_option("sqlalchemy.url", f"postgresql+{driver}://")
    return config


def full_id(script, name):
    """The id that a dependency names, which can be the beginning of one. A branch label stays."""
    revision = script.get_revision(name)
    return name if revision is None or name in revision.branch_labels else revision.revision


def description(script, revision, results):
    text = revision.module.__doc__ or ""
    created = re.search(r"^\s*Create Date:\s*(.+?)\s*$", text, re.MULTILINE)
    authors = re.findall(r"^\s*(Authors?:.+?)\s*$", text, re.MULTILINE)
    as_list = lambda value: [value] if isinstance(value, str) else sorted(value or ())
    ordered = lambda value: [value] if isinstance(value, str) else list(value or ())
    return {
        "revision": revision.revision,
        "path": os.path.relpath(revision.path),
        "parents": list(revision._versioned_down_revisions),
        "depends_on": [full_id(script, name) for name in ordered(revision.dependencies)],
        "branch_labels": as_list(revision.module.__dict__.get("branch_labels")),
        "message": (revision.doc or "").strip(),
        "authors": authors,
        "create_date": created[1] if created else None,
        "upgrade": results("upgrade"),
        "downgrade": results("downgrade"),
    }


def upgrade_only(config, script, revisions):
    """Runs every revision on the scratch database, as `alembic upgrade heads` does."""

    def steps(_heads, _context):
        return [MigrationStep.upgrade_from_script(script.revision_map, revision) for revision in revisions]

    error = run_environment(config, script, steps, True)
    if error is not None:
        sys.exit(f"{error['kind']}: {error['text']}")


def main():
    path = os.path.abspath(sys.argv[1])
    os.chdir(os.path.dirname(path))
    config = configuration(path)
    script = ScriptDirectory.from_config(config)
    revisions = list(reversed(list(script.walk_revisions())))
    if sys.argv[2:] == ["upgrade"]:
        return upgrade_only(config, script, revisions)
    offline = Offline(script, revisions)
    error = run_environment(config, script, offline.steps, False)
    answer = {"alembic": alembic.__version__, "environment": error, "online": None, "revisions": []}
    answer["environment_path"] = os.path.relpath(os.path.join(script.dir, "env.py"))
    if error is None:
        online = Online(script, revisions, offline.results)
        if HAS_SCRATCH:
            error = run_environment(config, script, online.steps, True)
            answer["online"] = {"error": error}
        answer["transactional_ddl"] = offline.transactional_ddl
        answer["version_table"] = offline.version_table
        answer["version_table_schema"] = offline.version_table_schema
        for revision in revisions:
            key = lambda name: (revision.revision, name)
            results = lambda name: {"offline": offline.results[key(name)], "online": online.results.get(key(name))}
            answer["revisions"].append(description(script, revision, results))
    json.dump(answer, RESULT)
    RESULT.close()


main()
