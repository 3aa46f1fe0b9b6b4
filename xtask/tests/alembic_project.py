"""Writes an Alembic project with 120 revisions, for xtask/tests/it/with_alembic/import.rs.

    alembic_project.py DIRECTORY

The history has three branches, two merges, dependencies, labels, and what real histories have: enums, autocommit blocks, batch
operations, concurrent indexes, server defaults, bulk inserts, loops over rows, bind parameters, and text that is easy to damage.
"""

import pathlib
import sys

INI = """
[alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
sqlalchemy.url = driver://user:pass@localhost/dbname
"""

ENV = '''
import os

from alembic import context
from app_models import metadata
from sqlalchemy import create_engine, pool

config = context.config


def options():
    return dict(target_metadata=metadata, version_table="schema_version", transaction_per_migration=True)


def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), **options())
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    url = os.environ.get("PROJECT_URL") or config.get_main_option("sqlalchemy.url")
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection, **options())
        with context.begin_transaction():
            context.run_migrations()


print("env.py prints to standard output")
if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
'''

MODELS = '''
from sqlalchemy import MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
'''

REVISION = '''"""{message}

Revision ID: {revision}
Revises: {revises}
Create Date: 2024-{month:02}-{day:02} 09:{minute:02}:00.123456

"""
import datetime
import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = {revision!r}
down_revision = {down!r}
branch_labels = {labels!r}
depends_on = {depends!r}


def upgrade():
{upgrade}


def downgrade():
{downgrade}
'''

# Characters that are easily damaged: percent signs, quotes, backslashes, tabs, line breaks, semicolons, colons, other
# scripts.
TEXT = "100% 'sure'\\\\ \\\\n \\t tab; -- no comment /* : :x $$ é 漢\\nsecond line"

BASE = [
    (
        "create accounts",
        """op.create_table(
    "accounts",
    sa.Column("id", sa.BigInteger, sa.Identity(always=False), primary_key=True),
    sa.Column("email", sa.String(200), nullable=False, unique=True),
    sa.Column("state", sa.Enum("new", "active", name="account_state"), nullable=False, server_default="new"),
    sa.Column("rate", sa.Numeric(5, 2), server_default=sa.text("12.5")),
    sa.Column("pattern", sa.Text, server_default="50%"),
    sa.Column("created", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    sa.CheckConstraint("email LIKE '%@%'", name="email"),
    comment="People's accounts: 100% real",
)""",
        'op.drop_table("accounts")\nop.execute("DROP TYPE account_state")',
    ),
    (
        "add a state in an autocommit block",
        """with op.get_context().autocommit_block():
    op.execute("ALTER TYPE account_state ADD VALUE IF NOT EXISTS 'closed'")""",
        "pass",
    ),
    (
        "create an enum by itself",
        """kind = postgresql.ENUM("card", "bank", name="payment_kind")
kind.create(op.get_bind(), checkfirst=True)
op.create_table(
    "payments",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account_id", sa.BigInteger, sa.ForeignKey("accounts.id", ondelete="CASCADE")),
    sa.Column("kind", postgresql.ENUM(name="payment_kind", create_type=False), nullable=False),
    sa.Column("details", postgresql.JSONB, server_default=sa.text("'{}'::jsonb")),
    sa.Column("tags", postgresql.ARRAY(sa.Text), server_default="{}"),
    sa.Column("proof", sa.LargeBinary),
    sa.Column("paid_on", sa.Date),
)""",
        'op.drop_table("payments")\npostgresql.ENUM(name="payment_kind").drop(op.get_bind(), checkfirst=True)',
    ),
    (
        "insert accounts in bulk",
        """accounts = sa.table("accounts", sa.column("email", sa.String), sa.column("pattern", sa.Text))
op.bulk_insert(accounts, [
    {"email": "a@example.com", "pattern": TEXT},
    {"email": "b%b@example.com", "pattern": None},
    {"email": "c'c@example.com", "pattern": "{\\"a\\": [1, 2]}"},
])""".replace("TEXT", f'"{TEXT}"'),
        'op.execute("DELETE FROM accounts")',
    ),
    (
        "insert payments with every type",
        """payments = sa.table(
    "payments", sa.column("id"), sa.column("account_id"), sa.column("kind", postgresql.ENUM(name="payment_kind")),
    sa.column("details", postgresql.JSONB), sa.column("tags", postgresql.ARRAY(sa.Text)),
    sa.column("proof", sa.LargeBinary), sa.column("paid_on", sa.Date),
)
op.bulk_insert(payments, [
    {"id": 1, "account_id": 1, "kind": "card", "details": {"a": "it's 5%", "b": [1, None]}, "tags": ["x", "y'z"],
     "proof": b"\\x00\\xff\\\\a", "paid_on": datetime.date(2024, 2, 29)},
])""",
        'op.execute("DELETE FROM payments")',
    ),
    (
        "update with bind parameters",
        """connection = op.get_bind()
connection.execute(
    sa.text("UPDATE accounts SET pattern = :pattern WHERE email = :email"),
    {"pattern": TEXT, "email": "a@example.com"},
)
connection.execute(sa.text("UPDATE accounts SET rate = 100 * :rate WHERE email LIKE 'b%'"), {"rate": 1.5})""".replace(
            "TEXT", f'"{TEXT}"'
        ),
        "pass",
    ),
    (
        "read rows in a loop",
        """connection = op.get_bind()
op.add_column("accounts", sa.Column("domain", sa.Text))
for row in connection.execute(sa.text("SELECT id, email FROM accounts ORDER BY id")).fetchall():
    connection.execute(
        sa.text("UPDATE accounts SET domain = :domain WHERE id = :id"),
        {"domain": row.email.split("@")[1] + " 100% it's", "id": row.id},
    )""",
        'op.drop_column("accounts", "domain")',
    ),
    (
        "create a function with dollar quotes",
        '''op.execute("""
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    -- a comment; with a semicolon
    NEW.pattern := format('%s%%', NEW.pattern);
    RETURN NEW;
END;
$body$;
CREATE TRIGGER touch BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION touch()
""")''',
        'op.execute("DROP TRIGGER touch ON accounts")\nop.execute("DROP FUNCTION touch")',
    ),
    (
        "create an index concurrently",
        """with op.get_context().autocommit_block():
    op.create_index("ix_accounts_state", "accounts", ["state"], postgresql_concurrently=True)
    op.create_index(
        "ix_accounts_upper", "accounts", [sa.text("upper(email)")], unique=True, postgresql_concurrently=True,
        postgresql_where=sa.text("pattern LIKE '%a%'"),
    )""",
        """with op.get_context().autocommit_block():
    op.drop_index("ix_accounts_upper", postgresql_concurrently=True)
    op.drop_index("ix_accounts_state", postgresql_concurrently=True)""",
    ),
    (
        "alter in a batch",
        """with op.batch_alter_table("payments") as batch:
    batch.add_column(sa.Column("note", sa.String(20), server_default="none"))
    batch.alter_column("kind", nullable=True)
    batch.create_unique_constraint(None, ["note"])""",
        """with op.batch_alter_table("payments") as batch:
    batch.drop_constraint("uq_payments_note")
    batch.alter_column("kind", nullable=False)
    batch.drop_column("note")""",
    ),
    (
        "drop what can't come back",
        'op.drop_column("accounts", "rate")',
        'raise NotImplementedError("the rates are gone")',
    ),
    (
        "inspect before adding a column",
        """columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("accounts")]
if "phone" not in columns:
    op.add_column("accounts", sa.Column("phone", sa.String(30)))
if "email" not in columns:
    op.add_column("accounts", sa.Column("email", sa.Text))""",
        'op.drop_column("accounts", "phone")',
    ),
    (
        "copy rows in a downgrade",
        'op.create_table("archive", sa.Column("email", sa.Text, primary_key=True))\n'
        'op.execute("INSERT INTO archive SELECT email FROM accounts")',
        """connection = op.get_bind()
emails = connection.execute(sa.text("SELECT email FROM archive")).scalars().all()
assert len(emails) == 3
op.drop_table("archive")""",
    ),
    (
        "insert JSON and a multi-line string",
        '''op.execute(
    sa.text("INSERT INTO payments (id, kind, details, note) VALUES (2, 'bank', :details, :note)").bindparams(
        sa.bindparam("details", {"text": "line\\nbreak", "half": "50%"}, type_=postgresql.JSONB), note="two\\nlines"
    )
)
op.execute("SELECT setval('payments_id_seq', (SELECT max(id) FROM payments))")''',
        'op.execute("DELETE FROM payments WHERE id = 2")',
    ),
    (
        "set the state that the block has added",
        "op.execute(\"UPDATE accounts SET state = 'closed' WHERE email LIKE 'b%'\")",
        "op.execute(\"UPDATE accounts SET state = 'new'\")",
    ),
]


def table(name, number):
    """Creates a table, and in every other revision changes a column or a row of an earlier one."""
    kinds = [
        (
            f"create {name} {number}",
            f"""op.create_table(
    "{name}_{number}",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("title", sa.String({number + 30}), nullable=False, server_default="{number}%"),
    sa.Column("at", sa.DateTime, server_default=sa.text("'2024-01-01 00:00:00'")),
)
op.create_index(None, "{name}_{number}", ["title"])""",
            f'op.drop_table("{name}_{number}")',
        ),
        (
            f"add to {name} {number}",
            f"""op.add_column("{name}_{number - 1}", sa.Column("size", sa.Float, server_default="1.5"))
op.execute("INSERT INTO {name}_{number - 1} (id, title) VALUES ({number}, '10%: it''s {number}')")
op.create_check_constraint("size", "{name}_{number - 1}", "size > 0")""",
            f"""op.drop_constraint(op.f("ck_{name}_{number - 1}_size"), "{name}_{number - 1}")
op.execute("DELETE FROM {name}_{number - 1}")
op.drop_column("{name}_{number - 1}", "size")""",
        ),
        (
            f"rename in {name} {number}",
            f"""op.alter_column("{name}_{number - 2}", "title", new_column_name="name", type_=sa.Text)
op.create_table_comment("{name}_{number - 2}", "a comment: {number}%")""",
            f"""op.drop_table_comment("{name}_{number - 2}")
op.alter_column("{name}_{number - 2}", "name", new_column_name="title", type_=sa.String({number + 28}))""",
        ),
    ]
    return kinds[number % 3]


def indent(text):
    """The body of a function. Lines inside strings in three quotes stay where they are."""
    lines, inside = [], False
    for line in text.split("\n"):
        lines.append(line if inside else "    " + line)
        inside ^= line.count('"""') % 2 == 1
    return "\n".join(lines)


class History:
    def __init__(self, directory):
        self.directory, self.count = directory, 0

    def add(self, parents, step, labels=None, depends=None):
        message, upgrade, downgrade = step
        revision = f"{self.count * 0x9E3779B1 + 0x4D2F1C9A7B3E & 0xFFFFFFFFFFFF:012x}"
        down = None if not parents else parents[0] if len(parents) == 1 else tuple(parents)
        text = REVISION.format(
            message=message, revision=revision, revises=", ".join(parents), down=down, labels=labels, depends=depends,
            month=self.count // 28 + 1, day=self.count % 28 + 1, minute=self.count % 60,
            upgrade=indent(upgrade), downgrade=indent(downgrade),
        )
        (self.directory / f"{revision}_{message.replace(' ', '_')[:30]}.py").write_text(text)
        self.count += 1
        return revision

    def chain(self, start, steps, labels=None, depends=None):
        last = start
        for index, step in enumerate(steps):
            first = index == 0
            last = self.add([last] if last else [], step, labels if first else None, depends if first else None)
        return last


def main():
    root = pathlib.Path(sys.argv[1])
    versions = root / "migrations" / "versions"
    versions.mkdir(parents=True)
    (root / "alembic.ini").write_text(INI)
    (root / "app_models.py").write_text(MODELS)
    (root / "migrations" / "env.py").write_text(ENV)
    history = History(versions)
    merge = ("merge", "pass", "pass")
    base = history.chain(None, BASE)
    left = history.chain(base, [table("left", number) for number in range(30)])
    right = history.chain(base, [table("right", number) for number in range(30)], labels=("right",))
    merged = history.add([left, right], merge)
    billing = history.chain(
        None, [table("billing", number) for number in range(21)], labels=("billing", "money"), depends=(base,)
    )
    merged = history.chain(merged, [table("after", number) for number in range(9)], depends=("billing",))
    both = history.add([merged, billing], merge)
    history.chain(both, [table("last", number) for number in range(12)])
    history.add([both], ("side branch that stays", 'op.execute("CREATE TABLE side (a int)")', 'op.drop_table("side")'))


main()
