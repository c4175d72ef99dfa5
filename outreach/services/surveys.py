"""Coverage surveys: households drawn to be asked again, their answers, and which lots pass."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from outreach.domain.people import Officer, is_stone, natural_key
from outreach.domain.suppression import suppressed
from outreach.domain.survey import Answer, Estimate, Lot, LotResult, SurveyAnswer, estimate, in_force, judge
from outreach.errors import BadInput, Conflict, Fault, NotFound, refuse_if_any
from outreach.intake.survey import AnswerRow, read_answers
from outreach.messages import _
from outreach.planning.sample import design, draw, draw_clusters
from outreach.services.drawn_lines import check_line, future_faults, row_faults
from outreach.services.office import Office
from outreach.services.reports import CampaignFacts, place_of, read_facts
from outreach.services.suppressions import list_suppressions
from outreach.store.surveys import Drawn, Survey

ASKING = ("visit", "call")
"""How households are asked again; who asked not to be visited or called is not drawn."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What a survey has to tell apart, and how surely; shares and risks between 0 and 1.

    A lot in which `good` of the households confirm fails with a risk of at most `fail_good`; one in which only `poor`
    do passes with at most `pass_poor`. reserve: the part of the sample drawn further for households nobody can ask.
    """

    good: float = 0.95
    poor: float = 0.75
    fail_good: float = 0.1
    pass_poor: float = 0.1
    reserve: float = 0.25


def draw_survey(
    office: Office,
    campaign_name: str,
    *,
    by: str = "officer",
    every: bool = False,
    demands: Demands | None = None,
    clusters: int = 0,
    seed: str = "",
) -> Survey:
    """Draw households to be asked again, lot by lot; one commit.

    by: lots are each 'officer' or 'community'. every: of all households, not only those recorded as reached. clusters:
    so many lots drawn in proportion to their sizes instead of all. seed: '' takes the survey's number. Households that
    asked not to be visited or called are left out. Raises BadInput for demands that cannot be and Conflict where there
    is nobody to ask.
    """
    demands = demands or Demands()
    _check_demands(demands)
    facts = read_facts(office, campaign_name)
    now = office.now()
    lots = _lots(office, facts, by, every=every)
    if not lots:
        raise Conflict.at(
            facts.campaign.name, _("there is no household to ask again"), _("record contacts first, or use --every")
        )
    with office.store.write() as unit:
        number = unit.surveys.next_number()
        seed = seed or str(number)
        times: Mapping[str, int] = dict.fromkeys(lots, 1)
        if clusters:
            times = Counter(draw_clusters({name: len(codes) for name, codes in lots.items()}, clusters, seed))
        drawn: list[Lot] = []
        lines: list[Drawn] = []
        for rank, name in enumerate(sorted(times, key=natural_key)):
            plan = design(
                len(lots[name]), good=demands.good, poor=demands.poor, fail_good=demands.fail_good,
                pass_poor=demands.pass_poor,
            )  # fmt: skip
            drawn.append(Lot(name, plan.lot, plan.size, plan.pass_from, plan.fail_good, plan.pass_poor, times[name]))
            wanted = plan.size + round(plan.size * demands.reserve + 0.5)
            lines += [Drawn(rank, code, _told(facts, code)) for code in draw(lots[name], wanted, f"{seed}/{name}")]
        rules = {
            "by": by, "every": every, "clusters": clusters, "good": demands.good, "poor": demands.poor,
            "fail_good": demands.fail_good, "pass_poor": demands.pass_poor,
        }  # fmt: skip
        survey = Survey(number, facts.campaign.name, seed, now, rules, tuple(drawn), tuple(lines))
        unit.surveys.add(survey)
    return survey


def _check_demands(demands: Demands) -> None:
    if not 0 <= demands.poor < demands.good <= 1:
        raise BadInput.at(
            "--poor", _("the poor share must lie below the good one, both between 0 and 1"), _("write such as 0.75")
        )
    for option, risk in (("--fail-good", demands.fail_good), ("--pass-poor", demands.pass_poor)):
        if not 0 < risk < 1:
            raise BadInput.at(option, _("a risk lies between 0 and 1, neither of them itself"), _("write such as 0.1"))


def _lots(office: Office, facts: CampaignFacts, by: str, *, every: bool) -> dict[str, list[str]]:
    """The codes of the households that may be asked, by lot."""
    today = office.now().date()
    wishes = list_suppressions(office)
    with office.store.read() as unit:
        held = unit.hold_outs.held_on(facts.campaign.name, today)
    by_code = {officer.code: officer for officer in facts.officers.values()}
    lots: dict[str, list[str]] = defaultdict(list)
    for home in facts.homes.values():
        standing = facts.standings.get(home.code)
        reached = standing is not None and standing.first_reached_at is not None
        if (
            home.code in held
            or not (every or reached)
            or any(suppressed(wishes, home.code, 0, one, today) for one in ASKING)
        ):
            continue
        if by == "officer" and reached and standing is not None:
            # The record is that officer's, whoever holds the post now.
            officer = by_code.get(standing.reached_by)
            name = f"{officer.post} {officer.name}" if officer else standing.reached_by or "-"
        else:
            name = place_of(facts, home, by)
        lots[name].append(home.code)
    return lots


def _told(facts: CampaignFacts, code: str) -> tuple[str, str, str]:
    standing = facts.standings.get(code)
    if standing is None or standing.first_reached_at is None:
        return ("", "", "")
    day = standing.first_reached_at.astimezone(facts.campaign.zone).date()
    return (day.isoformat(), standing.reached_channel, standing.reached_by)


def load_survey(office: Office, number: int) -> tuple[Survey, dict[int, SurveyAnswer]]:
    """A survey and the answers in force, by line; raises NotFound."""
    zone = office.workspace.zone
    with office.store.read() as unit:
        found = _found(unit.surveys.all(zone), number)
        answers = in_force(unit.surveys.answers([number], zone))
    return found, {one.line: one for one in answers}


def list_surveys(office: Office) -> list[Survey]:
    """Every survey, the newest last."""
    with office.store.read() as unit:
        return list(unit.surveys.all(office.workspace.zone).values())


def _found(surveys: Mapping[int, Survey], number: int) -> Survey:
    if number not in surveys:
        raise NotFound.at(
            str(number),
            _("there is no such survey"),
            _("choose one of {names}, or draw with 'outreach survey draw'", names=", ".join(map(str, surveys)) or "-"),
        )
    return surveys[number]


def record_answer(
    office: Office, number: int, line: int, answer: Answer, *, by: str, at: dt.datetime | None = None, note: str = ""
) -> SurveyAnswer:
    """Record the answer to one line; a second one corrects the first.

    Raises NotFound, BadInput for a time to come or where `by` made the visits of the lot, and Conflict for a household
    that is erased.
    """
    now = office.now()
    zone = office.workspace.zone
    with office.store.write() as unit:
        found = _found(unit.surveys.all(zone), number)
        check_line(found.lines, number, line, f"{number}-{line}")
        if is_stone(found.lines[line - 1].household):
            raise Conflict.at(f"{number}-{line}", _("this household is erased"), _("ask the next reserve of the lot"))
        known = {one.line: one for one in in_force(unit.surveys.answers([number], zone))}
        row = AnswerRow(number, line, "", at or now, by.strip(), answer, note.strip(), f"{number}-{line}")
        refuse_if_any(future_faults([row], now))
        refuse_if_any(_own_visits([row], {number: found}, unit.rosters.all_officers()))
        made = _answer(office, row, known.get(line))
        unit.surveys.add_answers([made], now)
    return made


def _answer(office: Office, row: AnswerRow, before: SurveyAnswer | None) -> SurveyAnswer:
    return SurveyAnswer(
        office.new_id(), row.draw, row.line, row.at, row.by, row.answer, row.note, before.id if before else ""
    )


@dataclass(frozen=True, slots=True)
class AnswerImport:
    """What taking a sheet in did. open: lines of the surveys it names that have no answer yet, reserves among them.

    erased: survey and line of the rows that were passed over, since their households are erased.
    """

    file: str
    rows: int
    recorded: int
    corrected: int
    unchanged: int
    open: int
    erased: tuple[tuple[int, int], ...]


def import_answers(office: Office, path: Path) -> AnswerImport:
    """Take in a sheet that was filled in, all or nothing; read twice, it changes nothing the second time.

    A line whose answer differs from the one recorded corrects it; one whose household was erased since the sheet was
    written is passed over. Raises BadInput with every bad row.
    """
    now = office.now()
    zone = office.workspace.zone
    rows = read_answers(path, zone=zone, today=now.date())
    with office.store.write() as unit:
        surveys = unit.surveys.all(zone)
        refuse_if_any(row_faults(rows, lambda number: _found(surveys, number).lines))
        gone = [row for row in rows if _of_erased(row, surveys[row.draw])]
        asked = [row for row in rows if row not in gone]
        refuse_if_any([*_wrong_households(asked, surveys), *future_faults(asked, now)])
        named = {row.draw for row in rows}
        known = {(one.survey, one.line): one for one in in_force(unit.surveys.answers(named, zone))}
        told_anew = [row for row in asked if not _as_recorded(row, known.get((row.draw, row.line)))]
        refuse_if_any(_own_visits(told_anew, surveys, unit.rosters.all_officers()))
        new = [_answer(office, row, known.get((row.draw, row.line))) for row in told_anew]
        unit.surveys.add_answers(new, now)
        corrected = sum(bool(one.corrects) for one in new)
        counts = {"added": len(new) - corrected, "changed": corrected, "unchanged": len(asked) - len(new)}
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        unit.rosters.record_import(office.new_id(), "answers", path.name, digest, now, counts)
    told = known.keys() | {(one.survey, one.line) for one in new}
    waiting = sum(
        (number, line) not in told and not is_stone(one.household)
        for number in named
        for line, one in enumerate(surveys[number].lines, start=1)
    )
    erased = tuple((row.draw, row.line) for row in gone)
    return AnswerImport(path.name, len(rows), len(new) - corrected, corrected, len(asked) - len(new), waiting, erased)


def _as_recorded(row: AnswerRow, before: SurveyAnswer | None) -> bool:
    return before is not None and (
        (before.answer, before.at, before.by, before.note) == (row.answer, row.at, row.by, row.note)
    )


def _of_erased(row: AnswerRow, survey: Survey) -> bool:
    """Whether the row's line is of a household that was erased, and the row does not name another line's household."""
    drawn = survey.lines[row.line - 1].household
    return is_stone(drawn) and row.household not in {line.household for line in survey.lines if line.household != drawn}


def _own_visits(
    rows: Iterable[AnswerRow], surveys: Mapping[int, Survey], officers: Mapping[str, Officer]
) -> Iterator[Fault]:
    """Rows asked by the very officer whose visits they ask about."""
    for row in rows:
        names = {
            _folded("".join(part))
            for one in _whose_visits(surveys[row.draw], row.line, officers)
            for count in (1, 2, 3)
            for part in permutations((one.code, one.name, one.post), count)
        }
        if row.by and _folded(row.by) in names:
            yield Fault(
                row.where,
                _("{by} made the visits that are asked about here", by=row.by),
                _("let somebody else ask and write who it was, by staff number where two share a name"),
            )


def _whose_visits(survey: Survey, line: int, officers: Mapping[str, Officer]) -> list[Officer]:
    """The officer of the line's lot, and where lots are communities the one who reached its household."""
    drawn = survey.lines[line - 1]
    codes = {drawn.told[2]}
    if survey.rules["by"] == "officer":
        codes |= {one.told[2] for one in survey.lines if one.lot == drawn.lot}
    lot = survey.lots[drawn.lot].name
    return [one for one in officers.values() if one.code in codes or f"{one.post} {one.name}" == lot]


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _wrong_households(rows: Iterable[AnswerRow], surveys: Mapping[int, Survey]) -> Iterator[Fault]:
    for row in rows:
        drawn = surveys[row.draw].lines[row.line - 1].household
        if row.household and row.household != drawn:
            yield Fault(
                row.where,
                _("line {line} of survey {number} is household {code}", line=row.line, number=row.draw, code=drawn),
                _("sort the sheet's columns together, never one alone"),
            )


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """What a survey says: each lot, and the share over all; estimate is None without an answer."""

    survey: Survey
    lots: tuple[LotResult, ...]
    estimate: Estimate | None


def report_survey(office: Office, number: int) -> SurveyResult:
    """Which lots pass, and the share over all of them with its interval; raises NotFound."""
    survey, answers = load_survey(office, number)
    told: dict[int, list[Answer | None]] = defaultdict(list)
    for line, one in enumerate(survey.lines, start=1):
        told[one.lot].append(answers[line].answer if line in answers else None)
    lots = tuple(judge(lot, told[rank]) for rank, lot in enumerate(survey.lots))
    return SurveyResult(survey, lots, estimate(lots, clusters=bool(survey.rules["clusters"])))


def reserve_from(survey: Survey) -> Sequence[bool]:
    """For each line whether it is a reserve, asked only in place of a line before it that nobody could ask."""
    met: Counter[int] = Counter()
    reserve = []
    for line in survey.lines:
        met[line.lot] += 1
        reserve.append(met[line.lot] > survey.lots[line.lot].size)
    return reserve
