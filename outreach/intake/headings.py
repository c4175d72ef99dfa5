"""What a column is called: Chinese and English headings -> the fields of each kind of table."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from outreach.intake.planning_headings import NOTE, PLANNING_HEADINGS
from outreach.intake.units import MONEY, without_unit


class Kind(enum.StrEnum):
    """What one row of a table is."""

    HOUSEHOLDS = "households"
    OFFICERS = "officers"
    ATTEMPTS = "attempts"
    MILESTONES = "milestones"
    ACCOUNTS = "accounts"
    CASES = "cases"
    LEAVE = "leave"
    AIRINGS = "airings"
    RATES = "rates"
    TRAVEL = "travel"
    AGENCIES = "agencies"
    CHECKS = "checks"
    ANSWERS = "answers"
    LEDGER = "ledger"


_HOUSEHOLD_CODE = (
    "户号 户编号 家庭编号 家庭户号 户编码",
    "household code|household|household number|household id|code",
)
_PERSON_NUMBER = ("人员序号 人员编号 成员序号", "person|person number|member number")
_LON = ("经度 东经", "lon|lng|long|longitude")
_LAT = ("纬度 北纬", "lat|latitude")

# Field -> its headings in Chinese, apart by blanks, and in English, apart by bars.
_SYNONYMS: dict[Kind, dict[str, tuple[str, str]]] = {
    Kind.HOUSEHOLDS: {
        "household_code": _HOUSEHOLD_CODE,
        "name": (
            "姓名 户主姓名 户主 参保人 参保人姓名 本人姓名 人员姓名 职工姓名",
            "name|full name|family name|surname",
        ),
        "relation": (
            "与户主关系 与户主的关系 户主关系 家庭关系 与本人关系 关系 称谓",
            "relation|relationship|relation to head",
        ),
        "sex": (
            "性别",
            "sex|gender",
        ),
        "born": (
            "出生日期 出生年月日 出生年月 生日 出生",
            "born|birth date|date of birth|birthday|dob",
        ),
        "id_number": (
            "身份证号 身份证号码 身份证 身份证件号码 证件号码 证件号 公民身份号码 公民身份证号码 居民身份证号 "
            "居民身份证号码 社会保障号 社会保障号码",
            "id number|id|id no|id card|identity number|resident id|resident id number",
        ),
        "mobile": (
            "联系电话 手机号 手机号码 手机 电话 电话号码 移动电话 联系方式 联系手机 本人电话",
            "mobile|mobile phone|mobile number|phone|phone number|telephone|tel|cell|cell phone",
        ),
        "community": (
            "社区 所属社区 所在社区 社区名称 居委会 社区居委会 所属居委会 村 村委会 行政村 所属村 村社区",
            "community|residents committee|neighbourhood|neighborhood|village",
        ),
        "compound": (
            "小区 小区名称 所属小区 所在小区 居住小区 院落 楼盘",
            "compound|estate|residential compound|compound name",
        ),
        "building": (
            "楼栋 楼栋号 栋 栋号 楼号 楼 幢 幢号 座 楼幢 楼幢号",
            "building|building number|building no|block",
        ),
        "entrance": (
            "门栋 门栋号 楼门 楼门号 门洞 门洞号 入口",
            "entrance|entrance number|door",
        ),
        "unit": (
            "单元 单元号",
            "unit|unit number|unit no|stair|staircase",
        ),
        "floor": (
            "楼层 层 层数 所在楼层",
            "floor|floor number|storey|level",
        ),
        "room": (
            "房号 房间号 室号 室 门牌号 门牌 门号 户室 房室号",
            "room|room number|room no|flat|apartment|door number",
        ),
        "address": (
            "地址 住址 家庭住址 家庭地址 详细地址 现住址 居住地址 联系地址 通讯地址 居住地 现居住地 现居住地址",
            "address|home address|full address|postal address",
        ),
        "lon": _LON,
        "lat": _LAT,
        "employer": (
            "原工作单位 工作单位 原单位 单位 单位名称 原单位名称 原所在单位 原企业 企业名称",
            "employer|former employer|work unit|company",
        ),
        "months_lapsed": (
            "断保月数 断缴月数 中断月数 欠缴月数 断保时长 中断缴费月数 断保 断缴",
            "months lapsed|lapsed months|months unpaid|lapse months|lapsed",
        ),
        "last_paid": (
            "最后缴费 最后缴费日期 最后缴费年月 最后缴费月份 最后缴费时间 末次缴费 末次缴费年月 缴至年月 缴费至",
            "last paid|last payment|last payment date|paid until|paid to",
        ),
        "difficulty": (
            "难易 难易程度 难度 工作难度",
            "difficulty",
        ),
        "migrant": (
            "是否外出务工 外出务工 是否外出 外出 是否在外 在外务工 外出情况",
            "migrant|works away|working away|away",
        ),
        "works": (
            "白天上班 是否上班 是否白天上班 上班 上班情况 白天工作",
            "works|works by day|works days|day work|at work by day",
        ),
        "language": (
            "方言 语言 使用语言 家庭语言 日常语言",
            "language|dialect|home language|language spoken",
        ),
        "spouse_name": (
            "配偶姓名 配偶 爱人姓名",
            "spouse name|spouse|name of spouse",
        ),
        "spouse_id_number": (
            "配偶身份证号 配偶身份证号码 配偶身份证 配偶证件号码 配偶公民身份号码",
            "spouse id number|spouse id|spouse id no|spouse resident id",
        ),
        "spouse_mobile": (
            "配偶电话 配偶联系电话 配偶手机 配偶手机号 配偶手机号码",
            "spouse mobile|spouse phone|spouse mobile number",
        ),
    },
    Kind.OFFICERS: {
        "code": (
            "工号 职工号 员工号 人员编号 干部编号 编号",
            "code|staff number|staff no|staff id|officer code|officer|employee number",
        ),
        "name": (
            "姓名 责任人 责任人姓名 包保责任人 干部姓名 工作人员",
            "name|full name|family name|officer name",
        ),
        "post": (
            "岗位 岗位编号 岗位号 岗位代码",
            "post|post code|post number|position number",
        ),
        "title": (
            "职务 职务名称",
            "title|job title|position|rank",
        ),
        "section": (
            "科室 所属科室 所在科室 股室 部门 处室",
            "section|department|division|office",
        ),
        "mobile": (
            "手机 手机号 手机号码 移动电话 联系手机 联系电话 电话",
            "mobile|mobile phone|mobile number|cell|cell phone|phone",
        ),
        "home_phone": (
            "宅电 住宅电话 家庭电话 住宅 家庭座机 宅电号码",
            "home phone|home telephone|home number|home",
        ),
        "office_phone": (
            "办公电话 办公室电话 单位电话 座机 固定电话 办公座机",
            "office phone|office telephone|office number|work phone|desk phone",
        ),
        "email": (
            "邮箱 电子邮箱 电子邮件 邮件",
            "email|e mail|mail|email address",
        ),
        "lon": _LON,
        "lat": _LAT,
        "share": (
            "工作量 工作量比例 编制比例 到岗比例 工作比例",
            "share|share of a post|full time share|workload|fte",
        ),
        "most": (
            "最多户数 户数上限 包保上限 最多包保户数",
            "most|most households|households at most|household cap|cap",
        ),
        "skills": (
            "技能 专长 特长 业务专长",
            "skills|skill|strengths",
        ),
        "languages": (
            "方言 语言 会说方言 使用语言",
            "languages|language|dialects|dialect|languages spoken",
        ),
        "employer": (
            "原工作单位 原单位 曾工作单位 以前工作单位",
            "former employer|employer|earlier employer",
        ),
        "community": (
            "居住社区 家住社区 本人社区 社区",
            "home community|community|own community",
        ),
        "compound": (
            "居住小区 家住小区 本人小区 小区",
            "home compound|compound|own compound|home estate",
        ),
    },
    Kind.ATTEMPTS: {
        "household_code": (
            "户号 户编号 家庭编号 家庭户号 户编码",
            "household code|household|household number|household id|code|household qr|scanned code|qr code",
        ),
        "person": _PERSON_NUMBER,
        "channel": (
            "渠道 联系渠道 联系方式 方式 宣传渠道",
            "channel|by|means",
        ),
        "officer": (
            "工号 责任人工号 经办人工号 责任人 经办人 联系人工号",
            "officer|officer code|staff number|staff no",
        ),
        "at": (
            "时间 联系时间 走访时间 日期 联系日期 走访日期 日期时间",
            "at|time|date|when|date and time|datetime|contacted at",
        ),
        "disposition": (
            "结果 联系结果 走访结果 结果代码",
            "disposition|outcome|result|outcome code",
        ),
        "left": (
            "留下材料 留置材料 发放材料 材料 宣传品",
            "left|materials left|left behind|materials",
        ),
        "forms": (
            "带回表格 带回表 签字表格 收回表格",
            "forms|forms brought back|signed forms",
        ),
        "musts": ("六要 六要做到 做到的六要", "musts|six musts"),
        "promise": ("承诺日期 承诺时限 答复期限", "promise|promise due|promised by"),
        "promise_about": ("承诺事项 承诺内容 答应的事", "promise about|promised"),
        "closes": ("办结事项 办结编号 办结回访", "closes|closes follow-ups|closed follow-ups"),
        "note": NOTE,
    },
    Kind.MILESTONES: {
        "household_code": _HOUSEHOLD_CODE,
        "person": _PERSON_NUMBER,
        "kind": (
            "事项 类型 业务类型 业务",
            "kind|event|type|milestone",
        ),
        "on": (
            "日期 办理日期 缴费日期 登记日期 业务日期 到账日期 时间",
            "on|date|day|paid on|registered on",
        ),
        "amount": (
            "金额 缴费金额 缴费额 实缴金额 缴费",
            "amount|amount paid|sum|paid amount",
        ),
        "note": NOTE,
    },
    Kind.ACCOUNTS: {
        "household_code": _HOUSEHOLD_CODE,
        "person": _PERSON_NUMBER,
        "name": (
            "姓名 参保人 参保人姓名 人员姓名 职工姓名",
            "name|full name",
        ),
        "id_number": (
            "身份证号 身份证号码 身份证 证件号码 证件号 公民身份号码 居民身份证号 居民身份证号码 社会保障号 "
            "社会保障号码",
            "id number|id|id no|id card|identity number|resident id|resident id number",
        ),
        "year": (
            "年度 年份 缴费年度 缴费年份 对账年度 结算年度",
            "year|statement year",
        ),
        "months": (
            "缴费月数 本年缴费月数 当年缴费月数 实缴月数 月数",
            "months|months paid|paid months",
        ),
        "base": (
            "缴费基数 月缴费基数 月均缴费基数 缴费工资基数 缴费工资 基数",
            "base|contribution base|monthly base",
        ),
        "paid": (
            "缴费金额 缴费额 本年缴费 本年缴费额 当年缴费额 实缴金额 缴费合计",
            "paid|amount paid|contributions|paid in the year",
        ),
        "balance": (
            "账户余额 个人账户余额 账户储存额 个人账户储存额 储存额 累计储存额 年末储存额 余额",
            "balance|account balance|balance at year end",
        ),
    },
    Kind.AGENCIES: {
        "code": (
            "机构编号 机构代码 经办机构编号 经办机构代码 编号 代码",
            "code|agency code|agency number|agency id",
        ),
        "name": (
            "机构名称 经办机构 经办机构名称 单位名称 机构 名称",
            "name|agency|agency name",
        ),
        "area": (
            "地区 所属地区 行政区划 区划 县市区 辖区",
            "area|district|region|county",
        ),
        "address": (
            "地址 办公地址 机构地址",
            "address|office address",
        ),
        "hours": (
            "接听时间 服务时间 办公时间 电话接听时间",
            "hours|phone hours|office hours",
        ),
        "hotline": ("咨询电话 服务电话 热线 咨询热线 联系电话 电话", "hotline|enquiries|phone|telephone"),
        "complaint": ("投诉电话 监督电话 举报电话", "complaint|complaint phone|complaints"),
        "duty": ("值班电话 应急电话", "duty|duty phone"),
        "office": ("办公电话 座机 固定电话", "office phone|landline"),
        "mobile": ("手机 手机号 手机号码", "mobile|mobile phone"),
        "fax": ("传真 传真号码", "fax|fax number"),
        "published": (
            "公布日期 公布时间 发布日期",
            "published|published on|date published",
        ),
    },
    Kind.CHECKS: {
        "draw": ("抽查批次 抽查批号 批次", "draw|draw number|check round"),
        "line": ("序号 行号", "line|line number|no"),
        "at": ("拨打时间 抽查时间 通话时间 时间", "called at|at|time|date and time"),
        "by": ("拨打人 抽查人 核查人", "called by|caller|by"),
        "result": ("结果 抽查结果 核查结果 接听情况", "result|outcome"),
        "note": NOTE,
    },
    Kind.ANSWERS: {
        "draw": ("复核批次 复核批号 批次", "survey|survey number|draw"),
        "line": ("序号 行号", "line|line number|no"),
        "household_code": _HOUSEHOLD_CODE,
        "at": ("复核时间 询问时间 时间", "asked at|at|time|date and time"),
        "by": ("复核人 询问人", "asked by|by"),
        "answer": ("答复 复核结果 结果", "answer|result"),
        "note": NOTE,
    },
}

_SYNONYMS |= {Kind(name): fields for name, fields in PLANNING_HEADINGS.items()}
_SYNONYMS[Kind.TRAVEL] = {name: _SYNONYMS[Kind.HOUSEHOLDS][name] for name in ("community", "compound", "building")}

# A row without these says nothing.
REQUIRED: dict[Kind, tuple[str, ...]] = {
    Kind.HOUSEHOLDS: ("name",),
    Kind.OFFICERS: ("code", "name"),
    Kind.ATTEMPTS: ("household_code", "channel", "at", "disposition"),
    Kind.MILESTONES: ("household_code", "kind", "on"),
    Kind.ACCOUNTS: ("year", "months", "base", "paid", "balance"),
    Kind.CASES: ("case", "applied"),
    Kind.LEAVE: ("officer", "first", "last"),
    Kind.AIRINGS: ("date",),
    Kind.RATES: ("vehicle", "channel", "price"),
    Kind.TRAVEL: ("compound",),
    Kind.AGENCIES: ("code", "name"),
    Kind.CHECKS: ("draw", "line"),
    Kind.ANSWERS: ("draw", "line"),
    Kind.LEDGER: ("name",),
}

_BRACKETS = re.compile(r"[(\[{【〔《<][^)\]}】〕》>]*[)\]}】〕》>]")
_APOSTROPHE_S = re.compile(r"['’]s?\b")


def folded(heading: str) -> str:
    """A heading as it is compared: no brackets with their contents, blanks, asterisks, marks, width or case."""
    text = _APOSTROPHE_S.sub("", unicodedata.normalize("NFKC", heading).casefold())
    text = _BRACKETS.sub("", text) or text
    return "".join(sign for sign in text if sign.isalnum())


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Every field of a kind, in the order people expect the columns."""
    return tuple(_SYNONYMS[kind])


def accepted(kind: Kind, field: str) -> tuple[str, ...]:
    """The headings accepted for one field of one kind; the field's own name always is."""
    chinese, english = _SYNONYMS[kind][field]
    return (*chinese.split(), *english.split("|"), field)


@cache
def _fields(kind: Kind) -> Mapping[str, str]:
    return {folded(heading): field for field in _SYNONYMS[kind] for heading in accepted(kind, field)}


def field_of(kind: Kind, heading: object) -> str:
    """The field a heading means in a table of `kind`, '' for an unknown one."""
    if not isinstance(heading, str):
        return ""
    text = folded(heading)
    found = _fields(kind).get(text, "")
    if not found and text.endswith("元") and (money := _fields(kind).get(without_unit(text), "")) in MONEY:
        return money
    return found


def known_headings(kind: Kind, cells: Iterable[object]) -> int:
    """How many different fields of `kind` a row of cells names."""
    return len({field for cell in cells if (field := field_of(kind, cell))})


def heading_row(kinds: Sequence[Kind], rows: Sequence[Sequence[object]]) -> tuple[int, int]:
    """(index of the heading row, how many fields it names), (-1, 0) where no row names two.

    It is the first row that names at least two fields; the row below wins where it names more, because tables with
    headings in two rows put the general words above.
    """
    scores = [max(known_headings(kind, row) for kind in kinds) for row in rows]
    for index, score in enumerate(scores):
        if score >= 2:
            below = scores[index + 1] if index + 1 < len(scores) else 0
            return (index + 1, below) if below > score else (index, score)
    return -1, 0
