"""What tries teach: counted over arrays for a city, it is what counting them household by household gives."""

import datetime as dt
import random
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from outreach.domain.contact import Disposition
from outreach.domain.people import Difficulty
from outreach.planning.holidays import work_calendar
from outreach.planning.ladder import Past
from outreach.planning.lessons import Lessons, Moments
from outreach.planning.many_lessons import Homes, ManyLessons
from outreach.planning.returns import Window
from outreach.planning.tries import Band, Column, Kind, Prior, learn

BANDS = (Band(480, 720), Band(720, 840), Band(1080, 1290))
HOME = [Window("may", dt.date(2005, 5, 1), dt.date(2005, 5, 7), False)]
KIND = Kind(Difficulty.NORMAL, migrant=False, works=True)
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Made:
    """A try as the store gives it."""

    def __init__(self, at: dt.datetime, outcome: str, channel: str = "visit") -> None:
        self.at_ms = int(at.timestamp() * 1000)
        self.channel = channel
        self.person = 0
        self.disposition = Disposition(outcome)


def moments(zone=SHANGHAI) -> Moments:
    return Moments(zone, work_calendar(), HOME, BANDS)


def on(day: int, hour: int) -> dt.datetime:
    return dt.datetime(2005, 4, day, hour, tzinfo=SHANGHAI)


def test_once_somebody_was_found_later_tries_teach_nothing_about_hours() -> None:
    tries = [Made(on(12, 9), "nobody_home"), Made(on(13, 19), "refused"), Made(on(14, 19), "nobody_home")]
    first, second, third = moments().lessons(tries, KIND)
    assert (first.slot, first.reason, first.contact) == ((Column.TUE, 0), "", False)
    assert (second.slot, second.reason, second.contact) == ((Column.WED, 2), "", True)
    assert (third.slot, third.reason) == ((Column.THU, 2), "found")


def test_what_the_hour_did_not_decide_is_left_out_with_its_reason() -> None:
    away = KIND._replace(migrant=True)
    april, may = on(12, 9), dt.datetime(2005, 5, 3, 9, tzinfo=SHANGHAI)
    for made, kind, reason in (
        (Made(april, "nobody_home"), away, "away"),
        (Made(april, "no_answer", "call"), away, ""),
        (Made(may, "nobody_home"), away, ""),
        (Made(april, "vacant"), KIND, "timeless"),
        (Made(on(12, 23), "nobody_home"), KIND, "hours"),
    ):
        (lesson,) = moments().lessons([made], kind)
        assert lesson.reason == reason
    assert not list(moments().lessons([Made(april, "sent", "letter")], KIND))


def test_tries_are_told_by_the_day_of_the_clock_on_the_wall() -> None:
    late = dt.datetime(2005, 4, 12, 17, tzinfo=dt.UTC)
    assert moments().past([Made(late, "nobody_home")]) == [Past("visit", dt.date(2005, 4, 13), Disposition.NOBODY_HOME)]


# Clocks are put forward on 27 March 2005 in Berlin, and half an hour in October on Lord Howe Island.
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"])
@pytest.mark.parametrize("seed", range(3))
def test_counting_over_arrays_is_counting_household_by_household(zone: str, seed: int) -> None:
    source = random.Random(seed)
    where = moments(ZoneInfo(zone))
    rows = [
        (key, None, source.random() < 0.1, source.choice(list(Difficulty)).value, source.random() < 0.3, key % 2 == 0)
        for key in range(3, 1803, 3)
    ]
    merged = source.sample(range(len(rows)), 10)
    for gone in merged[:5]:
        key, _none, *rest = rows[gone]
        rows[gone] = (key, rows[merged[5]][0], *rest)
    homes = Homes(rows)
    spring, autumn = dt.datetime(2005, 3, 27, tzinfo=dt.UTC), dt.datetime(2005, 10, 29, tzinfo=dt.UTC)
    made = []
    for number in range(4000):
        begin = source.choice((spring, autumn, dt.datetime(2005, 3, 1, tzinfo=dt.UTC)))
        length = 36 * 60 if begin in (spring, autumn) else 250 * 24 * 60
        at_ms = int((begin + dt.timedelta(minutes=source.randrange(length))).timestamp() * 1000) + number % 1000
        outcome = source.choice([*Disposition, *[Disposition.NOBODY_HOME] * 60]).value
        corrects = "another" if source.random() < 0.003 else ""
        channel = source.choice(("visit", "visit", "call", "letter", "hall"))
        made.append((source.choice(rows)[0], at_ms, channel, outcome, corrects))
    made += [(key, at_ms, "visit", "nobody_home", "") for key, at_ms, *_rest in source.sample(made, 20)]
    source.shuffle(made)
    many = ManyLessons(where, homes)
    for start in range(0, len(made), 700):
        many.take(*zip(*made[start : start + 700], strict=True))
    counted, left = many.count()

    one_by_one = Lessons(where)
    read_as = {key: into or key for key, into, *_rest in rows}
    in_lists = {key for key, into, gone, *_rest in rows if into is None and not gone}
    for household in sorted(in_lists):
        own = sorted(one for one in made if read_as[one[0]] == household)
        own.sort(key=lambda one: one[1])
        told = household in left
        assert told == (len({one[1] for one in own}) < len(own) or any(one[4] for one in own))
        tries = []
        for _key, at_ms, channel, outcome, _corrects in own:
            one = Made(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), outcome, channel)
            one.at_ms = at_ms
            tries += [] if told or outcome == "withdrawn" else [one]
        one_by_one.add(str(household), homes.kind(household), tries)
    assert counted.left_out == one_by_one.left_out
    for channel, tallies in one_by_one.tallies.items():
        found = counted.tallies[channel]
        assert (found.whole, found.kinds, found.times) == (tallies.whole, tallies.kinds, tallies.times)
        assert (found.pairs, found.cells) == (tallies.pairs, tallies.cells)
        alike = Counter((kind, time, count) for (_home, kind, time), count in tallies.homes.items())
        assert found.alike == alike
        assert found.whole[0] > 50
        assert learn(found, Prior()).strengths == learn(tallies, Prior()).strengths


def test_nothing_tried_is_nothing_learnt() -> None:
    lessons, left = ManyLessons(moments(), Homes([])).count()
    assert not left
    assert lessons.tallies["visit"].whole == (0, 0)
    many = ManyLessons(moments(), Homes([(1, None, False, "hard", False, False)]))
    many.take([1], [0], ["letter"], ["sent"], [""])
    lessons, left = many.count()
    assert lessons.tallies["visit"].whole == lessons.tallies["call"].whole == (0, 0)
