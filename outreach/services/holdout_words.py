"""What a hold-out will show and what it shows, in sentences that claim no more than the draw allows."""

from __future__ import annotations

from outreach.messages import _
from outreach.planning.hold_out import Comparison
from outreach.services.holdouts import Drawn, HoldOutResult, StepResult

_FEW_CLUSTERS = 10
"""With fewer drawn units in an arm the interval is too narrow; the dealing out is not."""


def drawn_words(drawn: Drawn) -> list[str]:
    """How many are held, and the smallest difference that will show."""
    facts = {"held": drawn.held, "open": drawn.open, "points": f"{drawn.detectable * 100:.1f}"}
    said = [
        _(
            "With {held} households held and {open} worked with, a difference of {points} points or more "
            "will be found in 80 of 100 such draws; a smaller one may stay unseen.",
            **facts,
        )
    ]
    if min(drawn.clusters_held, drawn.clusters - drawn.clusters_held) < _FEW_CLUSTERS:
        said.append(
            _(
                "Only {count} units would be held: that is few to compare by. A smaller unit shows more.",
                count=drawn.clusters_held,
            )
        )
    return said


def result_words(found: HoldOutResult) -> list[str]:
    """The result of every step, then what weakens it."""
    said = [sentence for step in found.steps for sentence in _step_words(step)]
    if found.held_tried:
        facts = {"tried": found.held_tried, "met": found.held_met}
        said.append(
            _(
                "{tried} held households were tried nevertheless, {met} of them met. They count as held, as they were "
                "drawn, so the difference is rather too small than too great.",
                **facts,
            )
        )
    if found.open_untried:
        said.append(
            _(
                "{count} households of the other arm were not tried by anybody; they count as worked with, as drawn.",
                count=found.open_untried,
            )
        )
    if found.gone:
        said.append(_("{count} households were merged or erased since and count in no arm.", count=found.gone))
    return said


def step_label(step: str) -> str:
    """A step of the ledger in words."""
    return {"paid": _("paid"), "registered": _("registered")}[step]


def _step_words(step: StepResult) -> list[str]:
    if step.comparison is None:
        return [_("{step}: one arm is empty, there is nothing to compare.", step=step_label(step.step))]
    return [*_difference_words(step, step.comparison), *_doubt_words(step, step.comparison)]


def _difference_words(step: StepResult, both: Comparison) -> list[str]:
    held, worked = both.held, both.open
    said = [
        _(
            "{step}: {held_hits} of {held} households left alone ({held_share}), {open_hits} of {open} worked with "
            "({open_share}).",
            step=step_label(step.step),
            held_hits=held.hits,
            held=held.homes,
            held_share=f"{held.hits / held.homes:.1%}",
            open_hits=worked.hits,
            open=worked.homes,
            open_share=f"{worked.hits / worked.homes:.1%}",
        )
    ]
    if both.difference is None:
        said.append(_("One unit in an arm is too few to say how sure the difference is."))
        return said
    facts = {
        "value": f"{both.difference.value * 100:+.1f}",
        "low": f"{both.difference.low * 100:+.1f}",
        "high": f"{both.difference.high * 100:+.1f}",
        "chance": f"{both.by_chance * 100:.1f}",
    }
    if both.difference.low > 0 or both.difference.high < 0:
        said.append(
            _(
                "Difference {value} points, 95 per cent sure: {low} to {high}. The draw alone gives as much in "
                "{chance} of 100 cases.",
                **facts,
            )
        )
    else:
        said.append(
            _(
                "Difference {value} points, but it may be anything from {low} to {high}: no effect can be told. The "
                "draw alone gives as much in {chance} of 100 cases.",
                **facts,
            )
        )
    return said


def _doubt_words(step: StepResult, both: Comparison) -> list[str]:
    said = []
    if both.difference is not None and min(both.held.clusters, both.open.clusters) < _FEW_CLUSTERS:
        said.append(_("An arm has few units: trust the cases of 100 more than the interval."))
    if step.earlier:
        said.append(
            _("{count} households had taken the step before it began and count in neither arm.", count=step.earlier)
        )
    return said
