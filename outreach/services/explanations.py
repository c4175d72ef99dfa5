"""Why a household has its officer, in plain sentences made from the facts the plan kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from outreach.domain.people import Officer
from outreach.messages import _, current_language
from outreach.services.territories import HouseholdView


def explain_assignment(view: HouseholdView) -> str:
    """Why a household has its officer: who is nearer and why it is not them, what draws, who had it before."""
    if view.assigned is not None and view.officer is None:
        return _("Nobody holds the post {post}: import the officer who does.", post=view.assigned.post)
    if view.assigned is None or view.officer is None:
        return _("No officer yet: run 'outreach household assign'.")
    text = ""
    for sentence in _sentences(view, view.officer, view.assigned.why):
        text = _("{first} {second}", first=text, second=sentence) if text else sentence
    return text


def _sentences(view: HouseholdView, officer: Officer, why: Mapping[str, Any]) -> Iterator[str]:
    def far(name: str) -> str:
        return f"{why.get(name, 0):.0f} {view.unit}"

    def name_of(post: str) -> str:
        return view.holders[post].name if post in view.holders else post

    name, nearest = officer.name, name_of(str(why["nearest"]))
    if view.patched:
        yield _("The officers have no places of their own; the household lies in {name}'s patch.", name=name)
    elif why["rank"] == 1:
        yield _("{name} is the nearest officer, {distance} away.", name=name, distance=far("distance_m"))
    else:
        facts = {"name": name, "distance": far("distance_m"), "closer": why["rank"] - 1}
        yield _("{name} is {distance} away; {closer} officers are nearer.", **facts)
        yield from _why_not_the_nearest(view, name, nearest, why)
    if why.get("pull_m"):
        reasons = _reasons(str(why["pull_why"]))
        yield _("{name} counts as {metres} nearer: {reasons}.", name=name, metres=far("pull_m"), reasons=reasons)
    if why.get("barred") and not view.patched:
        yield _(
            "{barred}, at {distance}, would be nearer but is excluded from this household.",
            barred=name_of(str(why["barred"])),
            distance=far("barred_m"),
        )
    if why.get("moved"):
        before = name_of(str(why["holder"]))
        if why.get("gone"):
            yield _("Post {post} ({before}) had it before and cannot keep it.", post=why["holder"], before=before)
        else:
            yield _("Post {post} ({before}) had it before.", post=why["holder"], before=before)


def _why_not_the_nearest(view: HouseholdView, name: str, nearest: str, why: Mapping[str, Any]) -> Iterator[str]:
    """The nearest is full, or this officer needs the household, or a move would not be worth it."""
    unit = view.unit
    facts = {"name": name, "nearest": nearest, "nearest_m": f"{why['nearest_m']:.0f} {unit}"}
    if why.get("kept_m"):
        saved = f"{why['kept_m']:.0f} {unit}"
        yield _("It stays with {name}, who had it: {nearest} is {saved} nearer, which is not worth a move.",
                saved=saved, **facts)  # fmt: skip
        return
    closer, full, kept = int(why["rank"]) - 1, int(why.get("nearer_full", 0)), int(why.get("nearer_kept", 0))
    if why["nearest_full"]:
        yield _(
            "The nearest, {nearest} at {nearest_m}, has a full share: {count} households, {hard} of them hard.",
            count=why["nearest_count"],
            hard=why["nearest_hard"],
            **facts,
        )
        if why.get("next"):
            more = f"{why['next_m'] - why['nearest_m']:.0f} {unit}"
            yield _("The next nearest is {more} further.", more=more)
        if closer == full > 1:
            yield _("The others who are nearer are full too.")
        elif full > 1:
            yield _("Of the others who are nearer, {count} are full too.", count=full - 1)
        if full and closer > full and why["base_needed"]:
            yield _("The rest could take one more, but {name} would have too few.", name=name)
    elif why["base_needed"]:
        yield _("The nearest, {nearest} at {nearest_m}, could take one more, but {name} would have too few.", **facts)
        if full:
            yield _("{count} of those who are nearer are full.", count=full)
    if kept and not view.patched:
        yield from _price_of_moves(view, kept, closer)


def _price_of_moves(view: HouseholdView, count: int, closer: int) -> Iterator[str]:
    """Why `count` of `closer`, who are full, gave nobody up for it: the plan's price of a move, where it had one."""
    if view.moves in ("free", 0):
        return
    if count == closer:
        yield _("Whoever is nearer could take it only by giving another household up.")
    else:
        yield _("{count} of those who are nearer could take it only by giving another household up.", count=count)
    if view.moves == "fewest":
        yield _(
            "The plan in force was made by the rule that as few households as possible change their officer "
            "(moves = fewest)."
        )
    else:
        price = f"{view.moves:g}"
        yield _(
            "The plan in force counts every change of officer as {price} (moves = {moves}).",
            price=f"{price} {view.unit}",
            moves=price,
        )


def _reasons(codes: str) -> str:
    words = {
        "compound": _("lives in the same compound"),
        "neighbourhood": _("lives in the same community"),
        "employer": _("worked for the same employer"),
        "language": _("speaks the household's language"),
    }
    return ("、" if current_language() == "zh" else ", ").join(words.get(code, code) for code in codes.split(","))
