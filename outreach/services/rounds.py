"""Everybody a making may be for: officers by post, each post's households in walking order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from outreach.domain.campaign import Campaign
from outreach.domain.people import Household, Officer
from outreach.errors import Conflict, NotFound
from outreach.messages import _
from outreach.planning.walk import walk_order
from outreach.services.household_codes import not_listed
from outreach.services.office import Office


@dataclass(frozen=True, slots=True)
class Between:
    """Two instants whose states are compared, after everything that happened at each; None: the present."""

    before: dt.datetime
    after: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of a making is wanted; empty means all. posts, households: their codes.

    placement: the placement, or its flight, that messages to persons are made for; the next one where empty.
    only: of the pieces the rest takes in, those of these slots (`PieceSpec.slot`); all where None. lists: numbers of
    walk lists; the live ones where empty. phones: whether such lists show households' phones in full.
    between: of kinds about handovers, the changes of officer between two instants; each household's last where None.
    """

    posts: tuple[str, ...] = ()
    households: tuple[str, ...] = ()
    placement: str = ""
    only: frozenset[tuple[str, int, str, str]] | None = None
    lists: tuple[int, ...] = ()
    phones: bool = False
    between: Between | None = None


EVERYTHING = Choice()


@dataclass(frozen=True, slots=True)
class Round:
    """One post's officer and households in walking order."""

    officer: Officer
    homes: tuple[Household, ...]


@dataclass(frozen=True, slots=True)
class Everybody:
    """Everybody: households by code, the officer of each post that is held, the post of each household."""

    homes: Mapping[str, Household]
    officers: Mapping[str, Officer]
    posts: Mapping[str, str]

    def wanted(self, home: Household, choice: Choice) -> bool:
        """Whether the choice takes this household in."""
        return (not choice.households or home.code in choice.households) and (
            not choice.posts or self.posts[home.code] in choice.posts
        )

    def by_post(self) -> dict[str, list[Household]]:
        """Every post's households in walking order, posts in order of their codes."""
        groups: dict[str, list[Household]] = {post: [] for post in sorted(set(self.posts.values()))}
        for home in walk_order(self.homes.values()):
            groups[self.posts[home.code]].append(home)
        return groups


def rounds(office: Office, campaign: Campaign, choice: Choice = EVERYTHING) -> list[Round]:
    """Every chosen post's households in walking order, posts in order of their codes.

    Raises Conflict where households have no officer yet or a post is held by nobody, NotFound for an unknown choice.
    """
    return rounds_of(everybody_of(office, campaign, choice), choice)


def rounds_of(everybody: Everybody, choice: Choice) -> list[Round]:
    """The rounds of `everybody` that the choice takes in; raises Conflict for a vacant post."""
    groups = everybody.by_post().items()
    found = {post: tuple(home for home in homes if everybody.wanted(home, choice)) for post, homes in groups}
    found = {post: homes for post, homes in found.items() if homes}
    refuse_vacant(post for post in found if post not in everybody.officers)
    return [Round(everybody.officers[post], homes) for post, homes in found.items()]


def everybody_of(office: Office, campaign: Campaign, choice: Choice) -> Everybody:
    """Everybody as the store has them; raises Conflict before an assignment, NotFound for an unknown choice."""
    with office.store.read() as unit:
        homes = unit.rosters.households()
        officers = unit.rosters.officers()
        assigned = unit.territories.present(campaign.name)
        for code in choice.households:
            if code not in homes:
                raise not_listed(unit, code)
    for post in choice.posts:
        if post not in officers:
            raise NotFound.at(post, _("there is no such post"), _("see 'outreach officer list'"))
    if not homes:
        raise Conflict.at(
            _("the roster"), _("holds no households"), _("import it with 'outreach household import FILE'")
        )
    lacking = len(homes.keys() - assigned.keys())
    if lacking:
        raise Conflict.at(
            campaign.name,
            _("{count} households have no officer yet", count=lacking),
            _("run 'outreach household assign'"),
        )
    return Everybody(homes, officers, {code: assigned[code].post for code in homes})


def refuse_vacant(posts: Iterable[str]) -> None:
    """Raise Conflict where any of the posts is held by nobody."""
    vacant = sorted(set(posts))
    if vacant:
        raise Conflict.at(
            ", ".join(vacant), _("nobody holds this post"), _("import the officer who does, or assign again")
        )
