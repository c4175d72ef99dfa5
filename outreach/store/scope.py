"""What a user's connections see: temporary views that lie over the tables, so that no query has to remember it.

A temporary view is found before a table of the same name, on SQLite and on PostgreSQL alike. A connection opened for an
officer has such views over every table that carries households: those of the posts the officer holds now. Every
unqualified query of every repository, also of those written later, reads through them.

Writing. SQLite: INSERT, UPDATE and DELETE are sent to the table itself (`main.`), and temporary triggers refuse rows
that are not the user's, and tables the role has no business to write. PostgreSQL: the views can be written
through, WITH CHECK OPTION; those of tables the role may not write carry a trigger that refuses.
An auditor's connections are not written through at all (store/unit.py).
"""

# The SQL here is of names in this package; what a user brings is quoted by _quoted.
# ruff: noqa: S608

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event

from outreach.domain.role import Role
from outreach.store.schema import metadata

REFUSED = "outreach: not yours"
"""What the triggers say; store/refused.py makes a sentence of it."""

_POSTS = "SELECT n.post FROM {m}tenures n WHERE n.officer = {officer} AND n.ends_ms IS NULL"
_ASSIGNED = f"SELECT a.household_id FROM {{m}}assignments a WHERE a.post IN ({_POSTS}) AND a.ends_ms IS NULL"
_HOMES = (
    f"SELECT h.id FROM {{m}}households h WHERE h.merged_into IS NULL AND h.id IN ({_ASSIGNED})"
    f" UNION ALL SELECT h.id FROM {{m}}households h WHERE h.merged_into IN ({_ASSIGNED})"
)
_CODES = f"SELECT c.code FROM {{m}}households c WHERE c.id IN ({_HOMES})"

_ALL = ""
_NONE = "1 = 0"
_HOME = f"{{r}}.household_id IN ({_HOMES})"
_HOME_OR_OWN = f"({_HOME} OR ({{r}}.household_id IS NULL AND {{r}}.officer = {{officer}}))"
_PIECE = f"({{r}}.household = '' OR {{r}}.household IN ({_CODES}))"
_OWN_RUN = (
    "NOT EXISTS (SELECT 1 FROM {m}run_pieces p WHERE p.run_id = {r}.run_id AND p.household <> ''"
    f" AND p.household NOT IN ({_CODES}))"
)
_OWN_RANGE = (
    "NOT EXISTS (SELECT 1 FROM {m}run_pieces p WHERE p.run_id = {r}.run_id"
    ' AND p.number BETWEEN {r}."first" AND {r}."last" AND p.household <> \'\''
    f" AND p.household NOT IN ({_CODES}))"
)
_SELF = "{r}.login = {login}"

OFFICER_SEES: Mapping[str, str] = {
    "households": f"{{r}}.id IN ({_HOMES})",
    **dict.fromkeys(
        (
            "persons", "assignments", "attempts", "milestones", "standings", "account_years", "suppressions",
            "exclusions", "walk_lines", "address_proposals", "hold_out_homes",
        ),
        _HOME,
    ),
    "follow_ups": _HOME_OR_OWN,
    "cases": _HOME_OR_OWN,
    "case_steps": f"{{r}}.case_id IN (SELECT c.id FROM {{m}}cases c WHERE {_HOME_OR_OWN.replace('{r}', 'c')})",
    "walk_lists": f"{{r}}.post IN ({_POSTS})",
    "merges": f"{{r}}.kept_id IN ({_HOMES})",
    "run_pieces": _PIECE,
    **dict.fromkeys(("run_truths", "run_facts", "run_fact_pieces"), _OWN_RUN),
    "absences": "{r}.officer = {officer}",
    "users": _SELF,
    "calendar_entries": (
        f"EXISTS (SELECT 1 FROM {{m}}tenures n WHERE n.post IN ({_POSTS})"
        " AND substr({r}.calendar, length({r}.calendar) - length(n.post)) = '/' || n.post)"
    ),
    # Who is to be asked again about an officer's visits, and which phones are to be tried, is not told beforehand.
    **dict.fromkeys(
        ("ledger_files", "ledger_lines", "distinct_pairs", "surveys", "survey_answers", "phone_draws", "audit_entries"),
        _NONE,
    ),
    # No household stands in these, or only how many.
    **dict.fromkeys(
        (
            "entrances", "officers", "tenures", "imports", "plans", "runs", "run_files", "piece_events", "piece_photos",
            "rotas", "rota_shifts", "rota_cells", "as_run", "agencies", "phones", "phone_changes",
            "phone_checks", "hold_outs", "erasures", "store_marks", "learnt", "community_homes", "community_steps",
            "fact_counts",
        ),
        _ALL,
    ),
}  # fmt: skip
"""Which rows of each table an officer sees, as a condition of SQL; '' is all. Every table of the schema is named.

{r}: the row. {m}: where the tables are. {officer}, {login}: the user's, quoted.
"""

_WRITES_MORE: Mapping[str, str] = {
    "piece_events": _OWN_RANGE,
    "runs": _OWN_RUN.replace("{r}.run_id", "{r}.id"),
    "run_files": _OWN_RUN,
}
"""What must hold of a row an officer writes where they see more than they may write."""

_OFFICER_WRITES = frozenset(
    (
        "attempts", "milestones", "standings", "suppressions", "follow_ups", "cases", "case_steps",
        "address_proposals", "runs", "run_files", "run_pieces", "run_facts", "run_fact_pieces", "run_truths",
        "piece_events", "piece_photos", "imports", "community_steps", "fact_counts", "calendar_entries",
    )
)  # fmt: skip

_PUBLICITY_WRITES = frozenset(
    (
        "runs", "run_files", "run_pieces", "run_facts", "run_fact_pieces", "run_truths", "piece_events",
        "piece_photos", "imports", "calendar_entries",
    )
)  # fmt: skip

_NOT_THE_PLANNERS = frozenset(
    (
        "households", "persons", "account_years", "ledger_files", "ledger_lines", "merges", "distinct_pairs",
        "erasures", "users", "audit_entries", "store_marks",
    )
)  # fmt: skip

_BLANKED: Mapping[Role, Mapping[str, tuple[str, ...]]] = {
    Role.PUBLICITY: {
        "persons": ("id_number", "mobile"),
        **dict.fromkeys(("attempts", "milestones", "cases", "case_steps"), ("note",)),
        "follow_ups": ("about", "who", "answer"),
    },
    Role.PLANNER: {"persons": ("id_number",)},
}
"""Columns a role reads as empty texts."""

_NEITHER_SEES = frozenset(("ledger_lines", "audit_entries", "address_proposals", "merges"))
"""Tables of which publicity and planners see no row."""


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a store is opened: role, login, and the officer they are ('' for others)."""

    role: Role
    login: str
    officer: str = ""

    @property
    def limited(self) -> bool:
        """Whether less than everything is seen."""
        return self.role in (Role.OFFICER, Role.PLANNER, Role.PUBLICITY)

    def _sees(self, table: str) -> str:
        if self.role is Role.OFFICER:
            return OFFICER_SEES.get(table, _NONE)
        if table == "users":
            return _SELF
        return _NONE if table in _NEITHER_SEES else _ALL

    def _writes(self, table: str) -> bool:
        if self.role is Role.OFFICER:
            return table in _OFFICER_WRITES
        return table in _PUBLICITY_WRITES if self.role is Role.PUBLICITY else table not in _NOT_THE_PLANNERS

    def statements(self, backend: str, schema: str) -> Iterator[str]:
        """The SQL that lays the views; backend: 'sqlite' or 'postgresql', schema: where the tables are."""
        if backend == "postgresql":
            yield (
                "CREATE FUNCTION pg_temp.outreach_refused() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
            )
        for table, columns in ((name, list(one.columns.keys())) for name, one in sorted(metadata.tables.items())):
            blanked = _BLANKED.get(self.role, {}).get(table, ())
            sees, writes = self._sees(table), self._writes(table)
            if sees or blanked or (backend == "postgresql" and not writes):
                yield self._view(backend, schema, table, columns, blanked, sees, checked=writes and bool(sees))
            if backend == "postgresql" and not writes:
                yield (
                    f"CREATE TRIGGER outreach_refused INSTEAD OF INSERT OR UPDATE OR DELETE ON pg_temp.{table}"
                    " FOR EACH ROW EXECUTE FUNCTION pg_temp.outreach_refused()"
                )
            if backend == "sqlite":
                yield from self._triggers(schema, table, sees, writes=writes)

    def _view(
        self, backend: str, schema: str, table: str, columns: list[str], blanked: tuple[str, ...], sees: str,
        *, checked: bool,
    ) -> str:  # fmt: skip
        shown = ", ".join(f"'' AS \"{name}\"" if name in blanked else f'r."{name}"' for name in columns)
        where = f" WHERE {self._filled(sees, schema, 'r')}" if sees else ""
        check = " WITH LOCAL CHECK OPTION" if checked and backend == "postgresql" else ""
        return f"CREATE TEMPORARY VIEW {table} AS SELECT {shown} FROM {schema}.{table} r{where}{check}"

    def _triggers(self, schema: str, table: str, sees: str, *, writes: bool) -> Iterator[str]:
        more = _WRITES_MORE.get(table, "") if self.role is Role.OFFICER else ""
        for verb, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            conditions = [self._filled(rule, schema, row) for rule in (sees, more) if rule for row in rows]
            if writes and not conditions:
                continue
            # An unknown (NULL) is refused as well.
            when = f" WHEN ({' AND '.join(conditions)}) IS NOT TRUE" if writes else ""
            yield (
                f"CREATE TEMPORARY TRIGGER {table}_{verb.lower()}_not_yours BEFORE {verb} ON {schema}.{table}"
                f"{when} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )

    def _filled(self, rule: str, schema: str, row: str) -> str:
        return rule.format(r=row, m=f"{schema}.", officer=_quoted(self.officer), login=_quoted(self.login))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_CHANGING = re.compile(r'^(INSERT INTO|UPDATE|DELETE FROM) ("?\w+"?)')


def limit(engine: Engine, scope: Scope) -> None:
    """Let every connection `engine` opens from now on see and write what `scope` may."""
    backend = engine.dialect.name

    def lay_views(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        schema = "main"
        if backend == "postgresql":
            cursor.execute("SELECT quote_ident(current_schema())")
            schema = cursor.fetchone()[0]
        for statement in scope.statements(backend, schema):
            cursor.execute(statement)
        cursor.close()
        if backend == "postgresql":
            connection.commit()

    event.listen(engine, "connect", lay_views)
    if backend == "sqlite":

        def to_the_table(
            _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
        ) -> tuple[str, Any]:
            # A view cannot be written on SQLite; the triggers stand on the table.
            return _CHANGING.sub(r"\1 main.\2", statement), parameters

        event.listen(engine, "before_cursor_execute", to_the_table, retval=True)
