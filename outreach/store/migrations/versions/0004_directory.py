"""The directory: agencies, their phones, what changed, and the calls that checked them; coverage surveys."""

import sqlalchemy as sa
from alembic import op

from outreach.store.append_only import refuse_changes

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "agencies",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("published", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_agencies")),
    )
    op.create_table(
        "phones",
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("fk_phones_agency_agencies")),
        sa.PrimaryKeyConstraint("agency", "kind", "number", name=op.f("pk_phones")),
    )
    op.create_table(
        "phone_changes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_changes")),
    )
    op.create_index(op.f("ix_phone_changes_owner"), "phone_changes", ["owner"])
    op.create_table(
        "phone_draws",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_phone_draws")),
    )
    op.create_table(
        "phone_checks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("draw", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("corrects", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=True),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_checks")),
        sa.UniqueConstraint("row_key", name=op.f("uq_phone_checks_row_key")),
    )
    op.create_index(op.f("ix_phone_checks_owner_kind_number"), "phone_checks", ["owner", "kind", "number"])
    op.create_index(op.f("ix_phone_checks_draw_line"), "phone_checks", ["draw", "line"])
    op.create_table(
        "surveys",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("lots", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_surveys")),
    )
    op.create_table(
        "survey_answers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("survey", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("corrects", sa.String(), nullable=False),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["survey"], ["surveys.number"], name=op.f("fk_survey_answers_survey_surveys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
    )
    op.create_index(op.f("ix_survey_answers_survey"), "survey_answers", ["survey"])
    refuse_changes("phone_changes", "phone_checks", "survey_answers")
