"""The public bulletin on check calls: who answered, how well, and how sure a few calls make anybody."""

from __future__ import annotations

from pathlib import Path

from outreach.domain.hotline import CheckResult, PhoneKind, Ranked
from outreach.messages import _
from outreach.render.document import Block, Grid, Heading, Paragraph, make_document
from outreach.services.campaigns import load_campaign
from outreach.services.endings import refuse_other_endings
from outreach.services.office import Office, write_whole
from outreach.services.phone_checks import Calls, rank_phones


def write_bulletin(office: Office, campaign_name: str, by: str, calls: Calls, target: Path, language: str) -> Path:
    """Write the bulletin as .docx: the ranking by 'agency', 'area' or 'kind' with its intervals; returns `target`.

    The campaign's bureau issues it. Raises NotFound without a campaign, and BadInput for another ending.
    """
    refuse_other_endings(target, ".docx")
    campaign = load_campaign(office.workspace, campaign_name)
    bureau = campaign.bureaus.get(language) or campaign.bureaus[campaign.languages[0]]
    ranked = rank_phones(office, by, calls)
    every = sum(sum(one.counts.values()) for one in ranked)
    told = sum(one.conclusive for one in ranked)
    unverified = every - told
    good = sum(one.counts[CheckResult.GOOD] for one in ranked)
    days = " – ".join(str(day) for day in (calls.since, calls.until) if day) or _("to {day}", day=office.now().date())
    blocks: list[Block] = [
        Paragraph(_("Issued by {bureau} on {day}.", bureau=bureau.name, day=office.now().date())),
        Paragraph(
            _(
                "{days}: {every} check calls; {told} told something, {good} of them ({share:.0f} per cent) were "
                "answered well.",
                days=days,
                every=every,
                told=told,
                good=good,
                share=100 * good / max(told, 1),
            )
        ),
        Heading(_("Ranking")),
        Grid(
            [_("Rank"), group_label(by), _("Conclusive calls"), _("Answered well"), _("95 per cent sure"),
             *(one.label(language) for one in CheckResult if one is not CheckResult.GOOD)],
            [_row(one, by, language) for one in ranked],
        ),
    ]  # fmt: skip
    if unverified:
        blocks.append(
            Paragraph(
                _("{count} calls could not be verified; they count for nobody and against nobody.", count=unverified)
            )
        )
    blocks.append(
        Paragraph(
            _(
                "Numbers were drawn by chance. The interval is Wilson's: with few calls it is wide, and places whose "
                "intervals overlap are not told apart by this check."
            ),
            small=True,
        )
    )
    write_whole(target, make_document(_("Bulletin on check calls"), blocks, lying=True))
    return target


def group_label(by: str) -> str:
    """What calls are grouped by, as the heading of a column."""
    return {"agency": _("Agency or officer"), "area": _("Area or section"), "kind": _("Kind")}[by]


def _row(one: Ranked, by: str, language: str) -> list[str]:
    """A line of the ranking; one whose calls could all not be verified stands in it without a rank."""
    name = PhoneKind(one.name).label(language) if by == "kind" else one.name or "-"
    others = [str(count) for result, count in one.counts.items() if result is not CheckResult.GOOD]
    if one.share is None:
        return ["–", name, "0", "–", "–", *others]
    share = f"{one.counts[CheckResult.GOOD]} ({one.share.value:.0%})"
    sure = f"{one.share.low:.0%} – {one.share.high:.0%}"
    return [str(one.rank), name, str(one.conclusive), share, sure, *others]
