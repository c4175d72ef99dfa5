"""Tables whose rows are appended and never changed: the triggers that hold it. Migrations call this for new tables."""

from __future__ import annotations

from alembic import op

_TOLD = "facts are appended, never changed"


def refuse_changes(*tables: str) -> None:
    """Let the database refuse to update or delete a row of any of `tables`, or to empty it."""
    if op.get_bind().dialect.name == "sqlite":
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                name = f"{table}_no_{verb.lower()}"
                op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END")
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_changes() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_TOLD}'; END $$"
    )
    for table in tables:
        for verb, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION refuse_changes()"
            )
