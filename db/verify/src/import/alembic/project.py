"""The project: its configuration, its revisions, and the recording."""


def run_environment(config, script, steps, is_online):
    """Runs env.py, and returns the failure that stopped it, if any."""
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
