"""Days and months as people type them on the command line."""

from __future__ import annotations

import datetime as dt

import click
import pytest

from outreach.cli.moments import DAY, MOMENT, MONTH


@pytest.mark.parametrize(
    "typed", ["2005-06-20", "2005.6.20", "2005/6/20", "2005年6月20日", "２００５年６月２０日", "20050620", " 2005-6-20"]
)
def test_a_day_is_taken_in_every_form_the_tables_take(typed: str) -> None:
    assert DAY.convert(typed, None, None) == dt.datetime(2005, 6, 20)  # noqa: DTZ001 - as click's own


@pytest.mark.parametrize("typed", ["2005-06-20 18:30", "2005.6.20 18:30", "2005年6月20日 18:30", "20050620T18:30"])
def test_a_moment_is_taken_in_every_form_of_its_day(typed: str) -> None:
    assert MOMENT.convert(typed, None, None) == dt.datetime(2005, 6, 20, 18, 30)  # noqa: DTZ001 - as click's own


@pytest.mark.parametrize("typed", ["2005.2.30", "2005-13-01", "200506", "2005", "6月20日", "2005.6.20.1", "-2005.6.20"])
def test_what_is_no_day_is_refused_and_shown_as_it_was_typed(typed: str) -> None:
    with pytest.raises(click.BadParameter) as refused:
        DAY.convert(typed, None, None)
    assert f"'{typed}'" in str(refused.value)


@pytest.mark.parametrize("typed", ["2005-06-14 24:00", "2005年6月14日 24：00", "2005.6.14T18:75"])
def test_a_wrong_hour_is_called_an_hour_not_a_day(typed: str) -> None:
    with pytest.raises(click.BadParameter, match="there is no such hour as in"):
        MOMENT.convert(typed, None, None)
    with pytest.raises(click.BadParameter, match="there is no such day"):
        MOMENT.convert(typed.replace("14", "31"), None, None)


@pytest.mark.parametrize("typed", ["2005-05", "2005-5", "2005/5", "2005.5", "2005年5月", "200505", "２００５年５月"])
def test_a_month_is_taken_in_every_usual_form(typed: str) -> None:
    assert MONTH.convert(typed, None, None) == "2005-05"


@pytest.mark.parametrize("typed", ["", "May 2005", "05-2005", "2005-05-01"])
def test_what_is_no_month_is_left_as_it_is_for_the_service_to_refuse(typed: str) -> None:
    assert MONTH.convert(typed, None, None) == typed
