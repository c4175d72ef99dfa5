"""Words that are printed and aired as they stand: no tags, no phone of long ago, no sign that no font has."""

from __future__ import annotations

from typing import Any

import pytest

from outreach.errors import BadInput, Fault
from outreach.services.campaign_check import check_campaign
from outreach.services.campaigns import load_campaign
from outreach.services.content import content_values
from outreach.services.materials import make_material
from outreach.services.plain_words import tag_faults

ZH, EN = 'zh = "养老保险断了能续上。"', 'en = "A lapsed pension can be renewed."'
PLAIN = '[[messages]]\nid = "plain"\nzh = "续保"\nen = "Renew"\n\n[[flights]]\nid = "letter-first"'
SMS_ALONE = (
    ('["19:35", "21:10"]\nmessage = "renew"', '["19:35", "21:10"]\nmessage = "plain"'),
    ('"13:00-17:00"]\nmessage = "renew"', '"13:00-17:00"]\nmessage = "plain"'),
    ('[[flights]]\nid = "letter-first"', PLAIN),
)


def faults_of(town: Any, *changes: tuple[str, str]) -> list[Fault]:
    town.edit_campaign(*changes)
    with pytest.raises(BadInput) as caught:
        check_campaign(town.workspace, "town")
    assert all(fault.where.startswith(f"{town.campaign_file}, ") for fault in caught.value.faults)
    return list(caught.value.faults)


def places(town: Any, faults: list[Fault]) -> list[str]:
    return [fault.where.removeprefix(f"{town.campaign_file}, ") for fault in faults]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('title = "续保季"', 'title = "{{ nosuch }}"', "texts.zh.title"),
        ('slogan = "However far you go"', 'slogan = "{% for x in %}"', "texts.en.slogan"),
        ('papers = ["身份证", "户口簿"]', 'papers = ["身份证", "户口簿{# 原件"]', "texts.zh.papers[1]"),
        ('promise = ["Phones answered"]', 'promise = ["Ask {{ officer.name"]', "texts.en.promise[0]"),
        ('name = "小镇续保服务局"', 'name = "{{ campaign.title }}局"', "bureau.zh.name"),
        ('description = "断保的三十户"', 'description = "{{ x }}户"', "audience.zh.description"),
        ('place_zh = "长途汽车站"', 'place_zh = "{{ place }}"', "flights[5].place_zh"),
        (EN, 'en = "{{ campaign.slogan }}"', "messages[0].en 'renew'"),
    ],
)  # fmt: skip
def test_a_tag_in_a_plain_text_is_found_by_the_check_and_stops_every_making(
    town: Any, old: str, new: str, place: str
) -> None:
    # Where a crawl says the text too, its flight is named after it.
    assert places(town, faults_of(town, (old, new)))[0] == place
    for kind in ("poster", "press", "board", "booklet"):
        with pytest.raises(BadInput, match="printed or aired as it stands"):
            make_material(town.office, "", kind)
    assert not list((town.root / "out").rglob("*.pdf"))


def test_tags_stay_allowed_in_letters_and_in_messages_for_sms_alone(town: Any) -> None:
    town.edit_campaign((ZH, 'zh = "{{ person.name }}您好，请续保。"'), *SMS_ALONE)
    campaign = check_campaign(town.workspace, "town")
    # What is written to one person is not among the messages a board or a newspaper shows everybody.
    assert content_values(town.workspace, campaign, "zh")["messages"] == ["续保"]
    assert content_values(town.workspace, campaign, "en")["messages"] == ["A lapsed pension can be renewed.", "Renew"]


def test_a_comment_tag_is_refused_even_in_a_message_for_sms_alone(town: Any) -> None:
    faults = faults_of(town, (ZH, 'zh = "请续保{# 三月 #}。"'), *SMS_ALONE)
    assert "messages[0].zh 'renew'" in places(town, faults)


def test_a_message_with_tags_that_no_flight_sends_is_refused() -> None:
    raw = {"messages": [{"id": "idle", "zh": "{{ person.name }}"}], "flights": [{"channel": "sms", "message": "other"}]}
    assert [fault.where for fault in tag_faults(raw, "campaign.toml")] == ["campaign.toml, messages[0].zh 'idle'"]


def test_after_a_change_of_the_hotline_every_text_with_the_old_one_is_named(bare_town: Any) -> None:
    old = (
        (ZH, 'zh = "续保请打 0700-5550100。"'),
        (EN, 'en = "Call (0700) 555 0100 or +86 700 5550100."'),
        ('lead = "从前缴过的都给您记着。"', 'lead = "打０７００－５５５０１００。"'),
        ('letter = ["Payments', 'letter = ["{% if officer.name %}Ring 07005550100.{% endif %} Payments'),
    )
    bare_town.edit_campaign(*old)
    check_campaign(bare_town.workspace, "town")
    faults = faults_of(bare_town, ('hotline = "0700-5550100"', 'hotline = "0700-5550200"'))
    assert places(bare_town, faults) == [
        "texts.zh.lead", "texts.en.letter[0]", "messages[0].zh 'renew'",
        "messages[0].en 'renew'", "messages[0].en 'renew'",
    ]  # fmt: skip
    assert "0700-5550100 is neither the hotline nor the complaint phone" in faults[0].what


@pytest.mark.parametrize(
    "words",
    [
        "请打 0700-5550100，12月31日截止", "打0700-5550100 2次", "投诉 0700 555 0112", "0700-5550100转12",
        "找组长 121 0555 0004", "打 12333", "8:00-22:00，2005-03-01 起", "四千元 4,000.00",
    ],
)  # fmt: skip
def test_the_bureaus_phones_mobiles_and_other_figures_are_left_alone(bare_town: Any, words: str) -> None:
    bare_town.edit_campaign((ZH, f'zh = "{words}"'))
    check_campaign(bare_town.workspace, "town")


@pytest.mark.parametrize(
    ("sign", "named"),
    [(r"\u202E", "U+202E"), (r"\u0007", "U+0007"), ("😀", r"'😀' (U+1F600)"), (r"\U0002A6A5", "(U+2A6A5)")],
)
def test_signs_no_font_has_are_found_wherever_they_stand(bare_town: Any, sign: str, named: str) -> None:
    faults = faults_of(
        bare_town,
        ('title = "续保季"', f'title = "续保{sign}季"'),
        (EN, f'en = "A lapsed pension{sign}"'),
        ('name = "Town Renewal Bureau"', f'name = "Town{sign} Bureau"'),
        ('description = "断保的三十户"', f'description = "断保{sign}"'),
        ('place_en = "long-distance bus station"', f'place_en = "bus{sign} station"'),
        ('letter = ["您家已断缴', f'letter = ["{sign}您家已断缴'),
    )
    found = [fault for fault in faults if named in fault.what]
    assert set(places(bare_town, found)) == {
        "bureau.en.name", "audience.zh.description", "texts.zh.title", "texts.zh.letter[0]",
        "messages[0].en 'renew'", "flights[5].place_en",
    }  # fmt: skip
    assert len(found) == len(faults) == 6


def test_a_fallback_font_no_folder_has_is_said_by_the_check(bare_town: Any) -> None:
    settings = bare_town.root / "outreach.toml"
    settings.write_text(settings.read_text("utf-8").replace("fallback = []", 'fallback = ["Nosuch"]'), "utf-8")
    with pytest.raises(BadInput, match="no font is named 'Nosuch'"):
        check_campaign(bare_town.reopen().workspace, "town")


def test_the_shipped_campaign_loads_with_all_its_messages_for_the_board(bare_town: Any) -> None:
    campaign = load_campaign(bare_town.workspace, "yingcheng")
    assert len(content_values(bare_town.workspace, campaign, "zh")["messages"]) == 8
