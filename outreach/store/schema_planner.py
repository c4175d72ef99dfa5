"""The planner's tables: leave, exclusions, walk lists, rotas, calendars that were sent, what was aired."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from outreach.store.schema_names import metadata
from outreach.store.sealed import Sealed

absences = Table(
    "absences",
    metadata,
    Column("id", String, primary_key=True),
    Column("officer", ForeignKey("officers.code"), nullable=False, index=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("reason", Sealed("absences.reason"), nullable=False),
    Column("lifted_ms", BigInteger),
    Column("recorded_ms", BigInteger, nullable=False),
)

exclusions = Table(
    "exclusions",
    metadata,
    Column("id", String, primary_key=True),
    Column("household_id", ForeignKey("households.id"), nullable=False, index=True),
    Column("officer", ForeignKey("officers.code"), nullable=False),
    Column("reason", Sealed("exclusions.reason"), nullable=False),
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
    Column("channel", String, nullable=False, server_default=""),
    Column("place", String, nullable=False, server_default=""),
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
