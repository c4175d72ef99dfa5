"""The record's tables: follow-ups, cases, corrected addresses, photos, the ledger, hold-outs, merges, rights."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from outreach.store.schema_names import metadata
from outreach.store.sealed import Sealed, SealedJson, SealedText

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("household_id", ForeignKey("households.id"), index=True),
    Column("person", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("about", SealedText("follow_ups.about"), nullable=False),
    Column("who", Sealed("follow_ups.who"), nullable=False),
    Column("officer", String, nullable=False),
    Column("due", Date, nullable=False),
    Column("due_ms", BigInteger),
    Column("opened_ms", BigInteger, nullable=False),
    Column("opened_by", String, nullable=False),
    Column("source", String, nullable=False),
    Column("corrects", String, nullable=False),
    Column("answer", SealedText("follow_ups.answer"), nullable=False),
    Column("row_key", String, unique=True),
    Column("recorded_ms", BigInteger, nullable=False),
    Index(None, "campaign", "due"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("number", String, nullable=False),
    Column("household_id", ForeignKey("households.id"), index=True),
    Column("person", Integer, nullable=False),
    Column("who", Sealed("cases.who"), nullable=False),
    Column("officer", String, nullable=False),
    Column("received", Date, nullable=False),
    Column("note", SealedText("cases.note"), nullable=False),
    Column("told_ms", JSON, nullable=False),
    Column("recorded_ms", BigInteger, nullable=False),
    UniqueConstraint("campaign", "number"),
)

case_steps = Table(
    "case_steps",
    metadata,
    Column("id", String, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("step", Integer, nullable=False),
    Column("on", Date, nullable=False),
    Column("by", String, nullable=False),
    Column("note", SealedText("case_steps.note"), nullable=False),
    Column("corrects", String, nullable=False),
    Column("recorded_ms", BigInteger, nullable=False),
)

address_proposals = Table(
    "address_proposals",
    metadata,
    Column("id", String, primary_key=True),
    Column("household_id", ForeignKey("households.id"), nullable=False, index=True),
    Column("old", SealedJson("address_proposals.old"), nullable=False),
    Column("new", SealedJson("address_proposals.new"), nullable=False),
    Column("source", String, nullable=False),
    Column("note", SealedText("address_proposals.note"), nullable=False),
    Column("proposed_ms", BigInteger, nullable=False),
    Column("proposed_by", String, nullable=False),
    Column("decision", String, nullable=False),
    Column("decided_ms", BigInteger),
    Column("decided_by", String, nullable=False),
)

piece_photos = Table(
    "piece_photos",
    metadata,
    Column("id", String, primary_key=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("piece", Integer, nullable=False),
    Column("sha256", String, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("note", SealedText("piece_photos.note"), nullable=False),
    Index(None, "run_id", "piece"),
)

ledger_files = Table(
    "ledger_files",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("month", String, nullable=False),
    Column("file", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("read_ms", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("total_fen", BigInteger, nullable=False),
    UniqueConstraint("campaign", "number"),
    Index(None, "campaign", "month"),
)

ledger_lines = Table(
    "ledger_lines",
    metadata,
    Column("id", String, primary_key=True),
    Column("file_id", ForeignKey("ledger_files.id"), nullable=False, index=True),
    Column("row", Integer, nullable=False),
    Column("row_key", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("on", Date, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("account", Sealed("ledger_lines.account"), nullable=False),
    Column("name", Sealed("ledger_lines.name"), nullable=False),
    Column("id_number", Sealed("ledger_lines.id_number"), nullable=False),
    Column("mobile", Sealed("ledger_lines.mobile"), nullable=False),
    Column("address", Sealed("ledger_lines.address"), nullable=False),
    Column("insurance", String, nullable=False),
    Column("place", String, nullable=False),
    Column("why", String, nullable=False),
    Column("key", String, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("household_id", ForeignKey("households.id"), index=True),
    Column("person", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("candidates", JSON, nullable=False),
    Column("milestone_id", String, nullable=False),
    Column("decided_ms", BigInteger),
    Column("decided_by", String, nullable=False),
)

hold_outs = Table(
    "hold_outs",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("name", String, nullable=False),
    Column("seed", String, nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("rules", JSON, nullable=False),
    UniqueConstraint("campaign", "name"),
)

hold_out_homes = Table(
    "hold_out_homes",
    metadata,
    Column("hold_out_id", ForeignKey("hold_outs.id"), primary_key=True),
    Column("household_id", ForeignKey("households.id"), primary_key=True),
    Column("cluster", String, nullable=False),
    Column("stratum", String, nullable=False),
    Column("arm", String, nullable=False),
)

merges = Table(
    "merges",
    metadata,
    Column("id", String, primary_key=True),
    Column("kept_id", ForeignKey("households.id"), nullable=False, index=True),
    Column("gone_id", ForeignKey("households.id"), nullable=False, index=True),
    Column("persons", JSON, nullable=False),
    Column("before", SealedJson("merges.before"), nullable=False),
    Column("why", SealedJson("merges.why"), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("undone_ms", BigInteger),
    Column("undone_by", String, nullable=False),
)

distinct_pairs = Table(
    "distinct_pairs",
    metadata,
    Column("first", String, primary_key=True),
    Column("second", String, primary_key=True),
    Column("reason", Sealed("distinct_pairs.reason"), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("by", String, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", String, primary_key=True),
    Column("digest", String, nullable=False, unique=True),
    Column("sort", String, nullable=False),
    Column("household", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("by", String, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("login", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("officer", String, nullable=False),
    Column("secret", String, nullable=False),
    Column("starts_ms", BigInteger, nullable=False),
    Column("ends_ms", BigInteger),
)

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("action", String, nullable=False, index=True),
    Column("what", JSON, nullable=False),
    Column("previous", String, nullable=False),
    Column("digest", String, nullable=False),
)

store_marks = Table(
    "store_marks",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
