"""The month's report: figures of every officer, section and community, and the facts under each figure.

The facts are read once and folded in memory into entries (domain/monthly.py); a figure is a sum of entries, and
`explain_cell` lists those entries, so that the two cannot disagree. docs/monthly.md says what counts for whom.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from outreach.domain import monthly as m
from outreach.domain.contact import Attempt, Milestone
from outreach.domain.follow_up import Matter
from outreach.domain.people import natural_key
from outreach.domain.targets import apportion
from outreach.errors import BadInput
from outreach.messages import _
from outreach.services.monthly_cells import (
    COMMUNITY,
    DAY,
    EVERYONE,
    HELD,
    KINDS,
    NOBODY,
    OFFICER,
    SECTION,
    TOWN,
    Cell,
    Explained,
    FactLine,
    Group,
    LeftOut,
    MonthReport,
    MonthSums,
    parse_cell,
    parse_month,
)
from outreach.services.monthly_reading import MonthFacts, read_month
from outreach.services.monthly_words import held_words, hung_words, what_happened
from outreach.services.office import Office


def report_month(office: Office, campaign_name: str, month: str, as_of: dt.datetime | None = None) -> MonthReport:
    """The report of a month ('2005-10'); as_of: from the facts recorded by then, now where None.

    Raises BadInput for a month that is none, has not begun, or lies before the campaign.
    """
    return open_month(office, campaign_name, parse_month(month), as_of).report()


def explain_cell(office: Office, campaign_name: str, name: str, as_of: dt.datetime | None = None) -> Explained:
    """The facts under one figure, by its name; raises BadInput for a name that no figure of that report has."""
    cell = parse_cell(name)
    return open_month(office, campaign_name, cell.month, as_of).explain(cell)


def open_month(office: Office, campaign_name: str, month: m.Month, as_of: dt.datetime | None = None) -> MonthBook:
    """A month read once, to report it and to explain any number of its figures; see `report_month` for the errors."""
    return MonthBook(read_month(office, campaign_name, month, as_of))


class MonthBook:
    """A month's entries, laid under the figures they make."""

    def __init__(self, facts: MonthFacts) -> None:
        self.facts = facts
        self.first, self.month = facts.month.first, facts.month
        self.flows = list(m.flows(facts.record))
        self.standings = list(m.standings(facts.record, facts.homes, facts.month))
        self._under: dict[tuple[str, str], dict[str, list[m.Entry]]] = defaultdict(lambda: defaultdict(list))
        for kind, key, figure, entry in self._placed():
            self._under[kind, key][figure].append(entry)
        self.sums = self._sums()

    def _keys(self, entry: m.Entry) -> Iterator[tuple[str, str]]:
        officers, homes = self.facts.officers, self.facts.homes
        yield TOWN, EVERYONE
        yield OFFICER, entry.officer or NOBODY
        known = officers.get(entry.officer)
        yield SECTION, (known.section if known else "") or NOBODY
        home = homes.get(entry.household)
        community = entry.hung.community if entry.hung else home.address.community if home else ""
        yield COMMUNITY, community or NOBODY

    def _placed(self) -> Iterator[tuple[str, str, str, m.Entry]]:
        """Every entry with the group it counts for and its 'measure/span'."""
        for entry in self.flows:
            spans = [m.TOTAL] if entry.day < self.first else [m.TOTAL, m.MONTH]
            for kind, key in self._keys(entry):
                for span in spans:
                    yield kind, key, f"{entry.measure}/{span}", entry
            if len(spans) == 2:
                yield DAY, entry.day.isoformat(), f"{entry.measure}/{m.MONTH}", entry
        for entry in self.standings:
            for kind, key in self._keys(entry):
                yield kind, key, f"{entry.measure}/{m.END}", entry

    def _sums(self) -> dict[tuple[str, str], dict[str, int]]:
        """Every figure by group and 'measure/span': the amounts of its entries, and the targets."""
        sums: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for group, figures in self._under.items():
            sums[group] = {name: sum(entry.amount for entry in entries) for name, entries in figures.items()}
        sums[TOWN, EVERYONE]  # a town without facts is a row too, and so is whoever has a post
        for code in self.facts.seated:
            sums[OFFICER, code]
            sums[SECTION, self.facts.officers[code].section or NOBODY]
        targets = self._targets(sums[TOWN, EVERYONE].get(f"in_scope/{m.END}", 0))
        for (kind, key), row in sums.items():
            for name in _names(kind):
                row.setdefault(name, 0)
            for name in targets[TOWN, EVERYONE] if kind != DAY else ():
                row[name] = targets[kind, key][name]
        return sums

    # --- targets ---

    def _weights(self) -> Iterator[tuple[m.Entry, Fraction]]:
        """The households in scope, each with its weight in a target."""
        for entry in self.standings:
            if entry.measure == "in_scope":
                difficulty = self.facts.homes[entry.household].difficulty
                yield entry, Fraction(self.facts.targets.weights.of(difficulty))

    def _aims(self, in_scope: int) -> Iterator[tuple[str, str, int]]:
        """(measure, span, the town's target) of what is set; money in fen."""
        due = self.facts.targets.due(self.month)
        for span, aims in ((m.TARGET, self.facts.targets), (m.DUE, due)):
            for measure in m.AIMS:
                amount = aims.amount(measure, in_scope) if aims else None
                if amount is not None:
                    yield measure, span, amount

    def _targets(self, in_scope: int) -> dict[tuple[str, str], dict[str, int]]:
        """The targets of every group. A section's is the sum of its officers'."""
        by_kind: dict[str, dict[str, Fraction]] = {OFFICER: defaultdict(Fraction), COMMUNITY: defaultdict(Fraction)}
        for entry, weight in self._weights():
            for kind, key in self._keys(entry):
                if kind in by_kind:
                    by_kind[kind][key] += weight
        found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for measure, span, amount in self._aims(in_scope):
            name = f"{measure}/{span}"
            found[TOWN, EVERYONE][name] = amount
            for kind, weights in by_kind.items():
                for key, part in _dealt(measure, amount, weights).items():
                    found[kind, key][name] = part
                    if kind == OFFICER:
                        officer = self.facts.officers.get(key)
                        found[SECTION, (officer.section if officer else "") or NOBODY][name] += part
        return found

    # --- the report ---

    def report(self) -> MonthReport:
        """The whole report."""
        facts, sums = self.facts, self.sums
        groups = [
            Group(kind, key, self._label(kind, key), self._section(kind, key), _ordered(sums[kind, key]))
            for kind, key in sorted(sums, key=_group_order)
        ]
        told = json.dumps([[one.kind, one.key, dict(one.figures)] for one in groups], ensure_ascii=False)
        return MonthReport(
            campaign=facts.campaign.name,
            month=str(self.month),
            ends=facts.ends,
            as_of=facts.as_of,
            facts=facts.count,
            fingerprint=hashlib.sha256(told.encode()).hexdigest()[:12],
            aims=tuple(name for name in m.AIMS if f"{name}/{m.TARGET}" in sums[TOWN, EVERYONE]),
            groups=tuple(groups),
            left_out=tuple(self._left_out()),
            history=tuple(self._history()),
        )

    def _label(self, kind: str, key: str) -> str:
        if kind == TOWN:
            return _("all")
        if key == NOBODY:
            return {
                OFFICER: _("no officer"),
                SECTION: _("no section"),
                COMMUNITY: _("not in the roster"),
            }[kind]
        officer = self.facts.officers.get(key) if kind == OFFICER else None
        return officer.name if officer else key

    def _section(self, kind: str, key: str) -> str:
        officer = self.facts.officers.get(key) if kind == OFFICER else None
        return officer.section if officer else ""

    def _left_out(self) -> Iterator[LeftOut]:
        for entry in self.standings:
            if entry.measure == "out_of_scope":
                reason = self.facts.attempts[entry.fact].disposition.value
                community = self.facts.homes[entry.household].address.community
                yield LeftOut(entry.household, community, reason, entry.day, entry.fact, entry.officer)
        one = self.facts.hold_out
        for entry in self.standings:
            if entry.measure == "held" and one is not None:
                community = self.facts.homes[entry.household].address.community
                yield LeftOut(entry.household, community, HELD, one.starts, "", entry.officer, one.name)

    def _history(self) -> Iterator[MonthSums]:
        sums: dict[m.Month, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        month = m.Month.of(self.facts.campaign.starts)
        while month <= self.month:
            sums[month]  # a month in which nothing happened is a month too
            month = m.Month.of(month.last + dt.timedelta(days=1))
        for entry in self.flows:
            sums[m.Month.of(entry.day)][entry.measure] += entry.amount
        for month in sorted(sums):
            figures = {name: sums[month][name] for name in (*m.CONTENT, *m.CONDUCT, *m.RESULTS)}
            yield MonthSums(str(month), figures)

    # --- the facts under a figure ---

    def explain(self, cell: Cell) -> Explained:
        """The facts under one figure; raises BadInput where the report has none of that name."""
        sums = self.sums
        name = f"{cell.measure}/{cell.span}"
        if (cell.kind, cell.key) not in sums or (cell.kind == DAY and cell.span != m.MONTH):
            raise BadInput.at(
                str(cell), _("the report has no such row"), _("see 'outreach report monthly {month}'", month=cell.month)
            )
        if cell.span in (m.TARGET, m.DUE):
            if name not in sums[TOWN, EVERYONE]:
                what = _("no target is set for this month")
                raise BadInput.at(str(cell), what, _("write one under [targets] in the campaign's plan.toml"))
            lines = self._target_lines(cell)
            working = self._working(cell, sums[cell.kind, cell.key][name], sums[TOWN, EVERYONE][name], lines)
        else:
            working = ""
            lines = [self._line(entry) for entry in self._under[cell.kind, cell.key].get(name, ())]
        lines.sort(key=lambda line: (line.day, natural_key(line.household), line.fact))
        figure = sums[cell.kind, cell.key][name]
        return Explained(str(cell), figure, cell.measure == "yuan", self.facts.as_of, working, tuple(lines))

    def _target_lines(self, cell: Cell) -> list[FactLine]:
        return [
            FactLine("", entry.household, entry.day, entry.officer, self._what(entry), 0, float(weight))
            for entry, weight in self._weights()
            if (cell.kind, cell.key) in self._keys(entry)
        ]

    def _working(self, cell: Cell, figure: int, town: int, lines: Iterable[FactLine]) -> str:
        mine = sum((Fraction(line.weight) for line in lines), Fraction())
        everyone = sum((weight for _entry, weight in self._weights()), Fraction())
        unit = 100 if cell.measure == "yuan" else 1
        return _(
            "the town's target {town} times the weight {mine} of the households in scope here, of {everyone} in all, "
            "dealt out in whole parts: {figure}",
            town=f"{town // unit:,}",
            mine=_plain(mine),
            everyone=_plain(everyone),
            figure=f"{figure // unit:,}",
        )

    def _line(self, entry: m.Entry) -> FactLine:
        return FactLine(entry.fact, entry.household, entry.day, entry.officer, self._what(entry), entry.amount)

    def _what(self, entry: m.Entry) -> str:
        facts = self.facts
        if entry.hung:
            return hung_words(entry.hung)
        if entry.measure == "held" and facts.hold_out:
            return held_words(facts.hold_out.name)
        found: Attempt | Milestone | Matter | None = (
            facts.attempts.get(entry.fact) or facts.milestones.get(entry.fact) or facts.matters.get(entry.fact)
        )
        return what_happened(found, facts.homes.get(entry.household))


def _names(kind: str) -> Iterator[str]:
    """The figures every group of a kind has, targets apart."""
    for span in (m.MONTH,) if kind == DAY else (m.MONTH, m.TOTAL, m.END):
        yield from (f"{measure}/{span}" for measure in m.SPANS[span])


def _plain(weight: Fraction) -> str:
    return f"{float(weight):,.3f}".rstrip("0").rstrip(".")


def _dealt(measure: str, amount: int, weights: Mapping[str, Fraction]) -> dict[str, int]:
    """Money is dealt out in whole yuan."""
    unit = 100 if measure == "yuan" else 1
    return {key: part * unit for key, part in apportion(amount // unit, weights).items()}


_ORDER = {
    f"{measure}/{span}": rank
    for rank, (span, measure) in enumerate((span, one) for span, measures in m.SPANS.items() for one in measures)
}


def _ordered(figures: Mapping[str, int]) -> dict[str, int]:
    """Figures in the report's order."""
    return dict(sorted(figures.items(), key=lambda item: _ORDER[item[0]]))


def _group_order(group: tuple[str, str]) -> tuple[object, ...]:
    kind, key = group
    return KINDS.index(kind), key == NOBODY, natural_key(key)
