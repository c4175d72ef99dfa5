"""The record: follow-ups, cases, corrected addresses, photos, the ledger, hold-outs, merges, rights."""

import sqlalchemy as sa
from alembic import op

from outreach.store.append_only import refuse_changes

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the tables and columns."""
    with op.batch_alter_table("attempts", recreate="never") as attempts:
        attempts.add_column(sa.Column("forms", sa.String(), nullable=False, server_default=""))
        attempts.add_column(sa.Column("musts", sa.String(), nullable=False, server_default=""))
        attempts.add_column(sa.Column("closes", sa.Text(), nullable=False, server_default=""))
    _attempts_by_household()
    # Alembic adds a foreign key in a second step, which SQLite cannot take; both databases take it in one.
    op.execute(
        "ALTER TABLE households ADD COLUMN merged_into INTEGER "
        "CONSTRAINT fk_households_merged_into_households REFERENCES households (id)"
    )
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index(
        op.f("ix_households_merged_into"), "households", ["merged_into"], sqlite_where=merged, postgresql_where=merged
    )
    with op.batch_alter_table("households", recreate="never") as households:
        households.add_column(sa.Column("erased_ms", sa.BigInteger(), nullable=True))
        households.add_column(sa.Column("added_ms", sa.BigInteger(), nullable=True))
    _contacts()
    _ledger()
    _rights()
    _counts()
    refuse_changes("follow_ups", "case_steps", "erasures", "audit_entries")


def _attempts_by_household() -> None:
    """Let the attempts of a household lie together; see store/schema.py."""
    op.drop_index("ix_attempts_campaign_household_id", "attempts")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE attempts DROP CONSTRAINT pk_attempts, DROP CONSTRAINT uq_attempts_row_key, "
            "ADD CONSTRAINT pk_attempts PRIMARY KEY (campaign, household_id, id), "
            "ADD CONSTRAINT uq_attempts_id UNIQUE (id)"
        )
    else:
        op.rename_table("attempts", "old_attempts")
        op.create_table(
            "attempts",
            sa.Column("id", sa.String(), nullable=False),
            sa.Column("campaign", sa.String(), nullable=False),
            sa.Column("household_id", sa.Integer(), nullable=False),
            sa.Column("person", sa.Integer(), nullable=False),
            sa.Column("channel", sa.String(), nullable=False),
            sa.Column("officer", sa.String(), nullable=False),
            sa.Column("at_ms", sa.BigInteger(), nullable=False),
            sa.Column("disposition", sa.String(), nullable=False),
            sa.Column("left", sa.String(), nullable=False),
            sa.Column("note", sa.Text(), nullable=False),
            sa.Column("corrects", sa.String(), nullable=False),
            sa.Column("row_key", sa.String(), nullable=True),
            sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
            sa.Column("forms", sa.String(), nullable=False, server_default=""),
            sa.Column("musts", sa.String(), nullable=False, server_default=""),
            sa.Column("closes", sa.Text(), nullable=False, server_default=""),
            sa.ForeignKeyConstraint(
                ["household_id"], ["households.id"], name=op.f("fk_attempts_household_id_households")
            ),
            sa.PrimaryKeyConstraint("campaign", "household_id", "id", name=op.f("pk_attempts")),
            sa.UniqueConstraint("id", name=op.f("uq_attempts_id")),
            sqlite_with_rowid=False,
        )
        op.execute("INSERT INTO attempts SELECT * FROM old_attempts ORDER BY campaign, household_id, id")
        op.drop_table("old_attempts")
        refuse_changes("attempts")
    keyed = sa.text("row_key IS NOT NULL")
    op.create_index(
        op.f("uq_attempts_row_key"), "attempts", ["row_key"], unique=True, sqlite_where=keyed, postgresql_where=keyed
    )


def _contacts() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=True),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("corrects", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=True),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_follow_ups_household_id_households")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("row_key", name=op.f("uq_follow_ups_row_key")),
    )
    op.create_index(op.f("ix_follow_ups_campaign_due"), "follow_ups", ["campaign", "due"])
    op.create_index(op.f("ix_follow_ups_household_id"), "follow_ups", ["household_id"])
    op.create_table(
        "cases",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("received", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("told_ms", sa.JSON(), nullable=False),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_cases_household_id_households")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("campaign", "number", name=op.f("uq_cases_campaign_number")),
    )
    op.create_index(op.f("ix_cases_household_id"), "cases", ["household_id"])
    op.create_table(
        "case_steps",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("corrects", sa.String(), nullable=False),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_steps_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_steps")),
    )
    op.create_index(op.f("ix_case_steps_case_id"), "case_steps", ["case_id"])
    op.create_table(
        "address_proposals",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("old", sa.JSON(), nullable=False),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_ms", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_ms", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_address_proposals_household_id_households")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_proposals")),
    )
    op.create_index(op.f("ix_address_proposals_household_id"), "address_proposals", ["household_id"])
    op.create_table(
        "piece_photos",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("piece", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_piece_photos_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece_photos")),
    )
    op.create_index(op.f("ix_piece_photos_run_id_piece"), "piece_photos", ["run_id", "piece"])


def _ledger() -> None:
    op.create_table(
        "ledger_files",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("read_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_files")),
        sa.UniqueConstraint("campaign", "number", name=op.f("uq_ledger_files_campaign_number")),
    )
    op.create_index(op.f("ix_ledger_files_campaign_month"), "ledger_files", ["campaign", "month"])
    op.create_table(
        "ledger_lines",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("id_number", sa.String(), nullable=False),
        sa.Column("mobile", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("insurance", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("milestone_id", sa.String(), nullable=False),
        sa.Column("decided_ms", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["ledger_files.id"], name=op.f("fk_ledger_lines_file_id_ledger_files")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_ledger_lines_household_id_households")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_lines")),
        sa.UniqueConstraint("row_key", name=op.f("uq_ledger_lines_row_key")),
    )
    op.create_index(op.f("ix_ledger_lines_file_id"), "ledger_lines", ["file_id"])
    op.create_index(op.f("ix_ledger_lines_household_id"), "ledger_lines", ["household_id"])
    op.create_index(op.f("ix_ledger_lines_state"), "ledger_lines", ["state"])
    op.create_table(
        "hold_outs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold_outs")),
        sa.UniqueConstraint("campaign", "name", name=op.f("uq_hold_outs_campaign_name")),
    )
    op.create_table(
        "hold_out_homes",
        sa.Column("hold_out_id", sa.String(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("cluster", sa.String(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("arm", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hold_out_id"], ["hold_outs.id"], name=op.f("fk_hold_out_homes_hold_out_id_hold_outs")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_hold_out_homes_household_id_households")
        ),
        sa.PrimaryKeyConstraint("hold_out_id", "household_id", name=op.f("pk_hold_out_homes")),
    )
    op.create_table(
        "merges",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("persons", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("undone_ms", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["gone_id"], ["households.id"], name=op.f("fk_merges_gone_id_households")),
        sa.ForeignKeyConstraint(["kept_id"], ["households.id"], name=op.f("fk_merges_kept_id_households")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(op.f("ix_merges_gone_id"), "merges", ["gone_id"])
    op.create_index(op.f("ix_merges_kept_id"), "merges", ["kept_id"])
    op.create_table(
        "distinct_pairs",
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("second", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("first", "second", name=op.f("pk_distinct_pairs")),
    )


def _rights() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("digest", name=op.f("uq_erasures_digest")),
    )
    op.create_table(
        "users",
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("starts_ms", sa.BigInteger(), nullable=False),
        sa.Column("ends_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_users")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_action"), "audit_entries", ["action"])
    op.create_table(
        "store_marks",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_store_marks")),
    )
    # The households of an officer, looked up in every query of theirs.
    op.create_index(
        op.f("ix_assignments_post_ends_ms_household_id"), "assignments", ["post", "ends_ms", "household_id"]
    )


def _counts() -> None:
    with op.batch_alter_table("standings", recreate="never") as standings:
        standings.add_column(sa.Column("last_ms", sa.BigInteger(), nullable=True))
        # 1 until a household is folded again: then nothing is taken for granted of it.
        standings.add_column(sa.Column("corrections", sa.Integer(), nullable=False, server_default="1"))
        standings.add_column(sa.Column("community", sa.String(), nullable=True))
    op.create_table(
        "community_steps",
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        *(
            sa.Column(step, sa.Integer(), nullable=False)
            for step in ("attempted", "contacted", "reached", "carded", "registered", "paid")
        ),
        sa.PrimaryKeyConstraint("campaign", "community", "month", name=op.f("pk_community_steps")),
    )
    op.create_table(
        "community_homes",
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("homes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community", name=op.f("pk_community_homes")),
    )
    op.create_table(
        "fact_counts",
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("campaign", name=op.f("pk_fact_counts")),
    )
    op.create_table(
        "learnt",
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("learnt_ms", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", name=op.f("pk_learnt")),
    )
    op.execute("INSERT INTO fact_counts (campaign, changes) SELECT campaign, count(*) FROM attempts GROUP BY campaign")
    # Counts the households in lists, entrance by entrance, without reading their rows.
    op.drop_index(op.f("ix_households_entrance_id"), "households")
    op.create_index(
        op.f("ix_households_entrance_id_merged_into_erased_ms"),
        "households",
        ["entrance_id", "merged_into", "erased_ms"],
    )
    op.execute(
        "UPDATE standings SET community = (SELECT e.community FROM households h "
        "JOIN entrances e ON e.id = h.entrance_id WHERE h.id = standings.household_id)"
    )
    op.execute(
        "INSERT INTO community_homes SELECT e.community, count(*) FROM households h "
        "JOIN entrances e ON e.id = h.entrance_id GROUP BY e.community"
    )
