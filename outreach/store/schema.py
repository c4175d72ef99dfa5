"""The tables. A change here is one migration; a test holds the two to one model.

Instants are whole milliseconds since 1970 in UTC (`*_ms`), days are ISO dates, amounts are fen.
`attempts`, `milestones`, `piece_events`, `as_run`, `phone_changes`, `phone_checks`, `survey_answers`, `follow_ups`,
`case_steps`, `erasures` and `audit_entries` are append-only: triggers refuse updates and deletes.
`standings` and `community_steps` are projections of the first two and can be rebuilt from them at any time.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from outreach.store.schema_counts import community_homes, community_steps, fact_counts, learnt
from outreach.store.schema_directory import (
    agencies,
    phone_changes,
    phone_checks,
    phone_draws,
    phones,
    survey_answers,
    surveys,
)
from outreach.store.schema_names import metadata
from outreach.store.schema_planner import (
    absences,
    as_run,
    calendar_entries,
    exclusions,
    rota_cells,
    rota_shifts,
    rotas,
    walk_lines,
    walk_lists,
)
from outreach.store.schema_record import (
    address_proposals,
    audit_entries,
    case_steps,
    cases,
    distinct_pairs,
    erasures,
    follow_ups,
    hold_out_homes,
    hold_outs,
    ledger_files,
    ledger_lines,
    merges,
    piece_photos,
    store_marks,
    users,
)
from outreach.store.sealed import Sealed, SealedBytes, SealedText

__all__ = [
    "absences",
    "account_years",
    "address_proposals",
    "agencies",
    "as_run",
    "assignments",
    "attempts",
    "audit_entries",
    "calendar_entries",
    "case_steps",
    "cases",
    "community_homes",
    "community_steps",
    "distinct_pairs",
    "entrances",
    "erasures",
    "exclusions",
    "fact_counts",
    "follow_ups",
    "hold_out_homes",
    "hold_outs",
    "households",
    "imports",
    "learnt",
    "ledger_files",
    "ledger_lines",
    "merges",
    "metadata",
    "milestones",
    "officers",
    "persons",
    "phone_changes",
    "phone_checks",
    "phone_draws",
    "phones",
    "piece_events",
    "piece_photos",
    "plans",
    "rota_cells",
    "rota_shifts",
    "rotas",
    "run_fact_pieces",
    "run_facts",
    "run_files",
    "run_pieces",
    "run_truths",
    "runs",
    "standings",
    "store_marks",
    "suppressions",
    "survey_answers",
    "surveys",
    "tenures",
    "users",
    "walk_lines",
    "walk_lists",
]

entrances = Table(
    "entrances",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community", String, nullable=False),
    Column("compound", String, nullable=False),
    Column("building", String, nullable=False),
    Column("entrance", String, nullable=False),
    UniqueConstraint("community", "compound", "building", "entrance"),
)

_MERGED = "merged_into IS NOT NULL"
households = Table(
    "households",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String, nullable=False, unique=True),
    Column("entrance_id", ForeignKey("entrances.id"), nullable=False),
    Column("unit", String, nullable=False),
    Column("floor", Integer, nullable=False),
    Column("room", String, nullable=False),
    Column("difficulty", String, nullable=False),
    Column("migrant", Boolean, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("works", Boolean, nullable=False, server_default=false()),
    Column("language", String, nullable=False, server_default=""),
    Column("merged_into", ForeignKey("households.id")),
    Column("erased_ms", BigInteger),
    Column("added_ms", BigInteger),
    # Only of those that are merged away: an index of all would be taken for the others too, which are nearly all.
    Index(None, "merged_into", sqlite_where=text(_MERGED), postgresql_where=text(_MERGED)),
    Index(None, "entrance_id", "merged_into", "erased_ms"),
)

persons = Table(
    "persons",
    metadata,
    Column("household_id", ForeignKey("households.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("relation", String, nullable=False),
    Column("sex", String, nullable=False),
    Column("born", Date),
    Column("id_number", Sealed("persons.id_number"), nullable=False),
    Column("mobile", Sealed("persons.mobile"), nullable=False),
    Column("employer", String, nullable=False),
    Column("months_lapsed", Integer),
    Column("last_paid", Date),
)

officers = Table(
    "officers",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("title", String, nullable=False),
    Column("section", String, nullable=False),
    Column("mobile", String, nullable=False),
    Column("home_phone", String, nullable=False),
    Column("office_phone", String, nullable=False),
    Column("email", String, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("share", Integer, nullable=False, server_default="100"),
    Column("most", Integer),
    Column("skills", JSON, nullable=False, server_default="[]"),
    Column("languages", JSON, nullable=False, server_default="[]"),
    Column("employer", String, nullable=False, server_default=""),
    Column("community", String, nullable=False, server_default=""),
    Column("compound", String, nullable=False, server_default=""),
)

tenures = Table(
    "tenures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post", String, nullable=False),
    Column("officer", ForeignKey("officers.code"), nullable=False),
    Column("starts_ms", BigInteger, nullable=False),
    Column("ends_ms", BigInteger),
    Index(None, "post", "ends_ms"),
)

imports = Table(
    "imports",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("file", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
)

plans = Table(
    "plans",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("rules", JSON, nullable=False, server_default="{}"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("household_id", ForeignKey("households.id"), nullable=False),
    Column("post", String, nullable=False),
    Column("plan_id", ForeignKey("plans.id"), nullable=False),
    Column("starts_ms", BigInteger, nullable=False),
    Column("ends_ms", BigInteger),
    Column("why", JSON, nullable=False),
    Index(None, "campaign", "ends_ms", "household_id"),
    Index(None, "post", "ends_ms", "household_id"),
)

# A household's attempts lie together, for they are read together: with the row ids of SQLite each would be looked up on
# a page of its own.
attempts = Table(
    "attempts",
    metadata,
    Column("id", String, nullable=False, unique=True),
    Column("campaign", String, nullable=False),
    Column("household_id", ForeignKey("households.id"), nullable=False),
    Column("person", Integer, nullable=False),
    Column("channel", String, nullable=False),
    Column("officer", String, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("disposition", String, nullable=False),
    Column("left", String, nullable=False),
    Column("note", SealedText("attempts.note"), nullable=False),
    Column("corrects", String, nullable=False),
    Column("row_key", String),
    Column("recorded_ms", BigInteger, nullable=False),
    Column("forms", String, nullable=False, server_default=""),
    Column("musts", String, nullable=False, server_default=""),
    Column("closes", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("campaign", "household_id", "id"),
    sqlite_with_rowid=False,
)
_KEYED = attempts.c.row_key.is_not(None)
Index("uq_attempts_row_key", attempts.c.row_key, unique=True, sqlite_where=_KEYED, postgresql_where=_KEYED)

milestones = Table(
    "milestones",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("household_id", ForeignKey("households.id"), nullable=False),
    Column("person", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("on", Date, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("note", SealedText("milestones.note"), nullable=False),
    Column("corrects", String, nullable=False),
    Column("row_key", String, unique=True),
    Column("recorded_ms", BigInteger, nullable=False),
    Index(None, "campaign", "household_id"),
)

standings = Table(
    "standings",
    metadata,
    Column("campaign", String, primary_key=True),
    Column("household_id", ForeignKey("households.id"), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("first_attempt_ms", BigInteger),
    Column("first_contact_ms", BigInteger),
    Column("first_reached_ms", BigInteger),
    Column("reached_channel", String, nullable=False),
    Column("reached_by", String, nullable=False),
    Column("card_ms", BigInteger),
    Column("last_disposition", String, nullable=False),
    Column("registered_on", Date),
    Column("paid_on", Date),
    Column("paid_fen", BigInteger, nullable=False),
    Column("last_ms", BigInteger),
    Column("corrections", Integer, nullable=False, server_default="1"),
    Column("community", String),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("campaign", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("format", String, nullable=False),
    Column("language", String, nullable=False),
    Column("state", String, nullable=False),
    Column("template_sha256", String, nullable=False),
    Column("campaign_sha256", String, nullable=False),
    Column("as_of_ms", BigInteger, nullable=False),
    Column("finished_ms", BigInteger),
    Column("folder", String, nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("options", JSON, nullable=False, server_default="{}"),
    Column("said", JSON, nullable=False, server_default="{}"),
    Column("day", Date),
    Column("replaces", JSON, nullable=False, server_default="[]"),
)

run_files = Table(
    "run_files",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("sha256", String),
    Column("bytes", BigInteger),
)

run_pieces = Table(
    "run_pieces",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("file", String, nullable=False),
    Column("household", String, nullable=False),
    Column("person", Integer, nullable=False),
    Column("officer", String, nullable=False),
    Column("entrance", String, nullable=False, server_default=""),
    Column("placement", String, nullable=False, server_default=""),
    Column("code", String, nullable=False, server_default=""),
    Index(None, "household"),
    Index(None, "placement"),
)

run_facts = Table(
    "run_facts",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("value", String, nullable=False),
    Index(None, "kind", "subject"),
    Index(None, "value"),
)

run_fact_pieces = Table(
    "run_fact_pieces",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("fact", Integer, primary_key=True),
    Column("first", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

run_truths = Table(
    "run_truths",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("content", SealedBytes("run_truths.content"), nullable=False),
)

piece_events = Table(
    "piece_events",
    metadata,
    Column("id", String, primary_key=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("note", SealedText("piece_events.note"), nullable=False),
    Column("correction", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("recorded_ms", BigInteger, nullable=False),
    UniqueConstraint("run_id", "position"),
    Index(None, "run_id", "first"),
)

account_years = Table(
    "account_years",
    metadata,
    Column("household_id", ForeignKey("households.id"), primary_key=True),
    Column("person", Integer, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("months", Integer, nullable=False),
    Column("base_fen", BigInteger, nullable=False),
    Column("paid_fen", BigInteger, nullable=False),
    Column("balance_fen", BigInteger, nullable=False),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("id", String, primary_key=True),
    Column("household_id", ForeignKey("households.id"), nullable=False, index=True),
    Column("person", Integer, nullable=False),
    Column("channel", String, nullable=False),
    Column("starts", Date, nullable=False),
    Column("until", Date),
    Column("reason", Sealed("suppressions.reason"), nullable=False),
    Column("lifted_ms", BigInteger),
    Column("recorded_ms", BigInteger, nullable=False),
)
