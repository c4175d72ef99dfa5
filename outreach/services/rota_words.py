"""A rota's rules and aims in words: what clashes and who is concerned, the cheapest ways out, what an aim reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from outreach.domain.people import skill_label
from outreach.errors import Conflict
from outreach.messages import _, current_language
from outreach.planning.rota_terms import Clash, Rule, Step, Way
from outreach.services.rota_inputs import Ground
from outreach.services.rota_shifts import hours_of
from outreach.services.rota_shortage import shortage
from outreach.store.rotas import RotaShift

_MOST_NAMED = 6
_MOST_TOLD = 4
_CAPS = frozenset({"day", "week", "month", "most"})


def clash_error(clash: Clash, ground: Ground, where: str) -> Conflict:
    """The error that says why there is no rota: the rules that cannot hold together, and what would have to give."""
    words = RuleWords(ground)
    rules = _apart(words.rules(_telling(clash.rules, ground)))
    if clash.smallest:
        what = _("no rota keeps every rule; the smallest set that cannot hold together: {rules}", rules=rules)
    elif clash.irreducible:
        what = _("no rota keeps every rule; an irreducible set that cannot hold together: {rules}", rules=rules)
    else:
        what = _("no rota keeps every rule; these cannot hold together: {rules}", rules=rules)
    if counted := shortage(ground):
        what = _apart((counted, what))
    if not clash.ways:
        return Conflict.at(where, what, _("give way at one of them"))
    ways = [_("{steps} (cost {cost})", steps=words.way(way), cost=way.cost) for way in clash.ways]
    cheapest = _("the cheapest way out: {way}", way=ways[0])
    rest = [_("or: {way}", way=way) for way in ways[1:]]
    return Conflict.at(where, what, _apart((cheapest, *rest)))


def aim_label(name: str) -> str:
    """An aim in words."""
    labels = {
        "changes": _("changes to what was published"),
        "cover": _("shifts short of heads"),
        "holidays": _("holidays spread evenly"),
        "evenings": _("evenings spread evenly"),
        "weekends": _("weekends spread evenly"),
        "hours": _("hours spread evenly"),
        "wishes": _("wishes not met"),
    }
    return labels.get(name, name)


def place_of(shift: RotaShift) -> str:
    """Where a shift is, in the user's language."""
    return shift.place.get(current_language()) or shift.place.get("zh") or shift.place.get("en") or shift.key


class RuleWords:
    """Makes sentences of the rules of one rota: names instead of codes, places and hours instead of keys."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._shifts = {**ground.shifts, **{key: shift for key, (shift, _on) in ground.around.items()}}

    def rules(self, rules: Iterable[Rule]) -> Iterator[str]:
        """A clash's rules; many shifts without their heads are one phrase, and so is one cap of many officers."""
        found = list(rules)
        unfilled = [rule for rule in found if rule.kind == "heads"]
        if len(unfilled) > _MOST_TOLD:
            shifts = sorted((self._shifts[rule.shift] for rule in unfilled), key=lambda shift: shift.starts)
            facts = {"count": len(shifts), "heads": sum(rule.count for rule in unfilled)}
            first, last = hours_of(shifts[0]), hours_of(shifts[-1])
            yield _("{count} shifts from {first} to {last} need {heads} in all", **facts, first=first, last=last)
            found = [rule for rule in found if rule.kind != "heads"]
        groups: dict[tuple[Rule, tuple[str, ...]], list[Rule]] = {}
        for rule in found:
            shared: tuple[Rule, tuple[str, ...]] = (rule, ())
            if rule.kind in _CAPS:
                shared = (replace(rule, worker=""), ())
            elif rule.kind == "skill":
                shared = (replace(rule, shift=""), self._able(rule))
            groups.setdefault(shared, []).append(rule)
        for group in groups.values():
            if len(group) == 1:
                yield self.rule(group[0])
            else:
                yield self._skill_of(group) if group[0].kind == "skill" else self._cap_of(group)

    def _skill_of(self, group: list[Rule]) -> str:
        """One skill that several shifts need of the same officers."""
        shifts = sorted((self._shifts[rule.shift] for rule in group), key=lambda shift: shift.starts)
        days = {"count": len(shifts), "first": hours_of(shifts[0]), "last": hours_of(shifts[-1])}
        skill = {"heads": group[0].count, "skill": _skill(group[0])}
        text = _("{count} shifts from {first} to {last} need {heads} with '{skill}' each", **days, **skill)
        return self._with_able(text, group[0])

    def _cap_of(self, group: list[Rule]) -> str:
        """One cap that several officers have."""
        rule = group[0]
        facts = {"names": self._names([one.worker for one in group]), "count": rule.count}
        words: Mapping[str, Callable[[], str]] = {
            "day": lambda: _("{names} take at most {count} each on {day}", **facts, day=rule.first),
            "week": lambda: _("{names} take at most {count} each in the week of {day}", **facts, day=rule.first),
            "month": lambda: _("{names} take at most {count} each in {month}", **facts, month=_month(rule)),
            "most": lambda: _("{names} take at most {count} each in all", **facts),
        }
        return words[rule.kind]()

    def rule(self, rule: Rule) -> str:
        """One rule of a clash, with who cannot keep it and why."""
        if rule.kind in ("heads", "skill", "full"):
            return self._shift_rule(rule)
        if rule.kind == "lock":
            return self._lock(rule)
        if rule.kind == "barred":
            facts = {"name": self._name(rule.worker), **self._where(rule.shift)}
            why = self._ground.why.get((rule.worker, rule.shift)) or _("not on its list")
            return _("{name} cannot come to {place} on {when}: {why}", **facts, why=why)
        return self._officer_rule(rule)

    def broken(self, rule: Rule, on: Mapping[str, tuple[str, ...]]) -> str:
        """One rule that a rota breaks, with what the rota has instead."""
        if rule.kind in ("heads", "full") and rule.shift in on:
            shift = self._shifts[rule.shift]
            facts = {**self._where(rule.shift), "heads": shift.heads, "there": len(on[rule.shift])}
            return _("{place} needs {heads} on {when} and has {there}", **facts)
        return self.rule(rule)

    def way(self, way: Way) -> str:
        """What gives, in one line."""
        return _listed(map(self._step, way.steps))

    def _shift_rule(self, rule: Rule) -> str:
        facts = self._where(rule.shift)
        if rule.kind == "heads":
            text = _("{place} needs {heads} on {when}", **facts, heads=rule.count)
            return self._with_excused(text, rule.shift)
        if rule.kind == "skill":
            text = _("{place} needs {count} with '{skill}' on {when}", **facts, count=rule.count, skill=_skill(rule))
            return self._with_able(text, rule)
        return _("{place} takes at most {heads} on {when}", **facts, heads=rule.count)

    def _listed(self, key: str) -> list[str]:
        """Those who may take a shift, whether or not they can come."""
        return [one.code for one in self._ground.workers if self._ground.why.get((one.code, key)) != ""]

    def _able(self, rule: Rule) -> tuple[str, ...]:
        """Those of a shift's candidates who have the skill it needs."""
        having = {worker.code for worker in self._ground.workers if rule.skill in worker.skills}
        return tuple(code for code in self._listed(rule.shift) if code in having)

    def _with_able(self, text: str, rule: Rule) -> str:
        """The text with who of those who may take the shift have the skill, in brackets."""
        able = self._able(rule)
        facts = {"text": text, "count": len(able), "listed": len(self._listed(rule.shift))}
        if not able:
            return _("{text} (none of the {listed} who may come has it)", **facts)
        return _("{text} ({count} of the {listed} who may come have it: {names})", **facts, names=self._names(able))

    def _lock(self, rule: Rule) -> str:
        facts = {"name": self._name(rule.worker), **self._where(rule.shift)}
        why = self._ground.why.get((rule.worker, rule.shift), "")
        if not rule.count:
            return _("{name} is locked out of {place} on {when}", **facts)
        if why:
            return _("{name} is locked in at {place} on {when}, but is {why}", **facts, why=why)
        return _("{name} is locked in at {place} on {when}", **facts)

    def _officer_rule(self, rule: Rule) -> str:
        name, count, day = self._name(rule.worker), rule.count, rule.first
        pair = {"one": name, "two": self._name(rule.other)}
        shifts = self._both(rule)
        between = {"name": name, "shifts": shifts}
        rest = f"{self._ground.rules.rest.total_seconds() / 3600:g}"
        words: Mapping[str, Callable[[], str]] = {
            "leave": lambda: _("{name} is on leave from {first} to {last}", name=name, first=day, last=rule.last),
            "rest": lambda: _("{name} rests {hours} hours between {shifts}", name=name, hours=rest, shifts=shifts),
            "places": lambda: _("{name} cannot be in two places: {shifts}", name=name, shifts=shifts),
            "travel": lambda: _("{name} cannot get from one place to the other in time: {shifts}", **between),
            "day": lambda: _("{name} takes at most {count} on {day}", name=name, count=count, day=day),
            "week": lambda: _("{name} takes at most {count} in the week of {day}", name=name, count=count, day=day),
            "month": lambda: _("{name} takes at most {count} in {month}", name=name, count=count, month=_month(rule)),
            "most": lambda: _("{name} takes at most {count} in all", name=name, count=count),
            "apart": lambda: _("{one} and {two} are never on one shift", **pair),
            "together": lambda: _("{one} and {two} are always on one shift", **pair),
        }
        return words[rule.kind]() if rule.kind in words else f"{rule.kind} {name}".strip()

    def _step(self, step: Step) -> str:
        rule, count = step.rule, step.by
        name = self._name(rule.worker)
        pair = {"one": name, "two": self._name(rule.other)}
        if rule.kind in ("heads", "skill", "full"):
            facts = {**self._where(rule.shift), "count": count}
            if rule.kind == "heads":
                return _("{count} fewer at {place} on {when}", **facts)
            if rule.kind == "skill":
                return _("{count} fewer with '{skill}' at {place} on {when}", **facts, skill=_skill(rule))
            return _("{count} more at {place} on {when}", **facts)
        if rule.kind == "lock":
            return _("unlock {name} at {place} on {when}", name=name, **self._where(rule.shift))
        words: Mapping[str, Callable[[], str]] = {
            "leave": lambda: _(
                "{name} comes during leave ({first} to {last})", name=name, first=rule.first, last=rule.last
            ),
            "rest": lambda: _("{name} rests less between {shifts}", name=name, shifts=self._both(rule)),
            "day": lambda: _("{name} takes {count} more on {day}", name=name, count=count, day=rule.first),
            "week": lambda: _("{name} takes {count} more in the week of {day}", name=name, count=count, day=rule.first),
            "month": lambda: _("{name} takes {count} more in {month}", name=name, count=count, month=_month(rule)),
            "most": lambda: _("{name} takes {count} more in all", name=name, count=count),
            "apart": lambda: _("{one} and {two} stand together on {when}", **pair, when=self._when(rule.shift)),
            "together": lambda: _("{one} and {two} are parted on {when}", **pair, when=self._when(rule.shift)),
        }
        return words[rule.kind]() if rule.kind in words else f"{rule.kind} {name} ({count})"

    def _with_excused(self, text: str, key: str) -> str:
        """The text with who of those who may take a shift cannot, in brackets."""
        why = self._ground.why
        listed = self._listed(key)
        cannot = [code for code in listed if (code, key) in why]
        facts = {"text": text, "free": len(listed) - len(cannot), "listed": len(listed)}
        if not cannot:
            return _("{text} ({free} of {listed} can come)", **facts)
        named = _listed(f"{self._name(code)} {why[code, key]}" for code in cannot[:_MOST_NAMED])
        return _("{text} ({free} of {listed} can come; not: {names})", **facts, names=_more(named, len(cannot)))

    def _both(self, rule: Rule) -> str:
        return _("{one} and {two}", one=self._when(rule.shift), two=self._when(rule.other))

    def _when(self, key: str) -> str:
        return hours_of(self._shifts[key]) if key in self._shifts else ""

    def _where(self, key: str) -> dict[str, str]:
        shift = self._shifts[key]
        return {"place": place_of(shift), "when": hours_of(shift)}

    def _names(self, codes: Sequence[str]) -> str:
        return _more(_listed(self._name(code) for code in codes[:_MOST_NAMED]), len(codes))

    def _name(self, code: str) -> str:
        officer = self._ground.officers.get(code)
        return officer.name if officer else code


def _more(named: str, count: int) -> str:
    return _("{names} and {count} more", names=named, count=count - _MOST_NAMED) if count > _MOST_NAMED else named


def _skill(rule: Rule) -> str:
    return skill_label(rule.skill, current_language())


def _telling(rules: Iterable[Rule], ground: Ground) -> list[Rule]:
    """The rules without the leave that the sentence about an unfilled shift tells already."""
    found = list(rules)
    unfilled = {rule.shift for rule in found if rule.kind == "heads"}
    excused = {code for code, key in ground.why if key in unfilled}
    return [rule for rule in found if rule.kind != "leave" or rule.worker not in excused]


def _month(rule: Rule) -> str:
    return f"{rule.first:%Y-%m}" if rule.first else ""


def _apart(parts: Iterable[str]) -> str:
    return ("；" if current_language() == "zh" else "; ").join(parts)


def _listed(names: Iterable[str]) -> str:
    return ("、" if current_language() == "zh" else ", ").join(names)
