"""The tables of check calls and surveys: agencies and their phones, draws, answers."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from outreach.store.schema_names import metadata
from outreach.store.sealed import SealedText

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
    Column("note", SealedText("survey_answers.note"), nullable=False),
    Column("corrects", String, nullable=False),
    Column("recorded_ms", BigInteger, nullable=False),
)
