"""The words people write in columns that take one of a few: word -> value, compared without case, width or blanks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from outreach.domain.conduct import Must, SignedForm
from outreach.domain.contact import Disposition, MilestoneKind
from outreach.domain.hotline import CheckResult
from outreach.domain.people import Difficulty, Relation, Sex
from outreach.domain.survey import Answer
from outreach.domain.walk_list import CODE_OF

Value = TypeVar("Value")


def _words(groups: Mapping[Value, str]) -> dict[str, Value]:
    return {word: value for value, words in groups.items() for word in words.split()}


RELATIONS = _words(
    {
        Relation.SELF: "本人 户主 自己 参保人 self head householder",
        Relation.SPOUSE: "配偶 夫 妻 丈夫 妻子 老公 老婆 爱人 夫妻 spouse husband wife partner",
        Relation.CHILD: "子 女 子女 儿子 女儿 长子 次子 三子 长女 次女 三女 独生子 独生女 child son daughter",
        Relation.PARENT: "父 母 父母 父亲 母亲 parent father mother",
        Relation.OTHER: "其他 其它 亲属 兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 兄弟 姐妹 兄弟姐妹 祖父 祖母 外祖父 外祖母 "
        "爷爷 奶奶 外公 外婆 孙子 孙女 外孙 外孙女 儿媳 媳妇 女婿 公公 婆婆 岳父 岳母 侄子 侄女 外甥 外甥女 "
        "other brother sister grandfather grandmother grandchild relative son-in-law daughter-in-law",
    }
)
SEXES = _words({Sex.MALE: "男 男性 1 male m", Sex.FEMALE: "女 女性 2 female f", Sex.UNKNOWN: "未知 不详 0 unknown"})
DIFFICULTIES = _words(
    {
        Difficulty.HARD: "难 较难 困难 很难 hard difficult",
        Difficulty.NORMAL: "一般 普通 中 中等 正常 normal medium",
        Difficulty.EASY: "易 较易 容易 简单 easy",
    }
)
YES_OR_NO = _words(
    {
        True: "是 有 外出 外出务工 在外 在外务工 √ ✓ ✔ 对 yes y true 1 migrant away",
        False: "否 不是 无 没有 未外出 在家 本地 在本地 × x no n false 0 home",
    }
)
WORKS = YES_OR_NO | _words({True: "上班 白天上班 在岗 works working", False: "不上班 未上班 无业 退休 retired"})
MILESTONES = _words(
    {
        MilestoneKind.REGISTERED: "登记 新登记 参保登记 已登记 registered registration",
        MilestoneKind.PAID: "缴费 续保 续费 续保缴费 已缴费 到账 paid payment",
    }
)
DISPOSITIONS = {
    **{
        word.replace(" ", "").casefold(): outcome
        for outcome, code in CODE_OF.items()
        for word in (code, outcome.value, outcome.value.replace("_", " "), outcome.label("zh"), outcome.label("en"))
    },
    **_words(
        {
            Disposition.INFORMED: "已讲清 讲清",
            Disposition.CARD_HANDED: "卡已交本人 已交本人",
            Disposition.SIGNED_FOR: "签收",
            Disposition.APPOINTMENT: "另约",
            Disposition.REFUSED: "拒绝",
            Disposition.NOBODY_HOME: "无人 不在家 家中无人",
            Disposition.AWAY: "外出",
            Disposition.NO_ANSWER: "无人接",
            Disposition.WRONG_NUMBER: "空号 错号",
            Disposition.LEFT_AT_DOOR: "留置",
            Disposition.RETURNED: "退信",
            Disposition.MOVED: "搬走 已搬走",
        }
    ),
}
FORMS = {
    word.replace(" ", "").casefold(): form.value
    for form in SignedForm
    for word in (form.value, form.label("zh"), form.label("en"))
} | _words({"registration": "登记表 新登记表 参保登记表", "declaration": "申报表 缴费表 申报单"})
ALL_MUSTS = "all"
MUSTS = (
    {
        word.replace(" ", "").casefold(): must.value
        for must in Must
        for word in (must.value, must.label("zh"), must.label("en"))
    }
    | _words(
        {
            "greet": "问好 问候",
            "polite": "礼貌",
            "papers": "资料 带齐资料 资料带齐",
            "explain": "讲清 讲清政策",
            "finish": "办到底 办结",
            "goodbye": "道别 再见",
            ALL_MUSTS: "全部 都做到 六要 六条 6 six",
        }
    )
    | {ALL_MUSTS: ALL_MUSTS}
)
LEFT = _words(
    {
        "card": "服务卡 卡 名片 card cards",
        "letter": "信 信函 公开信 一封信 letter letters",
        "notice": "通知 告示 门栋告示 公告 notice notices",
        "poster": "海报 宣传画 poster posters",
    }
)
CHANNELS = _words(
    {
        "visit": "上门 走访 入户 入户走访 visited",
        "call": "通话 打电话 电话联系 phone",
        "letter": "信 寄信 邮寄 信件 post mail",
        "sms": "发短信 text",
        "card": "发卡",
        "notice": "通知 告示 公告",
        "hall": "大厅 窗口 counter",
        "booth": "咨询台 咨询点",
    }
)

CHECK_RESULTS = _words(
    {
        CheckResult.GOOD: "接听且答对 正常 接听正常 好 答对 good ok answered answeredwell",
        CheckResult.UNANSWERED: "无人接听 未接 没人接 不接 unanswered notanswered noanswer",
        CheckResult.WRONG_NUMBER: "号码错误 错号 空号 停机 wrong_number wrongnumber wrong",
        CheckResult.IMPATIENT: "态度不耐烦 不耐烦 态度差 impatient answeredimpatiently rude",
        CheckResult.POLICY_WRONG: "政策答错 答错 解释错误 policy_wrong policytoldwrongly policywrong",
        CheckResult.UNVERIFIED: "未能核实 未核实 无法核实 占线 unverified couldnotbeverified busy",
    }
)
ANSWERS = _words(
    {
        Answer.CONFIRMED: "属实 是 来过 有 收到 √ ✓ ✔ confirmed yes y so",
        Answer.DENIED: "不属实 否 没来过 没有 没收到 × x denied no n notso",
        Answer.NOT_MET: "未联系上 无人 没人 不在家 notmet not_met nobodyhome",
        Answer.REFUSED: "不愿答 拒答 不愿说 refused wouldnotsay",
    }
)
