"""Words on air and on phones, measured as their channels measure them."""

from __future__ import annotations

from typing import Any

from outreach.services.words import measure_texts


def test_a_crawl_is_measured_against_its_slot(town: Any) -> None:
    (found,) = measure_texts(town.workspace, "", "crawl")
    assert (found.flight, found.channel, found.language) == ("crawl-spring", "crawl", "zh")
    assert "养老保险断了能续上" in found.text
    assert found.count.limit_s == 60
    assert found.count.seconds <= 60
    assert found.count.fault is None


def test_an_sms_is_counted_in_parts_in_each_language(town: Any) -> None:
    (zh,) = measure_texts(town.workspace, "", "sms")
    (en,) = measure_texts(town.workspace, "", "sms", "en")
    assert zh.text.startswith("【小镇续保】")
    assert zh.text.endswith("回TD退订")
    assert zh.count.sms is not None
    assert (zh.count.sms.encoding, zh.count.sms.parts) == ("UCS-2", 1)
    assert "Town" in en.text
    assert en.count.sms is not None
    assert (en.count.sms.encoding, en.count.sms.parts) == ("GSM-7", 1)


def test_a_kind_no_flight_uses_has_no_texts(town: Any) -> None:
    assert measure_texts(town.workspace, "", "radio") == []
    assert measure_texts(town.workspace, "", "banner") == []
