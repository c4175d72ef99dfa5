"""Tables that are counted out of others, so that reports and lists need not read the whole log."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Integer, String, Table

from outreach.store.schema_names import metadata

# How many households of a community took each step for the first time in a month: see store/periods.py.
community_steps = Table(
    "community_steps",
    metadata,
    Column("campaign", String, primary_key=True),
    Column("community", String, primary_key=True),
    Column("month", String, primary_key=True),
    Column("attempted", Integer, nullable=False),
    Column("contacted", Integer, nullable=False),
    Column("reached", Integer, nullable=False),
    Column("carded", Integer, nullable=False),
    Column("registered", Integer, nullable=False),
    Column("paid", Integer, nullable=False),
)

# How many households that stand in lists live in each community.
community_homes = Table(
    "community_homes",
    metadata,
    Column("community", String, primary_key=True),
    Column("homes", Integer, nullable=False),
)

# How often anything was added that could change what is learnt: facts, and households that changed ('' as campaign).
# zone: in whose months the campaign's steps are counted, '' where nobody asked for them yet.
fact_counts = Table(
    "fact_counts",
    metadata,
    Column("campaign", String, primary_key=True),
    Column("changes", BigInteger, nullable=False),
    Column("zone", String, nullable=False, server_default=""),
)

# What was learnt from a campaign's tries, under which rules, and at how many changes.
learnt = Table(
    "learnt",
    metadata,
    Column("campaign", String, primary_key=True),
    Column("rules", String, nullable=False),
    Column("changes", BigInteger, nullable=False),
    Column("learnt_ms", BigInteger, nullable=False),
    Column("content", JSON, nullable=False),
)
