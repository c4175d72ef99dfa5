"""The vocabulary of contacts as people look it up: outcomes by channel, with paper codes and AAPOR's."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.channels import channels
from outreach.domain.contact import outcomes_on
from outreach.domain.walk_list import CODE_OF
from outreach.errors import BadInput
from outreach.messages import _


@dataclass(frozen=True, slots=True)
class OutcomeCode:
    """One outcome. code: the two digits written on paper. in_person, phone: AAPOR's codes, '' where it has none.

    channels: the counted ones it can happen on.
    """

    code: str
    outcome: str
    zh: str
    en: str
    channels: tuple[str, ...]
    contact: bool
    reached: bool
    in_person: str
    phone: str


def list_codes(channel: str = "") -> list[OutcomeCode]:
    """The outcomes in order of their codes; channel: only those that can happen on it. Raises BadInput."""
    counted = [key for key, one in channels().items() if one.counted]
    if channel and channel not in counted:
        what = _("'{name}' is no channel whose reach is counted", name=channel)
        raise BadInput.at("--channel", what, _("choose one of {names}", names=", ".join(counted)))
    wanted = set(outcomes_on(channel)) if channel else set(CODE_OF)
    return [
        OutcomeCode(
            code=code,
            outcome=outcome.value,
            zh=outcome.label("zh"),
            en=outcome.label("en"),
            channels=tuple(key for key in counted if outcome.happens_on(key)),
            contact=outcome.contact,
            reached=outcome.reached,
            in_person=outcome.aapor,
            phone=outcome.aapor_on("call") if outcome.happens_on("call") else "",
        )
        for outcome, code in sorted(CODE_OF.items(), key=lambda pair: pair[1])
        if outcome in wanted
    ]
