"""The planner: officers' terms, leave, exclusions, walk lists, rotas, calendars that were sent, and what was aired."""

import sqlalchemy as sa
from alembic import op

from outreach.store.append_only import refuse_changes

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add columns with what they meant before: a full post, no cap, nobody known to work by day."""
    # In place: the table built anew would leave the rows that refer to it without one while foreign keys hold.
    with op.batch_alter_table("households", recreate="never") as households:
        households.add_column(sa.Column("works", sa.Boolean(), nullable=False, server_default=sa.false()))
        households.add_column(sa.Column("language", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("officers") as officers:
        officers.add_column(sa.Column("share", sa.Integer(), nullable=False, server_default="100"))
        officers.add_column(sa.Column("most", sa.Integer(), nullable=True))
        for name in ("skills", "languages"):
            officers.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
        for name in ("employer", "community", "compound"):
            officers.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("plans") as plans:
        plans.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        plans.add_column(sa.Column("rules", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "absences",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("lifted_ms", sa.BigInteger(), nullable=True),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officers.code"], name=op.f("fk_absences_officer_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_officer"), "absences", ["officer"])
    op.create_table(
        "exclusions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("lifted_ms", sa.BigInteger(), nullable=True),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_exclusions_household_id_households")
        ),
        sa.ForeignKeyConstraint(["officer"], ["officers.code"], name=op.f("fk_exclusions_officer_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusions")),
    )
    op.create_index(op.f("ix_exclusions_household_id"), "exclusions", ["household_id"])
    op.create_table(
        "walk_lists",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_ms", sa.BigInteger(), nullable=False),
        sa.Column("ends_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_ms", sa.BigInteger(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_lists")),
        sa.UniqueConstraint("campaign", "number", name=op.f("uq_walk_lists_campaign_number")),
    )
    op.create_index(op.f("ix_walk_lists_campaign_post_day"), "walk_lists", ["campaign", "post", "day"])
    op.create_table(
        "walk_lines",
        sa.Column("list_id", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["walk_lists.id"], name=op.f("fk_walk_lines_list_id_walk_lists")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_walk_lines_household_id_households")
        ),
        sa.PrimaryKeyConstraint("list_id", "line", name=op.f("pk_walk_lines")),
    )
    op.create_index(op.f("ix_walk_lines_household_id"), "walk_lines", ["household_id"])
    op.create_table(
        "rotas",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("published_ms", sa.BigInteger(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotas")),
    )
    op.create_index(op.f("ix_rotas_campaign_kind_made_ms"), "rotas", ["campaign", "kind", "made_ms"])
    op.create_table(
        "rota_shifts",
        sa.Column("rota_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.Column("starts_ms", sa.BigInteger(), nullable=False),
        sa.Column("ends_ms", sa.BigInteger(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("holiday", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["rota_id"], ["rotas.id"], name=op.f("fk_rota_shifts_rota_id_rotas")),
        sa.PrimaryKeyConstraint("rota_id", "key", name=op.f("pk_rota_shifts")),
    )
    op.create_table(
        "rota_cells",
        sa.Column("rota_id", sa.String(), nullable=False),
        sa.Column("shift", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["rota_id"], ["rotas.id"], name=op.f("fk_rota_cells_rota_id_rotas")),
        sa.PrimaryKeyConstraint("rota_id", "shift", "officer", name=op.f("pk_rota_cells")),
    )
    op.create_table(
        "calendar_entries",
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("calendar", "uid", name=op.f("pk_calendar_entries")),
    )
    op.create_table(
        "as_run",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("placement", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False, server_default=""),
        sa.Column("place", sa.String(), nullable=False, server_default=""),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("corrects", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=True),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_as_run")),
        sa.UniqueConstraint("row_key", name=op.f("uq_as_run_row_key")),
    )
    op.create_index(op.f("ix_as_run_campaign_placement"), "as_run", ["campaign", "placement"])
    refuse_changes("as_run")
