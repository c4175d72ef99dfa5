"""What people write into a cell instead of a value: words for nothing, marks for what stands above, names not known."""

from __future__ import annotations

import re

from outreach.messages import _

NOTHING = frozenset(
    "无 / \\ - -- － — —— 暂无 没有 空 无电话 无手机 无号码 无身份证 无证件 未提供 未填 未登记 "
    "不详 不明 未知 none n/a nil".split()
)
"""In a cell for a number or a part of an address these say that there is none; half-width, without blanks or case."""

DITTO = frozenset('〃 〞 " "" “ ” ″ -"- -〃- \'\' ,, „ 同上 同左 同前 如上 ditto'.split())
"""Marks for 'as above'. Rows are sorted and copied, so what stands above may be another household by now."""

DITTO_WORDS = ("同上", "同左", "同前", "如上")
"""Those that an address may begin with: 同上 502室."""

NO_NAMES = frozenset("待定 待查 待核 待补 未定 待确认 离异 离婚 丧偶 未婚 单身 姓名 户主".split())
"""What stands in columns of names and is nobody's."""

NO_ADDRESSES = frozenset("地址不详 住址不详 地址不明 住址不明 地址未知 无地址 无住址 地址无 不清楚 不清".split())

_UNREADABLE = re.compile("[?\ufffd□■▯〓*]")
_NOTED = re.compile(r"[(\[【〔][^)\]】〕]+[)\]】〕]|已故|去世|死亡|病故")
_COMPOUND_SURNAMES = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 "
    "公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 闾丘 公西 拓跋 百里 东郭 呼延 轩辕 西门 第五 梁丘 左丘".split()
)


def is_nothing(text: str) -> bool:
    """Whether a cell's text says that there is no value."""
    return text.casefold() in NOTHING


def what_hinders_a_name(text: str) -> tuple[str, str] | None:
    """Why a text (half-width, blanks as they stand) is no one person's name, and how to mend it; None where it is."""
    facts = {"value": text}
    if text in NO_NAMES:
        mend = _("write the name, or leave the cell empty where there is nobody")
        return _("'{value}' is no name", **facts), mend
    if _UNREADABLE.search(text):
        mend = _("type the whole name; write a rare character with an input method that knows it")
        return _("the name '{value}' holds a sign that stands for a lost or hidden one", **facts), mend
    if _NOTED.search(text):
        mend = _("leave only the name; write the rest as a note, and take out whoever is not to be visited")
        return _("'{value}' says more than a name", **facts), mend
    if any(sign.isdigit() for sign in text):
        return _("the name '{value}' holds figures", **facts), _("write the name, and a number in its own column")
    first, *others = text.split()
    if others and not text.isascii() and min(map(len, (first, *others))) >= 2 and first not in _COMPOUND_SURNAMES:
        mend = _("give each person a row; write one person's name without a blank, or with ·")
        return _("'{value}' looks like more than one name", **facts), mend
    return None
