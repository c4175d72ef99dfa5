"""The JSON contract of docs/json.md, and that no phone or ID number leaves unasked."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from outreach.domain.directory import phone_printed
from outreach.services.users import system_login
from outreach.services.walk_planning import plan_walks
from tests.conftest import use_store

PAGE = Path(__file__).parents[2] / "docs" / "json.md"
ID_NUMBER = "990199196702029013"

CALLS = {
    "campaign list": "campaign list",
    "campaign show": "campaign show",
    "campaign check": "campaign check",
    "campaign calendar": "campaign calendar",
    "campaign plan": "campaign plan",
    "campaign picture": "campaign picture gantt --to gantt.svg",
    "days year": "days year 2005",
    "days show": "days show 2005-02-09",
    "days due": "days due 2005-02-04",
    "days steps": "days steps {cases}",
    "days differences": "days differences",
    "household import": "household import {roster}",
    "household list": "household list",
    "household show": "household show H001",
    "household assign": "household assign",
    "household walk": "household walk G01",
    "household plans": "household plans",
    "walk plan": "walk plan --days 14",
    "walk list": "walk list",
    "walk show": "walk show 1",
    "walk withdraw": "walk withdraw 1",
    "walk export": "walk export --all --format gpx --to {taken}",
    "household exclude": "household exclude H001 Y01 --reason kin",
    "household exclusions": "household exclusions",
    "household history": "household history H001",
    "officer handover": "officer handover --since 2005-01-01",
    "officer history": "officer history G01",
    "officer import": "officer import {officers}",
    "officer list": "officer list",
    "material list": "material list",
    "material list KIND": "material list letter",
    "material make": "material make sms",
    "household suppress": "household suppress H001 --reason asked",
    "household suppressions": "household suppressions",
    "household touched": "household touched",
    "household unsuppress": "household unsuppress {suppression}",
    "sms recipients": "sms recipients --placement sms-march-20050310-1",
    "qa list": "qa list --campaign yingcheng",
    "qa show": "qa show phones --campaign yingcheng",
    "qa search": "qa search 电话 --campaign yingcheng",
    "qa drift": "qa drift --campaign county",
    "run list": "run list",
    "run show": "run show 1",
    "run resume": "run resume 1",
    "run verify": "run verify 1",
    "run recall": "run recall",
    "run state": "run state 1 handed_over --pieces 1-3",
    "run scan": "run scan handed_over {codes} --run 1",
    "run states": "run states 1",
    "account import": "account import {accounts}",
    "account show": "account show H001",
    "account due": "account due H001 --date 2005-01-10",
    "contact record (attempt)": "contact record H001 informed --at 2005-03-08",
    "contact record (milestone)": "contact record H001 paid --amount 12.50 --at 2005-03-09",
    "contact import": "contact import {contacts}",
    "contact codes": "contact codes",
    "contact entrance": "contact entrance 城东社区槐荫小区2 31 --officer Y01 --at 2005-03-08 --yes",
    "contact enter": "contact enter 1",
    "contact withdraw": "contact withdraw {fact} --reason mistake",
    "household record": "household record H001",
    "contact due": "contact due --on 2005-06-15",
    "contact simulate": "contact simulate --each 1 --seeds 1",
    "followup open": "followup open promise H001 --due 2099-01-05 --about card",
    "followup move": "followup move {promise} --due 2099-01-06",
    "followup withdraw": "followup withdraw {promise} --reason mistyped",
    "followup answer": "followup answer {complaint} --result done",
    "followup list": "followup list",
    "followup overdue": "followup overdue",
    "case import": "case import {cases}",
    "case list": "case list",
    "case step": "case step C1 1 --on 2005-02-10",
    "mail returned": "mail returned {piece} --reason moved",
    "mail proposals": "mail proposals",
    "mail accept": "mail accept {proposal} --address 城西社区棉纺宿舍10栋1单元502室",
    "mail refuse": "mail refuse {proposal} --reason asked",
    "notice list": "notice list",
    "notice due": "notice due",
    "notice photo": "notice photo 1 1 {photo}",
    "leave import": "leave import {leave}",
    "leave add": "leave add G01 --from 2005-05-01 --to 2005-05-01 --reason asked",
    "leave list": "leave list",
    "leave lift": "leave lift {away}",
    "booth plan": "booth plan",
    "booth show": "booth show",
    "booth publish": "booth publish",
    "booth set": "booth set booth-mayday-20050501-1 G01",
    "booth lock": "booth lock booth-mayday-20050501-1 G01",
    "booth unlock": "booth unlock booth-mayday-20050501-1 G01",
    "booth calendar": "booth calendar",
    "booth export": "booth export {wall}",
    "duty plan": "duty plan --from 2005-05-01 --to 2005-05-02",
    "duty show": "duty show",
    "duty publish": "duty publish",
    "duty set": "duty set duty-20050501-1 G01",
    "duty lock": "duty lock duty-20050501-1 G01",
    "duty unlock": "duty unlock duty-20050501-1 G01",
    "duty calendar": "duty calendar",
    "duty export": "duty export {wall}",
    "phone import": "phone import {agencies}",
    "phone list": "phone list",
    "phone set": "phone set G01 mobile 12105559998 --by G01",
    "phone changes": "phone changes",
    "phone draw": "phone draw 3",
    "phone check": "phone check 1 1 good",
    "phone rank": "phone rank",
    "contact export": "contact export facts.log",
    "contact merge": "contact merge facts.log",
    "contact audit": "contact audit",
    "survey draw": "survey draw --every",
    "survey list": "survey list",
    "survey sheet": "survey sheet 1",
    "survey enter": "survey enter 1 1 confirmed",
    "survey result": "survey result 1",
    "report outcomes": "report outcomes",
    "report monthly": "report monthly 2005-05",
    "report explain": "report explain 2005-05/town/all/homes/end",
    "household erase": "household erase H001 --reason asked --yes",
    "household erasures": "household erasures",
    "household duplicates": "household duplicates",
    "household distinct": "household distinct H001 H002 --reason seen",
    "household merge": "household merge H001 H002 --yes",
    "household unmerge": "household unmerge H002",
    "household merges": "household merges",
    "campaign expire": "campaign expire",
    "duty phones": "duty phones --from 2005-05-01",
    "ledger import": "ledger import {ledger} --month 2005-05",
    "ledger list": "ledger list",
    "ledger review": "ledger review --next",
    "ledger match": "ledger match 1-2 H002",
    "ledger refuse": "ledger refuse 1-2",
    "ledger undo": "ledger undo 1-1",
    "ledger unmatched": "ledger unmatched --to open.xlsx",
    "ledger cohorts": "ledger cohorts",
    "holdout draw": "holdout draw trial --share 40 --unit household --ends 2099-12-31",
    "holdout list": "holdout list",
    "holdout end": "holdout end trial",
    "holdout result": "holdout result trial",
    "report coverage": "report coverage",
    "air rates": "air rates",
    "air show": "air show",
    "air plan": "air plan --budget 900",
    "air import": "air import {aired}",
    "air check": "air check",
    "air record": "air record crawl-spring-20050307-1 --state missed",
    "air makegood": "air makegood --from 2005-04-01",
    "report funnel": "report funnel",
    "report times": "report times",
    "report staffing": "report staffing --from 2005-05-01",
    "user add": "user add chief --role manager --passphrase-file {words}",
    "user list": "user list",
    "user end": "user end liang",
    "user whoami": "user whoami",
    "trail show": "trail show",
    "trail verify": "trail verify",
    "store check": "store check",
    "store backup": "store backup {backup}",
    "store restore": "store restore {backup}",
    "store copy": "store copy sqlite:///{copied}",
    "store seal": "store seal",
    "store unseal": "store unseal",
    "check": "check",
}


def _documented() -> dict[str, tuple[str, list[str]]]:
    """command -> what it prints, and its keys, as the page says."""
    found = {}
    for row in PAGE.read_text("utf-8").splitlines():
        if match := re.fullmatch(r"\| `([a-zA-Z ]+)`( \(\w+\))? \| (an? [^|]*)\|(.*)\|", row):
            keys = re.findall(r"`(\w+)`", match[4].partition(";")[0])
            found[match[1] + (match[2] or "")] = (match[3].strip(), keys)
    return found


@pytest.fixture
def files(town: Any) -> dict[str, Path]:
    years = 'years = [{ from = "1990-01", to = "2199-12", base_yuan = 612, rate_percent = 20 }]'
    payment = f'[payment]\nsource_zh = "x"\nsource_en = "x"\n{years}\n'
    town.edit_campaign(("[[messages]]\n", payment + "[[messages]]\n"))
    account = {"户号": "H001", "人员序号": "1", "年度": "2003", "缴费月数": "12", "缴费基数": "500", "缴费金额": "1200"}
    contacts = [{"户号": "H003", "渠道": "上门", "时间": "2005-03-08 18:30", "结果": "已讲清", "服务卡": ""}]
    codes = town.root / "codes.txt"
    codes.write_text("H001\nH002\n", "utf-8")
    words = town.root / "words.txt"
    words.write_text("a lamp in the window\n", "utf-8")
    card = [
        {"媒体": "小镇电视台", "渠道": "字幕", "刊播时间": "19:35", "秒数": "60", "刊例价": "80", "受众比例": "0.2"}
    ]
    town.table(card, "rates.csv").replace(town.campaign_file.with_name("rates.csv"))
    first = town.household_rows()[2]
    paid = [
        {"姓名": first["姓名"], "手机": first["手机"], "身份证号": "", "到账日期": "2005-05-08", "缴费金额": "1200"},
        {"姓名": "轩辕不在", "手机": "", "身份证号": ID_NUMBER, "到账日期": "2005-05-09", "缴费金额": "800"},
    ]
    aired = [{"播出日期": "2005-03-07", "播出时间": "19:36", "频道": "小镇电视台", "时长": "60"}]
    return {
        "aired": town.table(aired, "aired.csv"),
        "ledger": town.table(paid, "ledger.csv"),
        "codes": codes,
        "words": words,
        "backup": town.root / "monday.db",
        "copied": town.root / "copied.db",
        "roster": town.table([row | {"手机": "12105559999"} for row in town.household_rows()], "roster.csv"),
        "officers": town.table([row | {"宅电": "0700-5559999"} for row in town.officer_rows()], "officers.csv"),
        "contacts": town.table(contacts, "contacts.csv"),
        "leave": town.table([{"工号": "Y01", "开始日期": "2005-05-01", "结束日期": "2005-05-02"}], "leave.csv"),
        "wall": town.root / "wall.csv",
        "taken": town.root / "taken",
        "cases": town.table([{"案件号": "C1", "申请日期": "2005-02-04"}], "cases.csv"),
        "agencies": town.table([{"机构编号": "A01", "机构名称": "东办", "咨询电话": "0700-5550100"}], "agencies.csv"),
        "accounts": town.table([account | {"账户余额": "1200"}], "accounts.csv"),
    }


def _stop(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_the_page_and_the_commands_name_each_other(call: Any) -> None:
    assert sorted(_documented()) == sorted(CALLS)


def prepare(call: Any, town: Any, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Do in the town what must be there before `command` can be called."""
    if command.startswith("run"):
        with monkeypatch.context() as stopped:
            if command == "run resume":
                stopped.setattr("outreach.services.runs._finish", _stop)
            kind = "letter" if command.startswith(("run sta", "run scan")) else "crawl"
            assert call("material", "make", kind, at=town.root).code == (130 if command == "run resume" else 0)
    if command.startswith("followup"):
        due = ("--due", "2099-01-05", "--about", "card")
        files["promise"] = call("followup", "open", "promise", "H002", *due, at=town.root).out.strip()
        files["complaint"] = call("followup", "open", "complaint", "--who", "Zhao", *due, at=town.root).out.strip()
    if command.startswith("case") and command != "case import":
        assert call("case", "import", files["cases"], at=town.root).code == 0
    if command.startswith(("mail", "notice")):
        assert call("material", "make", "letter" if command.startswith("mail") else "notice", at=town.root).code == 0
        assert call("run", "state", 1, "posted", at=town.root).code == 0
        hung = call("run", "states", 1, "--state", "posted", "--json", at=town.root).json["pieces"]
        files["piece"] = hung[0]["piece"]["code"]
    if command.startswith("mail") and command != "mail returned":
        asked = call("mail", "returned", files["piece"], "--reason", "moved", "--json", at=town.root).json
        files["proposal"] = asked[0]["proposal"]
    if command == "notice photo":
        files["photo"] = town.root / "photo.png"
        Image.new("RGB", (64, 48), "red").save(files["photo"])
    if command.startswith("walk ") and command != "walk plan":
        assert call("walk", "plan", "--days", 14, at=town.root).code == 0
    if command == "qa drift":
        assert call("campaign", "new", "county", "--like", "yingcheng", at=town.root).code == 0
        mine, base = (town.root / "campaigns" / name for name in ("county/qa.toml", "base.toml"))
        mine.rename(base)
        mine.write_text('format = 1\nover = "../base.toml"\n[[remove]]\nid = "phones"\nwhy = "x"\n', "utf-8")
    if command in ("phone check", "phone rank"):
        assert call("phone", "draw", 3, at=town.root).code == 0
    if command == "phone rank":
        assert call("phone", "check", 1, 1, "good", at=town.root).code == 0
    if command == "phone changes":
        assert call("phone", "set", "G01", "mobile", "12105559998", "--by", "G01", at=town.root).code == 0
    if command.startswith("survey") and command != "survey draw":
        assert call("survey", "draw", "--every", at=town.root).code == 0
    if command == "contact enter":
        plan_walks(town.office, "", days=14)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"1 31\nq\n")))
    if command == "household touched":
        assert call("contact", "record", "H001", "informed", "--campaign", "yingcheng", at=town.root).code == 0
    if command in ("contact withdraw", "household record"):
        files["fact"] = call("contact", "record", "H001", "informed", "--json", at=town.root).json["id"]
    if command == "contact merge":
        assert call("contact", "export", "facts.log", at=town.root).code == 0
    if "suppress" in command:
        files["suppression"] = call("household", "suppress", "H002", "--reason", "asked", at=town.root).out.strip()
    if command == "household erasures":
        assert call("household", "erase", "H001", "--reason", "asked", "--yes", at=town.root).code == 0
    if command == "campaign expire":
        settings = town.root / "outreach.toml"
        settings.write_text(settings.read_text("utf-8").replace("[privacy]\n", "[privacy]\nkeep_days = 90\n"), "utf-8")
    if command in ("household unmerge", "household merges"):
        assert call("household", "merge", "H001", "H002", "--yes", at=town.root).code == 0
    if command == "household exclusions":
        assert call("household", "exclude", "H002", "Y02", "--reason", "kin", at=town.root).code == 0
    if command.startswith("ledger") and command != "ledger import":
        assert call("ledger", "import", files["ledger"], "--month", "2005-05", at=town.root).code == 0
    if command.startswith("holdout") and command != "holdout draw":
        assert call(*CALLS["holdout draw"].split(), at=town.root).code == 0
    if command.startswith("leave"):
        days = ("--from", "2005-04-01", "--reason", "asked")
        files["away"] = call("leave", "add", "G02", *days, at=town.root).out.strip()
    if command in ("user list", "user end"):
        assert call("user", "add", system_login(), "--role", "manager", at=town.root).code == 0
        assert call("user", "add", "liang", "--role", "officer", "--officer", "Y01", at=town.root).code == 0
    if command == "store restore":
        assert call("store", "backup", files["backup"], at=town.root).code == 0
        use_store(town.root, "sqlite:///again.db")  # the old one is open here, and nothing replaces it then
    if command == "store unseal":
        assert call("store", "seal", at=town.root).code == 0
    if command.startswith(("booth", "duty")):
        told = ["--publish"] if command.endswith("calendar") else []
        days = ("--from", "2005-05-01", "--to", "2005-05-02")
        assert call(command.split(maxsplit=1)[0], "plan", *days, *told, at=town.root).code == 0


@pytest.mark.parametrize("command", CALLS)
def test_a_command_prints_the_keys_the_page_promises(
    call: Any, town: Any, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    prepare(call, town, files, monkeypatch, command)
    prints, keys = _documented()[command]
    found = call(*CALLS[command].format(**files).split(), "--json", at=town.root).json
    if prints == "a list of names":
        assert all(isinstance(item, str) for item in found)
    elif prints == "a list of objects":
        assert found
        assert all(list(item) == keys for item in found)
    else:
        assert list(found) == keys


def test_pieces_are_shown_only_when_asked_for(call: Any, town: Any) -> None:
    call("material", "make", "letter", "--post", "G01", at=town.root)
    assert "pieces" not in call("run", "show", 1, "--json", at=town.root).json
    pieces = call("run", "show", 1, "--pieces", "--json", at=town.root).json["pieces"]
    assert [piece["number"] for piece in pieces] == list(range(1, len(pieces) + 1))


def test_codes_in_json_are_the_same_in_every_language(call: Any, town: Any) -> None:
    found = [call("household", "list", "--json", at=town.root, lang=lang).json for lang in ("zh", "en")]
    assert found[0] == found[1]


PRIVATE = [
    *[f"121055501{n:02d}" for n in range(30)],
    *[f"1210555000{n}" for n in range(1, 5)],
    *[f"0700-555001{n}" for n in range(1, 5)],
    "12105559999",
    "0700-5559999",
    ID_NUMBER,
]


def _leaks(text: str) -> list[str]:
    forms = {form for one in PRIVATE for form in (one, one.replace("-", ""), _printed(one))}
    return sorted(form for form in forms if form in text)


def _printed(number: str) -> str:
    return number if number == ID_NUMBER else phone_printed(number)


SHOWING = [
    "household list",
    "household show H002",
    "household record H002",
    "household walk G01",
    "household import {roster}",
    "officer list",
    "officer import {officers}",
    "phone list",
    "run show 1",
]


@pytest.mark.parametrize("form", ["--json", ""])
@pytest.mark.parametrize("command", SHOWING)
def test_phones_and_id_numbers_are_masked_unless_asked_for(
    call: Any, town: Any, files: dict[str, Path], command: str, form: str
) -> None:
    rows = [row | {"身份证号": ID_NUMBER if row["户号"] == "H002" else ""} for row in town.household_rows()]
    assert call("household", "import", town.table(rows, "ids.csv"), at=town.root).code == 0
    if command.startswith("run"):
        assert call("material", "make", "letter", "--post", "G01", at=town.root).code == 0
    arguments = [*command.format(**files).split(), *([form] if form else [])]
    masked = call(*arguments, at=town.root)
    assert masked.code == 0
    assert _leaks(masked.out + masked.err) == []
    if command.endswith("}"):  # an import is done now; as a change it can be seen only once
        return
    if command == "household list" and not form:  # the table has no column for them
        return
    assert _leaks(call(*arguments, "--unmask", at=town.root).out)


def test_the_id_number_shows_when_asked_for(call: Any, town: Any) -> None:
    rows = [row | {"身份证号": ID_NUMBER if row["户号"] == "H002" else ""} for row in town.household_rows()]
    call("household", "import", town.table(rows, "ids.csv"), at=town.root)
    (person,) = call("household", "show", "H002", "--json", at=town.root).json["persons"]
    assert person["id_number"] == "990*************13"
    (person,) = call("household", "show", "H002", "--json", "--unmask", at=town.root).json["persons"]
    assert person["id_number"] == ID_NUMBER


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_an_export_is_masked_unless_asked_for(call: Any, town: Any, tmp_path: Path, ending: str) -> None:
    from outreach.intake.tables import read_tables

    def text(*options: str) -> str:
        target = tmp_path / f"roster{ending}"
        assert call("household", "export", target, *options, at=town.root).code == 0
        return str(read_tables(target))

    assert _leaks(text()) == []
    assert _leaks(text("--unmask"))


def test_the_bureaus_own_numbers_are_public(call: Any, town: Any) -> None:
    call("material", "make", "letter", "--post", "G01", at=town.root)
    facts = call("run", "show", 1, "--json", at=town.root).json["facts"]
    assert {"kind": "phone", "subject": "bureau hotline", "value": "0700-5550100", "pieces": [[1, 8]]} in facts
