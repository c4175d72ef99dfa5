"""The tables. A change here is one migration; a test holds the two to one model.

Instants are whole milliseconds since 1970 in UTC (`*_ms`), days are ISO dates, amounts are fen.
`attempts`, `milestones`, `piece_events`, `as_run`, `phone_changes`, `phone_checks` and `survey_answers` are
append-only: triggers refuse updates and deletes.
`standings` is a projection of the first two and can be rebuilt from them at any time.
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
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

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

__all__ = [
    "absences",
    "account_years",
    "agencies",
    "as_run",
    "assignments",
    "attempts",
    "calendar_entries",
    "entrances",
    "exclusions",
    "households",
    "imports",
    "metadata",
    "milestones",
    "officers",
    "persons",
    "phone_changes",
    "phone_checks",
    "phone_draws",
    "phones",
    "piece_events",
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
    "suppressions",
    "survey_answers",
    "surveys",
    "tenures",
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

households = Table(
    "households",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String, nullable=False, unique=True),
    Column("entrance_id", ForeignKey("entrances.id"), nullable=False, index=True),
    Column("unit", String, nullable=False),
    Column("floor", Integer, nullable=False),
    Column("room", String, nullable=False),
    Column("difficulty", String, nullable=False),
    Column("migrant", Boolean, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("works", Boolean, nullable=False, server_default=false()),
    Column("language", String, nullable=False, server_default=""),
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
    Column("id_number", String, nullable=False),
    Column("mobile", String, nullable=False),
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
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("household_id", ForeignKey("households.id"), nullable=False),
    Column("person", Integer, nullable=False),
    Column("channel", String, nullable=False),
    Column("officer", String, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("disposition", String, nullable=False),
    Column("left", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("corrects", String, nullable=False),
    Column("row_key", String, unique=True),
    Column("recorded_ms", BigInteger, nullable=False),
    Index(None, "campaign", "household_id"),
)

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
    Column("note", Text, nullable=False),
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
    Column("content", LargeBinary, nullable=False),
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
    Column("note", Text, nullable=False),
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
    Column("reason", String, nullable=False),
    Column("lifted_ms", BigInteger),
    Column("recorded_ms", BigInteger, nullable=False),
)
