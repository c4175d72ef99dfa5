"""Campaign files: every fault at once, each with its place; new campaigns; lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.errors import BadInput, Conflict, Fault, NotFound
from outreach.services.campaign_check import check_campaign
from outreach.services.campaigns import campaign_digest, list_campaigns, load_campaign, new_campaign


def faults_of(town: Any, *changes: tuple[str, str]) -> list[Fault]:
    town.edit_campaign(*changes)
    with pytest.raises(BadInput) as caught:
        check_campaign(town.workspace, "town")
    return list(caught.value.faults)


def places(town: Any, faults: list[Fault]) -> list[str]:
    """Where the faults are, behind the file they all name."""
    file = f"{town.campaign_file}, "
    assert all(fault.where.startswith(file) for fault in faults), [fault.where for fault in faults]
    assert all(fault.what and fault.mend for fault in faults)
    return sorted(fault.where.removeprefix(file) for fault in faults)


def test_a_campaign_in_order_is_loaded_whole(bare_town: Any) -> None:
    campaign = check_campaign(bare_town.workspace, "")
    assert (campaign.name, campaign.languages) == ("town", ("zh", "en"))
    assert (campaign.starts, campaign.ends) == (dt.date(2005, 3, 1), dt.date(2005, 6, 30))
    assert campaign.bureaus["en"].name == "Town Renewal Bureau"
    assert campaign.texts["zh"].papers == ("身份证", "户口簿")
    assert [flight.id for flight in campaign.flights] == [
        "letter-first", "card-all", "notice-doors", "crawl-spring", "sms-march", "booth-mayday",
    ]  # fmt: skip
    # One for each whole-day flight, 7 x 2 crawls, one SMS, 3 x 2 shifts.
    assert len(campaign.placements()) == 3 + 14 + 1 + 6


SPOKEN = [f"flights[{number}].message" for number in (3, 4, 5)]
STAFF = 'staff = ["G01", "G02", "G03", "G04"]\n'
SECOND_BOOTH = """
[[flights]]
id = "booth-again"
channel = "booth"
starts = 2005-05-02
ends = 2005-05-02
times = ["09:00-10:00"]
place_zh = "长途汽车站"
place_en = "long-distance bus station"
heads = 1
staff = ["G09"]

[[flights]]
id = "flag"
channel = "balloon"
starts = 2005-05-02
ends = 2005-05-02

[[flights]]
id = "hall-late"
channel = "hall"
starts = 2005-06-01
ends = 2005-07-09
times = ["8 o'clock"]
message = "unheard"
"""


def test_every_fault_is_found_in_one_pass_with_file_path_and_mend(bare_town: Any) -> None:
    faults = faults_of(
        bare_town,
        ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Shanghai"\ncolour = "red"'),
        ('hotline = "0700-5550100"', 'hotline = "ask Wang"'),
        ('name = "Town Renewal Bureau"', 'name = "Town Renewal Bureau"\nfax = "0700-5550109"'),
        ('description = "Thirty households"\n', ""),
        ('slogan = "However far you go"\n', ""),
        ('aims = ["All know"]', 'aims = ["All know", " "]'),
        ("请找{{ officer.name }}", "请找{{ officer.nickname }}"),
        ('en = "A lapsed pension can be renewed."\n', ""),
        ("starts = 2005-03-07\nends = 2005-03-11", "starts = 2005-02-07\nends = 2005-03-11"),
        ("seconds = 60\nloops = 2", "seconds = 5\nloops = 9"),
        ('remove_by = 2005-04-30', 'remove_by = 2005-03-01'),
        (STAFF, STAFF + SECOND_BOOTH),
    )  # fmt: skip
    assert places(bare_town, faults) == [
        "audience.en.description",
        "bureau.en.fax",
        "bureau.hotline",
        "colour",
        "flight 'crawl-spring' (zh)",
        "flights[0].starts",
        "flights[2].remove_by",
        "flights[6] 'booth-again'",
        "flights[7].channel",
        "flights[8].ends",
        "flights[8].message",
        "flights[8].times",
        "messages[0].en",
        "texts.en.aims",
        "texts.en.slogan",
        "texts.zh.letter[1]",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('name = "town"', 'name = "city"', ["name"]),
        ("ends = 2005-06-30\ntimezone", "ends = 2005-02-01\ntimezone", ["ends"]),
        ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Nowhere"', ["timezone"]),
        ('languages = ["zh", "en"]', 'languages = ["zh", "fr"]', ["languages"]),
        ('id = "renew"', 'id = "Renew it"', [*SPOKEN, "messages[0].id"]),
        ('id = "card-all"', 'id = "letter-first"', ["flights[1].id"]),
        ("starts = 2005-03-14\nends = 2005-03-18", "starts = 2005-03-18\nends = 2005-03-14", ["flights[2].ends"]),
        ("heads = 2", "heads = 5", ["flights[5].staff"]),
        ('place_zh = "长途汽车站"\nplace_en = "long-distance bus station"\n', "", ["flights[5].place_zh"]),
        ("[bureau.en]", "[bureau.fr]", ["bureau.en", "bureau.fr"]),
        ("households = 30", 'households = "many"', ["audience.households"]),
        ("starts = 2005-03-01\nends = 2005-06-30\nt", 'starts = "soon"\nends = 2005-06-30\nt', ["starts"]),
        ("[[messages]]", "[messages]", [*SPOKEN, "messages"]),
    ],
)  # fmt: skip
def test_one_mistake_is_one_place(bare_town: Any, old: str, new: str, expected: list[str]) -> None:
    found = set(places(bare_town, faults_of(bare_town, (old, new))))
    if old == "ends = 2005-06-30\ntimezone":
        # Every flight then lies outside the campaign, too.
        found = {place for place in found if not place.startswith("flights[")}
    assert found == set(expected)


def test_one_post_at_two_booths_at_once_names_both(bare_town: Any) -> None:
    booth = bare_town.campaign_file.read_text("utf-8").partition('[[flights]]\nid = "booth-mayday"')[2]
    booth = booth.replace("长途汽车站", "市内站").replace("long-distance bus", "city")
    (fault,) = faults_of(bare_town, (STAFF, f'{STAFF}[[flights]]\nid = "booth-city"{booth}'))
    assert "flights[6] 'booth-city'" in fault.where
    assert "G01 is on duty at 'booth-mayday' and 'booth-city' at once on 2005-05-01 08:00" in fault.what


@pytest.mark.parametrize(
    "text",
    ["texts = 5\n", 'flights = "none"\n', "[texts]\nzh = 'words'\n", "[[flights]]\nid = ['a']\nchannel = ['b']\n", ""],
)
def test_a_file_that_is_hardly_a_campaign_is_refused_in_words(bare_town: Any, text: str) -> None:
    bare_town.campaign_file.write_text(text, "utf-8")
    with pytest.raises(BadInput) as caught:
        check_campaign(bare_town.workspace, "town")
    found = places(bare_town, list(caught.value.faults))
    assert {"name", "starts", "ends"} <= set(found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("content", [b"name = ", "name = '续'".encode("gb18030")])
def test_a_file_that_is_no_toml_or_no_utf8_is_refused_in_one_sentence(bare_town: Any, content: bytes) -> None:
    bare_town.campaign_file.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        load_campaign(bare_town.workspace, "town")
    (fault,) = caught.value.faults
    assert str(bare_town.campaign_file) in fault.where


def test_a_file_with_a_byte_order_mark_is_read(bare_town: Any) -> None:
    text = bare_town.campaign_file.read_text("utf-8")
    bare_town.campaign_file.write_text(text, "utf-8-sig")
    assert load_campaign(bare_town.workspace, "town").name == "town"


def test_a_campaign_that_is_not_there_names_those_that_are(bare_town: Any) -> None:
    with pytest.raises(NotFound, match="town"):
        load_campaign(bare_town.workspace, "nowhere")
    with pytest.raises(NotFound):
        load_campaign(bare_town.workspace, "../town")
    assert {"town", "yingcheng"} <= set(list_campaigns(bare_town.workspace))


def test_a_new_campaign_starts_from_another_and_is_in_order(bare_town: Any) -> None:
    path = new_campaign(bare_town.workspace, "next-year", like="town")
    assert path == bare_town.root / "campaigns" / "next-year" / "campaign.toml"
    assert check_campaign(bare_town.workspace, "next-year").name == "next-year"
    assert campaign_digest(bare_town.workspace, "next-year") != campaign_digest(bare_town.workspace, "town")


def test_a_new_campaign_takes_its_name_however_the_old_one_is_written(bare_town: Any) -> None:
    bare_town.edit_campaign(('name = "town"', "name='town'  # ours"))
    new_campaign(bare_town.workspace, "next", like="town")
    assert check_campaign(bare_town.workspace, "next").name == "next"


def test_a_new_campaign_takes_nobodys_place_and_needs_a_plain_name(bare_town: Any) -> None:
    with pytest.raises(Conflict):
        new_campaign(bare_town.workspace, "town", like="yingcheng")
    for name in ("", "../out", "Next", "宣传", "-x", "a b", "a" * 62):
        with pytest.raises(BadInput):
            new_campaign(bare_town.workspace, name, like="town")
    assert sorted(path.name for path in (bare_town.root / "campaigns").iterdir()) == ["town"]


def test_the_shipped_campaign_is_in_order(bare_town: Any) -> None:
    assert check_campaign(bare_town.workspace, "yingcheng").households == 7000
