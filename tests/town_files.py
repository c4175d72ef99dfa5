"""The files the small town's staff would write: its campaign, its officers, its households. All of it is invented."""

from __future__ import annotations

import csv
import io

CAMPAIGN = """\
format = 1
name = "town"
starts = 2005-03-01
ends = 2005-06-30
timezone = "Asia/Shanghai"
languages = ["zh", "en"]

[bureau]
hotline = "0700-5550100"
complaint_phone = "0700-5550112"
hours = "08:00-22:00"

[bureau.zh]
name = "小镇续保服务局"
address = "小镇云鹤路 9 号"

[bureau.en]
name = "Town Renewal Bureau"
address = "9 Yunhe Road"

[audience]
households = 30

[audience.zh]
description = "断保的三十户"

[audience.en]
description = "Thirty households"

[texts.zh]
title = "续保季"
slogan = "走得再远，养老接得上"
lead = "从前缴过的都给您记着。"
visits = "每周三晚上门。"
aims = ["家家知道"]
promise = ["电话有人接"]
policy = ["年限合在一起算"]
papers = ["身份证", "户口簿"]
letter = ["您家已断缴 {{ household.months_lapsed }} 个月。", "请找{{ officer.name }}，{{ officer.mobile }}。"]

[texts.en]
title = "Renewal Season"
slogan = "However far you go"
lead = "What you paid is on record."
visits = "Wednesday evenings."
aims = ["All know"]
promise = ["Phones answered"]
policy = ["Years are added together"]
papers = ["Identity card"]
letter = ["Payments stopped {{ household.months_lapsed }} months ago.", "Ask {{ officer.name }}, {{ officer.mobile }}."]

[[messages]]
id = "renew"
zh = "养老保险断了能续上。"
en = "A lapsed pension can be renewed."

[[flights]]
id = "letter-first"
channel = "letter"
starts = 2005-03-07
ends = 2005-03-11

[[flights]]
id = "card-all"
channel = "card"
starts = 2005-03-01
ends = 2005-06-30

[[flights]]
id = "notice-doors"
channel = "notice"
starts = 2005-03-14
ends = 2005-03-18
remove_by = 2005-04-30

[[flights]]
id = "crawl-spring"
channel = "crawl"
starts = 2005-03-07
ends = 2005-03-13
times = ["19:35", "21:10"]
message = "renew"
station = "小镇电视台"
seconds = 60
loops = 2

[[flights]]
id = "sms-march"
channel = "sms"
starts = 2005-03-10
ends = 2005-03-10
times = ["10:00"]
message = "renew"
sign_zh = "小镇续保"
sign_en = "Town"
opt_out_zh = "回TD退订"
opt_out_en = "Reply STOP"

[[flights]]
id = "booth-mayday"
channel = "booth"
starts = 2005-05-01
ends = 2005-05-03
times = ["08:00-12:00", "13:00-17:00"]
message = "renew"
place_zh = "长途汽车站"
place_en = "long-distance bus station"
heads = 2
staff = ["G01", "G02", "G03", "G04"]
"""

OFFICER_FIELDS = ("工号", "姓名", "岗位", "职务", "科室", "手机", "宅电", "办公电话", "经度", "纬度")
HOUSEHOLD_FIELDS = (
    "户号", "姓名", "关系", "性别", "手机", "社区", "小区", "楼栋", "门栋", "单元", "楼层", "房号",
    "经度", "纬度", "原单位", "断保月数", "难易", "外出务工",
)  # fmt: skip


def officer_rows() -> list[dict[str, str]]:
    """Four officers, one at each corner of the town."""
    return [
        {
            "工号": f"Y0{n}",
            "姓名": name,
            "岗位": f"G0{n}",
            "职务": "科员",
            "科室": "续保科",
            "手机": f"1210555000{n}",
            "宅电": f"0700-555001{n}",
            "办公电话": f"0700-555002{n}",
            "经度": f"{113.5 + 0.03 * (n % 2):.4f}",
            "纬度": f"{30.9 + 0.03 * (n // 3):.4f}",
        }
        for n, name in enumerate(("梁若舟", "欧阳青禾", "司马远", "安"), start=1)
    ]


def household_rows() -> list[dict[str, str]]:
    """30 households with 40 persons: every third is a couple, every fourth hard, every fifth away."""
    rows: list[dict[str, str]] = []
    for n in range(30):
        home = {
            "户号": f"H{n + 1:03d}",
            "社区": ("城东社区", "城西社区")[n // 15],
            "小区": ("槐荫小区", "棉纺宿舍")[n // 5 % 2],
            "楼栋": ("2", "10")[n // 3 % 2],
            "门栋": "",
            "单元": "1",
            "楼层": str(n % 6 + 1),
            "房号": f"{n % 6 + 1}0{n % 3 + 1}",
            "经度": f"{113.5 + 0.001 * n:.4f}",
            "纬度": f"{30.9 + 0.0007 * (n * 7 % 30):.4f}",
            "难易": "难" if n % 4 == 0 else "一般",
            "外出务工": "是" if n % 5 == 0 else "否",
        }
        surname = "王李张刘陈杨赵黄周吴"[n % 10]
        given = "晨悦安宁川"[n // 10 + n % 3]
        person = {"姓名": surname + given, "关系": "本人", "性别": "男", "手机": f"121055501{n:02d}"}
        rows.append(home | person | {"原单位": "棉纺厂", "断保月数": str(10 + n)})
        if n % 3 == 0:
            spouse = {"姓名": f"林{given}", "关系": "配偶", "性别": "女", "手机": ""}
            rows.append(home | spouse | {"原单位": "农机厂", "断保月数": str(5 + n)})
    return rows


def csv_bytes(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
