"""What the keyboard may say of a list: short lines, and a sentence for everything else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.contact import Disposition
from outreach.errors import BadInput
from outreach.services.entry_lines import Doors, Totals, Verb, letters_in_words, read_line

DAY = dt.date(2005, 6, 15)


def read(text: str) -> object:
    return read_line(text, DAY, "visit")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("7 31", Doors((7,), Disposition.NOBODY_HOME)),
        ("31", Doors((), Disposition.NOBODY_HOME)),
        ("7 31 1930", Doors((7,), Disposition.NOBODY_HOME, at=dt.time(19, 30))),
        ("7 31 9:05", Doors((7,), Disposition.NOBODY_HOME, at=dt.time(9, 5))),
        ("8 12 c", Doors((8,), Disposition.CARD_HANDED, left=("card",))),
        ("12 cl", Doors((), Disposition.CARD_HANDED, left=("card", "letter"))),
        ("9-12 31", Doors((9, 10, 11, 12), Disposition.NOBODY_HOME)),
        ("3,5-6,5 31", Doors((3, 5, 6), Disposition.NOBODY_HOME)),
        (
            "5 11 crdm .2 @0620 #带 户口簿",
            Doors((5,), Disposition.INFORMED, None, ("card",), ("registration", "declaration"), True, 2,
                  dt.date(2005, 6, 20), "带 户口簿"),
        ),
        ("11 @0101", Doors((), Disposition.INFORMED, promise=dt.date(2006, 1, 1))),
        ("11 @2006-02-03", Doors((), Disposition.INFORMED, promise=dt.date(2006, 2, 3))),
        # A Chinese keyboard in full width, with its own marks.
        (
            "９－１２　３１　１９：３０　＃不在",
            Doors((9, 10, 11, 12), Disposition.NOBODY_HOME, dt.time(19, 30), note="不在"),
        ),
        ("3，5 31", Doors((3, 5), Disposition.NOBODY_HOME)),
        ("9 至 10 31", Doors((9, 10), Disposition.NOBODY_HOME)),
        ("U", Verb.UNDO),
        ("ｑ！", Verb.WRITE_ANYHOW),
        ("？", Verb.HELP),
        ("t", Verb.TOTALS),
        ("t 31=12 12=0", Totals({"31": 12, "12": 0})),
        ("   ", None),
    ],
)  # fmt: skip
def test_a_short_line_says_what_happened(text: str, said: object) -> None:
    assert read(text) == said


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("7", "no code is written"),
        ("7 77", "'77' is no code of a list of doors"),
        ("7 61", "'61' is no code of a list of doors"),  # a busy line does not happen at a door
        ("7 31 2561", "'2561' is no hour of the day"),
        ("7 31 1930 1940", "two hours are written"),
        ("7 12 z", "'z' stands for nothing"),
        ("12-9 31", "'12-9' runs backwards"),
        ("7 31 @0631", "'@0631' is no day"),
        ("hello", "'hello' is no line and no code"),
        ("7 31 =", "'=' is not understood"),
        ("u u", "'u' stands alone"),
        ("t 31", "is no total of a code"),
        ("t 99=3", "is no total of a code"),
        ("#forgotten", "a note alone"),
        ("7 31 #" + "很" * 700, "the line is too long"),
    ],
)
def test_what_says_nothing_is_told_in_one_sentence(text: str, what: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(text)
    (fault,) = caught.value.faults
    assert what in fault.what
    assert "\n" not in fault.sentence()


def test_the_codes_of_doors_are_named_where_one_is_mistyped() -> None:
    with pytest.raises(BadInput) as caught:
        read("7 77")
    mend = caught.value.faults[0].mend
    assert "31 nobody home" in mend
    assert "43 vacant home" in mend
    assert "61" not in mend


@given(st.text(max_size=40) | st.text(alphabet="0123456789 -,.:@#=utsqx!?clnpdrm～－，３１至\x00\ud800", max_size=40))
def test_any_rubbish_gets_one_sentence_and_never_a_traceback(text: str) -> None:
    try:
        said = read(text)
    except BadInput as error:
        (fault,) = error.faults
        sentence = fault.sentence()
        assert sentence
        assert sentence.isprintable()
        sentence.encode()
    else:
        assert said is None or isinstance(said, Doors | Totals | Verb)


def test_every_letter_is_explained() -> None:
    assert letters_in_words() == (
        "c card, l letter, n notice, p poster, r new-registration form, d payment-declaration form, "
        "m the six musts kept"
    )


def test_the_docs_count_the_keystrokes_of_twenty_doors_right() -> None:
    codes = "31 31 12c 31 31 11m 31 31 31 12c 31 22 31 31 12c 31 21 31 12c 31".split()
    alone = [f"{code[:2]} {code[2:]}".strip() for code in codes]
    numbered = [f"{line} {text}" for line, text in enumerate(alone, start=1)]
    ranges = ["1-20 31", "3,10,15,19 12 c", "6 11 m", "12 22", "17 21"]
    end = ["31=13 12=4 11=1 22=1 21=1", "q"]
    said = [read(text) for text in (*alone, *numbered, *ranges)]
    assert all(isinstance(one, Doors) for one in said)
    page = (Path(__file__).parents[2] / "docs" / "contacts.md").read_text("utf-8")
    for way, lines in (("codes alone", alone), ("with line numbers", numbered), ("the others over it", ranges)):
        keys, more = (sum(len(text) + 1 for text in typed) for typed in (lines, end))
        assert f"{way} | {keys} | {more} | {keys + more} |" in page
