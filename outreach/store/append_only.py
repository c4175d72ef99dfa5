"""Tables whose rows are appended and never changed: the triggers that hold it. Migrations call this for new tables."""

from __future__ import annotations

from alembic import op

_TOLD = "facts are appended, never changed"


def refuse_changes(*tables: str) -> None:
    """Let the database refuse to update or delete a row of any of `tables`."""
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            if op.get_bind().dialect.name == "sqlite":
                op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END")
            else:
                op.execute(
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN RAISE EXCEPTION '{_TOLD}'; END $$"
                )
                op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
