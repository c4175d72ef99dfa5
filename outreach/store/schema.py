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
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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

absences = Table(
    "absences",
    metadata,
    Column("id", String, primary_key=True),
    Column("officer", ForeignKey("officers.code"), nullable=False, index=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("reason", String, nullable=False),
    Column("lifted_ms", BigInteger),
    Column("recorded_ms", BigInteger, nullable=False),
)

exclusions = Table(
    "exclusions",
    metadata,
    Column("id", String, primary_key=True),
    Column("household_id", ForeignKey("households.id"), nullable=False, index=True),
    Column("officer", ForeignKey("officers.code"), nullable=False),
    Column("reason", String, nullable=False),
    Column("lifted_ms", BigInteger),
    Column("recorded_ms", BigInteger, nullable=False),
)

walk_lists = Table(
    "walk_lists",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("post", String, nullable=False),
    Column("officer", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("starts_ms", BigInteger, nullable=False),
    Column("ends_ms", BigInteger, nullable=False),
    Column("expires", Date, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("withdrawn_ms", BigInteger),
    Column("figures", JSON, nullable=False),
    UniqueConstraint("campaign", "number"),
    Index(None, "campaign", "post", "day"),
)

walk_lines = Table(
    "walk_lines",
    metadata,
    Column("list_id", ForeignKey("walk_lists.id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("household_id", ForeignKey("households.id"), nullable=False, index=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("reason", String, nullable=False),
)

rotas = Table(
    "rotas",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("published_ms", BigInteger),
    Column("figures", JSON, nullable=False),
    Column("rules", JSON, nullable=False),
    Index(None, "campaign", "kind", "made_ms"),
)

rota_shifts = Table(
    "rota_shifts",
    metadata,
    Column("rota_id", ForeignKey("rotas.id"), primary_key=True),
    Column("key", String, primary_key=True),
    Column("place", JSON, nullable=False),
    Column("starts_ms", BigInteger, nullable=False),
    Column("ends_ms", BigInteger, nullable=False),
    Column("heads", Integer, nullable=False),
    Column("holiday", String, nullable=False),
)

rota_cells = Table(
    "rota_cells",
    metadata,
    Column("rota_id", ForeignKey("rotas.id"), primary_key=True),
    Column("shift", String, primary_key=True),
    Column("officer", String, primary_key=True),
    Column("locked", Boolean, nullable=False),
    Column("on", Boolean, nullable=False),
)

calendar_entries = Table(
    "calendar_entries",
    metadata,
    Column("calendar", String, primary_key=True),
    Column("uid", String, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("content", JSON, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
)

as_run = Table(
    "as_run",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("placement", String, nullable=False),
    Column("state", String, nullable=False),
    Column("at_ms", BigInteger),
    Column("seconds", Integer),
    Column("source", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("corrects", String, nullable=False),
    Column("row_key", String, unique=True),
    Column("recorded_ms", BigInteger, nullable=False),
    Index(None, "campaign", "placement"),
)

agencies = Table(
    "agencies",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("area", String, nullable=False),
    Column("address", String, nullable=False),
    Column("hours", String, nullable=False),
    Column("published", Date),
)

phones = Table(
    "phones",
    metadata,
    Column("agency", ForeignKey("agencies.code"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("number", String, primary_key=True),
    Column("position", Integer, nullable=False),
)

phone_changes = Table(
    "phone_changes",
    metadata,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("old", String, nullable=False),
    Column("new", String, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("note", Text, nullable=False),
)

phone_draws = Table(
    "phone_draws",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("seed", String, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("lines", JSON, nullable=False),
)

phone_checks = Table(
    "phone_checks",
    metadata,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("number", String, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("result", String, nullable=False),
    Column("draw", Integer, nullable=False),
    Column("line", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("corrects", String, nullable=False),
    Column("row_key", String, unique=True),
    Column("recorded_ms", BigInteger, nullable=False),
    Index(None, "owner", "kind", "number"),
    Index(None, "draw", "line"),
)

surveys = Table(
    "surveys",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("seed", String, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("rules", JSON, nullable=False),
    Column("lots", JSON, nullable=False),
    Column("lines", JSON, nullable=False),
)

survey_answers = Table(
    "survey_answers",
    metadata,
    Column("id", String, primary_key=True),
    Column("survey", ForeignKey("surveys.number"), nullable=False, index=True),
    Column("line", Integer, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("answer", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("corrects", String, nullable=False),
    Column("recorded_ms", BigInteger, nullable=False),
)
