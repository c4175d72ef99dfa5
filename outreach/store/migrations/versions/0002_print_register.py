"""The print register knows each piece: its code, place, facts and states. Accounts and suppressions."""

import sqlalchemy as sa
from alembic import op

from outreach.store.append_only import refuse_changes

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what pieces need; facts of older runs count as held by all their pieces."""
    with op.batch_alter_table("runs") as runs:
        runs.add_column(sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
        runs.add_column(sa.Column("said", sa.JSON(), nullable=False, server_default="{}"))
        runs.add_column(sa.Column("day", sa.Date(), nullable=True))
        runs.add_column(sa.Column("replaces", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("run_pieces") as pieces:
        for name in ("entrance", "placement", "code"):
            pieces.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_run_pieces_placement"), "run_pieces", ["placement"])
    _number_facts()
    op.create_table(
        "run_truths",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_truths_run_id_runs")),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_run_truths")),
    )
    op.create_table(
        "piece_events",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("correction", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_piece_events_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece_events")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_piece_events_run_id_position")),
    )
    op.create_index(op.f("ix_piece_events_run_id_first"), "piece_events", ["run_id", "first"])
    op.create_table(
        "account_years",
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("balance_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_account_years_household_id_households")
        ),
        sa.PrimaryKeyConstraint("household_id", "person", "year", name=op.f("pk_account_years")),
    )
    op.create_table(
        "suppressions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("lifted_ms", sa.BigInteger(), nullable=True),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_suppressions_household_id_households")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
    )
    op.create_index(op.f("ix_suppressions_household_id"), "suppressions", ["household_id"])
    refuse_changes("piece_events")


def _number_facts() -> None:
    op.rename_table("run_facts", "old_run_facts")
    op.drop_index("ix_run_facts_value", "old_run_facts")
    if op.get_bind().dialect.name == "postgresql":
        # A key's name is an index's there, and the new table wants it; SQLite lets two tables share it.
        op.execute("ALTER TABLE old_run_facts RENAME CONSTRAINT pk_run_facts TO pk_old_run_facts")
    op.create_table(
        "run_facts",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_facts_run_id_runs")),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_run_facts")),
    )
    op.create_index(op.f("ix_run_facts_kind_subject"), "run_facts", ["kind", "subject"])
    op.create_index(op.f("ix_run_facts_value"), "run_facts", ["value"])
    op.create_table(
        "run_fact_pieces",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_fact_pieces_run_id_runs")),
        sa.PrimaryKeyConstraint("run_id", "fact", "first", name=op.f("pk_run_fact_pieces")),
    )
    op.execute(
        "INSERT INTO run_facts (run_id, number, kind, subject, value) SELECT run_id, "
        "ROW_NUMBER() OVER (PARTITION BY run_id ORDER BY kind, subject, value), kind, subject, value FROM old_run_facts"
    )
    op.execute(
        "INSERT INTO run_fact_pieces (run_id, fact, first, last) SELECT f.run_id, f.number, 1, r.pieces "
        "FROM run_facts f JOIN runs r ON r.id = f.run_id WHERE r.pieces > 0"
    )
    op.drop_table("old_run_facts")
