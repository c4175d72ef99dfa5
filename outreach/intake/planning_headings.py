"""The headings of the planner's tables: transfer cases, leave, rates, what was aired; headings.py adds the others."""

from __future__ import annotations

Words = tuple[str, str]
"""Headings in Chinese, apart by blanks, and in English, apart by bars."""

NOTE: Words = ("备注 说明", "note|notes|remark|remarks|comment")

PLANNING_HEADINGS: dict[str, dict[str, Words]] = {
    "cases": {
        "case": (
            "案件号 业务号 受理号 流水号 编号",
            "case|case number|file number|reference",
        ),
        "applied": (
            "申请日期 申请日 受理日期 提出申请日期",
            "applied|applied on|application date|date of application",
        ),
        "accept": (
            "审核日期 同意接收日期 发联系函日期 接收审核日期",
            "accepted|accepted on|reviewed|reviewed on",
        ),
        "letter": (
            "转移手续日期 转出办结日期 信息表日期 转出日期",
            "letter|letter sent|transfer letter|transferred out",
        ),
        "funds": (
            "基金到账日期 资金到账日期 接续办结日期 办结日期",
            "funds|funds moved|funds received|completed",
        ),
        "household": (
            "户号 户编号 家庭编号 家庭户号",
            "household|household code|household number",
        ),
        "person": (
            "人员序号 成员序号",
            "person|person number|member number",
        ),
        "who": (
            "姓名 申请人 参保人 参保人姓名",
            "name|applicant|who|insured person",
        ),
        "officer": (
            "工号 经办人工号 责任人工号",
            "officer|officer code|staff number",
        ),
        "note": NOTE,
    },
    "leave": {
        "officer": (
            "工号 职工号 员工号 人员编号 干部编号 编号",
            "officer|officer code|staff number|staff no|staff id|code",
        ),
        "first": (
            "开始日期 起始日期 开始 起 请假开始 自",
            "first|from|first day|starts|start|start date",
        ),
        "last": (
            "结束日期 截止日期 结束 止 请假结束 至",
            "last|to|last day|ends|end|end date|until",
        ),
        "reason": (
            "事由 请假事由 原因 请假类型 假别",
            "reason|kind of leave|leave",
        ),
    },
    "airings": {
        "date": (
            "播出日期 日期 播出日",
            "date|day|aired on",
        ),
        "time": (
            "播出时间 时间 实际播出时间 时刻",
            "time|aired at|start time|actual time",
        ),
        "channel": (
            "渠道 宣传渠道 媒体形式 类型",
            "channel|medium",
        ),
        "place": (
            "媒体 播出媒体 频道 电台 频率 报纸 屏幕 地点",
            "place|station|outlet|vehicle|paper|screen",
        ),
        "flight": (
            "投放编号 投放 排期编号 排期",
            "flight|flight id",
        ),
        "seconds": (
            "时长 播出时长 秒数",
            "seconds|duration|length",
        ),
        "note": NOTE,
    },
    "rates": {
        "vehicle": (
            "媒体 媒体名称 媒介 频道 电台 报纸 屏幕 点位",
            "vehicle|media|outlet|station|paper|screen",
        ),
        "channel": (
            "渠道 宣传渠道 媒体形式 广告形式 类型",
            "channel|medium|form",
        ),
        "daypart": (
            "时段 时段名称 段位 版位 版面 栏目",
            "daypart|day part|position|programme",
        ),
        "times": (
            "刊播时间 播出时间 可投时间 时间 时间点",
            "times|time|slots|aired at",
        ),
        "weekdays": (
            "星期 日期类别 刊播日 播出日 投放日",
            "weekdays|days of the week|day class",
        ),
        "seconds": (
            "秒数 时长 规格 长度",
            "seconds|length|duration",
        ),
        "days": (
            "天数 刊期 周期天数 发布天数",
            "days|days each|period days",
        ),
        "price": (
            "刊例价 价格 单价 执行价 折后价 报价",
            "price|rate|price yuan|rate card price",
        ),
        "audience": (
            "受众比例 收视率 收听率 阅读率 到达率 平均收视率",
            "audience|rating|share|average audience",
        ),
        "persons": (
            "受众人数 到达人数 收视人数 收听人数 阅读人数",
            "persons|people|viewers|listeners|readers",
        ),
        "twice": (
            "两次累计 两次累计到达率 两次到达率 累计到达率",
            "twice|two insertions|cumulative of two|reach of two",
        ),
        "note": NOTE,
    },
    "ledger": {
        "name": (
            "姓名 参保人 参保人姓名 人员姓名 缴费人 缴费人姓名 个人姓名",
            "name|full name|insured person|payer",
        ),
        "id_number": (
            "身份证号 身份证号码 身份证 证件号码 证件号 公民身份号码 公民身份证号码 居民身份证号 居民身份证号码 "
            "社会保障号 社会保障号码",
            "id number|id|id no|id card|identity number|resident id|resident id number",
        ),
        "account": (
            "个人编号 个人账户 个人账号 个人账户号 个人账户编号 个人代码 个人社保编号 社保编号 人员编号 电脑号",
            "account|account number|account no|personal number|insured number",
        ),
        "kind": (
            "业务类型 类型 事项 业务 交易类型 缴费类型 业务名称",
            "kind|event|type|business",
        ),
        "on": (
            "到账日期 入账日期 缴费日期 实缴日期 收款日期 办理日期 登记日期 参保日期 业务日期 日期 到账时间 缴费时间",
            "on|date|day|paid on|booked on|received on|registered on",
        ),
        "period": (
            "缴费月份 缴费年月 到账月份 月份 费款所属期 所属期 结算期",
            "month|period|paid month|contribution month",
        ),
        "amount": (
            "缴费金额 金额 实缴金额 缴费额 到账金额 实收金额 缴费 缴费合计",
            "amount|amount paid|sum|paid amount|yuan",
        ),
        "whole": (
            "合计 合计金额 金额合计 总计 总额 缴费总额",
            "total|total amount",
        ),
        "own_part": (
            "个人缴费 个人缴费金额 个人缴费额 个人缴纳 个人部分 个人应缴 个人实缴",
            "own part|paid by the person|employee part",
        ),
        "unit_part": (
            "单位缴费 单位缴费金额 单位缴费额 单位缴纳 单位部分 单位应缴 单位实缴",
            "employer part|paid by the employer",
        ),
        "insurance": (
            "险种 险种类型 险种名称 参保险种",
            "insurance|insurance type|scheme",
        ),
        "mobile": (
            "手机 手机号 手机号码 联系电话 电话 移动电话 电话号码 联系方式",
            "mobile|mobile phone|mobile number|phone|phone number|telephone",
        ),
        "address": (
            "地址 住址 家庭住址 家庭地址 联系地址 通讯地址 居住地址 详细地址",
            "address|home address|postal address",
        ),
    },
}
