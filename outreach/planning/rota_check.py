"""What no rota could ever be, told before anything is solved; and the rules that a rota set by hand breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from outreach.errors import Fault, refuse_if_any
from outreach.messages import _
from outreach.planning.rota_lines import lay_board
from outreach.planning.rota_terms import AIMS, COSTS, On, Rule, Rules, Shift, Worker


def check_rota(shifts: Sequence[Shift], workers: Sequence[Worker], rules: Rules, on: On) -> tuple[Rule, ...]:
    """The rules a rota breaks, each once, by whomever it was made. on: shift's key -> codes.

    A rule of kind "barred" (worker, shift) names a cell that was out of the question. Raises BadInput for impossible
    input and for keys and codes that are unknown.
    """
    known = {worker.code: worker for worker in workers}
    keys = {shift.key for shift in shifts}
    refuse_if_any(_unknown(((code, key) for key, codes in on.items() for code in codes), known, keys, _("the rota")))
    refuse_impossible(shifts, workers, rules)
    barred = [
        Rule("barred", code, shift=key) for key, codes in on.items() for code in codes if key in known[code].barred
    ]
    board = lay_board(shifts, workers, rules, everyone=True)
    return tuple(dict.fromkeys([*barred, *(line.rule for line, _by in board.broken(on))]))


def refuse_impossible(shifts: Sequence[Shift], workers: Sequence[Worker], rules: Rules) -> None:
    """Raise BadInput with every fault of the input that no plan could mend."""
    refuse_if_any(_faults(shifts, workers, rules))


def _faults(shifts: Sequence[Shift], workers: Sequence[Worker], rules: Rules) -> Iterator[Fault]:
    if not shifts:
        yield Fault(_("the rota"), _("there is no shift to fill"), _("name days and shifts"))
    if not workers:
        yield Fault(_("the rota"), _("there is nobody to take a shift"), _("name the officers who take part"))
    for key, count in Counter(shift.key for shift in shifts).items():
        if count > 1:
            yield Fault(
                _("shift {key}", key=key), _("it is there {count} times", count=count), _("name each shift once")
            )
    for code, count in Counter(worker.code for worker in workers).items():
        if count > 1:
            yield Fault(
                _("officer {code}", code=code), _("is there {count} times", count=count), _("name each officer once")
            )
    for shift in shifts:
        yield from _shift_faults(shift, workers)
    there = {skill for worker in workers for skill in worker.skills}
    lacking = {skill: shift for shift in reversed(shifts) for skill, count in shift.skills.items() if count > 0}
    for skill in sorted(set(lacking) - there):
        yield Fault(
            _("shift {key}", key=lacking[skill].key),
            _("it needs the skill {skill}, which none of the officers has", skill=skill),
            _("enter the skill with the officers who have it, or ask for another"),
        )
    for worker in workers:
        yield from _worker_faults(worker)
    if len({shift.starts.tzinfo is None for shift in shifts} | {shift.ends.tzinfo is None for shift in shifts}) > 1:
        yield Fault(
            _("the rota"),
            _("some shifts have a time zone and some have none"),
            _("give all of them a time zone or none"),
        )
    yield from _rule_faults(shifts, workers, rules)


def _shift_faults(shift: Shift, workers: Sequence[Worker]) -> Iterator[Fault]:
    where = _("shift {key}", key=shift.key)
    if (shift.starts.tzinfo is None) == (shift.ends.tzinfo is None) and shift.ends <= shift.starts:
        yield Fault(where, _("it ends before it begins or when it begins"), _("give an end after the beginning"))
    if shift.heads < 0 or (shift.wanted or 0) < 0:
        yield Fault(where, _("it needs {count} heads", count=shift.heads), _("give 0 or more"))
    if workers and shift.heads > len(workers):
        yield Fault(
            where,
            _("it needs {count} heads, but there are {workers} officers", count=shift.heads, workers=len(workers)),
            _("ask for fewer heads or name more officers"),
        )
    if shift.room < shift.heads:
        yield Fault(
            where,
            _("it needs {count} heads and may have {room} at most", count=shift.heads, room=shift.room),
            _("allow at least as many as it needs"),
        )
    for skill, count in sorted(shift.skills.items()):
        if count > shift.room:
            yield Fault(
                where,
                _("it needs {count} with {skill}, but has room for {room}", count=count, skill=skill, room=shift.room),
                _("ask for fewer, or for more heads"),
            )


def _worker_faults(worker: Worker) -> Iterator[Fault]:
    where = _("officer {code}", code=worker.code)
    if worker.share <= 0:
        yield Fault(where, _("the share of a post is {share} %", share=worker.share), _("give more than 0"))
    if worker.hours is not None and worker.hours[1] <= worker.hours[0]:
        yield Fault(
            where,
            _(
                "is there from {start} to {end}, which is no time at all",
                start=f"{worker.hours[0]:%H:%M}",
                end=f"{worker.hours[1]:%H:%M}",
            ),
            _("give an end after the beginning"),
        )
    limits = (
        (worker.least, worker.most),
        (worker.least_a_week, worker.most_a_week),
        (worker.least_minutes, worker.most_minutes),
        (worker.least_in_a_row, worker.most_in_a_row),
        (worker.most_a_month, None),
        (worker.most_weekends, None),
        (worker.least_off_in_a_row, None),
    )
    for least, most in limits:
        if (least or 0) < 0 or (most or 0) < 0:
            number = least if (least or 0) < 0 else most
            yield Fault(where, _("has a limit of {number}", number=number), _("give 0 or more"))
        elif least is not None and most is not None and least > most:
            yield Fault(
                where,
                _("must have at least {least} and may have {most} at most", least=least, most=most),
                _("ask for less or allow more"),
            )


def _rule_faults(shifts: Sequence[Shift], workers: Sequence[Worker], rules: Rules) -> Iterator[Fault]:
    codes, keys = {worker.code for worker in workers}, {shift.key for shift in shifts}
    yield from _unknown(rules.locked, codes, keys, _("locked cells"))
    yield from _unknown(((wish.worker, wish.shift) for wish in rules.wishes), codes, keys, _("wishes"))
    couples = {frozenset(couple) for couple in rules.apart} & {frozenset(couple) for couple in rules.together}
    for both in sorted(sorted(couple) for couple in couples):
        yield Fault(
            _("pairs"),
            _("{codes} are to be both apart and together", codes=", ".join(both)),
            _("keep one of the two rules"),
        )
    for couple in (*rules.apart, *rules.together):
        for code in sorted(set(couple) - codes):
            yield _nobody(_("pairs"), code)
        if couple[0] == couple[1]:
            yield Fault(_("pairs"), _("{code} is paired with itself", code=couple[0]), _("name two officers"))
    if rules.most_a_day < 1:
        yield Fault(
            _("shifts a day"), _("at most {number} are allowed", number=rules.most_a_day), _("allow at least one")
        )
    for name in sorted({name for group in rules.aims for name in group} - {name for group in AIMS for name in group}):
        yield Fault(_("aims"), _("{name} is not an aim", name=name), _("take one of those in the documentation"))
    for kind, cost in sorted(rules.costs.items()):
        if kind not in COSTS or cost < 0:
            yield Fault(
                _("costs"),
                _("{kind} = {cost} is not the cost of a rule", kind=kind, cost=cost),
                _("take a kind of rule from the documentation and 0 or more"),
            )


def _unknown(
    cells: Iterable[tuple[str, str]], codes: Iterable[str], keys: Iterable[str], where: str
) -> Iterator[Fault]:
    cells = list(cells)
    for code in sorted({code for code, _key in cells} - set(codes)):
        yield _nobody(where, code)
    for key in sorted({key for _code, key in cells} - set(keys)):
        yield Fault(where, _("there is no shift {key}", key=key), _("name a shift of this rota"))


def _nobody(where: str, code: str) -> Fault:
    return Fault(
        where,
        _("officer {code} is not among those who take part", code=code),
        _("name one who does, or add the officer"),
    )
