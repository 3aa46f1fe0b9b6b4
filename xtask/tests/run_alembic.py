"""Runs the real Alembic on revisions of this project, for xtask/tests/it/with_alembic/alembic.rs.

    run_alembic.py DIRECTORY URL show < revisions.jsonl     writes the Alembic environment for these revisions
    run_alembic.py DIRECTORY URL COMMAND ARGUMENT…          runs an Alembic command there (upgrade, downgrade, current, …)

`revisions.jsonl` is the output of `cargo xtask db show … --json`. Alembic runs the same statements through psycopg.
"""

import json
import pathlib
import sys

from alembic import command
from alembic.config import Config

ENV = """
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""

REVISION = """{doc!r}
import sys
sys.path.insert(0, {here!r})
from alembic_statements import run

revision = {revision!r}
down_revision = {down!r}
depends_on = {depends!r}
branch_labels = {labels!r}


def upgrade():
    run({upgrade!r}, {transaction!r})


def downgrade():
    run({downgrade!r}, {transaction!r})
"""

STATEMENTS = '''
from contextlib import nullcontext

from alembic import op


def run(pieces, transaction):
    with nullcontext() if transaction else op.get_context().autocommit_block():
        cursor = op.get_bind().connection.cursor()
        for piece, following in zip(pieces, pieces[1:] + [{}]):
            if "copy" in following:
                with cursor.copy(piece["text"].rstrip(";")) as copy:
                    copy.write(following["copy"])
            elif "text" in piece:
                cursor.execute(piece["text"].encode())
'''


def write(directory):
    versions = directory / "versions"
    versions.mkdir(parents=True)
    (directory / "env.py").write_text(ENV)
    (directory / "alembic_statements.py").write_text(STATEMENTS)
    revisions = [json.loads(line) for line in sys.stdin]
    for index, r in enumerate(revisions):
        text = REVISION.format(
            doc=r["message"],
            here=str(directory),
            revision=r["revision"],
            down=tuple(r["revises"]) or None,
            depends=tuple(r["depends_on"]) or None,
            labels=tuple(r["own_labels"]) or None,
            upgrade=r["upgrade"],
            downgrade=r["downgrade"],
            transaction=r["transaction"],
        )
        (versions / f"{index:04}_{r['revision']}.py").write_text(text)



def main():
    directory, url, name, *arguments = sys.argv[1:]
    directory = pathlib.Path(directory)
    if name == "show":
        write(directory)
        return
    config = Config()
    config.set_main_option("script_location", str(directory))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    getattr(command, name)(config, *arguments)


main()
