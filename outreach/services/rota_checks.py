"""Whether a draft may be published: cells set by hand, later leave and a changed campaign can break its rules."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.errors import Fault
from outreach.messages import _
from outreach.planning.rota import check_rota
from outreach.services.rota_inputs import Ground
from outreach.services.rota_shifts import hours_of
from outreach.services.rota_state import Standing
from outreach.services.rota_words import RuleWords, place_of
from outreach.store.rotas import StoredRota


def draft_faults(draft: StoredRota, ground: Ground, newest: Standing) -> list[Fault]:
    """What a draft breaks by now, one fault each. ground: of the draft's days as they are now; newest: what stands."""
    mend = _("plan again with 'outreach {kind} plan'", kind=draft.kind)
    found = [Fault(key, what, mend) for key, what in _other_shifts(draft, ground, newest)]
    mine = [key for key, rota in newest.rota.items() if rota.id == draft.id and key not in ground.kept]
    on = {key: newest.on[key] for key in mine if key in ground.shifts}
    gone = sorted({code for codes in on.values() for code in codes} - ground.officers.keys())
    found += [Fault(draft.kind, _("{code} takes no shifts any more", code=code), mend) for code in gone]
    if not gone:
        words = RuleWords(ground)
        whole = on | {key: codes for key, (_shift, codes) in ground.around.items()}
        planned = [shift for shift in ground.planned if shift.key in whole]
        rules = check_rota(planned, ground.workers, ground.rules, whole)
        found += [Fault(rule.shift or draft.kind, words.broken(rule, on), mend) for rule in rules]
    return found


def _other_shifts(draft: StoredRota, ground: Ground, newest: Standing) -> Iterator[tuple[str, str]]:
    """The shifts that the campaign or the planning file has changed since the draft was made."""
    for key, shift in newest.shifts.items():
        if newest.rota[key].id != draft.id or key in ground.kept:
            continue
        facts = {"place": place_of(shift), "when": hours_of(shift)}
        now = ground.shifts.get(key)
        if now is None:
            yield key, _("{place}, {when}, is no shift any more", **facts)
        elif (now.starts, now.ends) != (shift.starts, shift.ends):
            yield key, _("{place}, {when}, is at {now} by now", **facts, now=hours_of(now))
    for key, shift in ground.shifts.items():
        if key not in newest.shifts:
            yield key, _("{place}, {when}, is new and has nobody", place=place_of(shift), when=hours_of(shift))
