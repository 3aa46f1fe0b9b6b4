"""How the revisions run: rendered through env.py, and on the scratch database."""


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
        """Renders twice, to find what varies. `memo` remembers which types a run has created."""
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


