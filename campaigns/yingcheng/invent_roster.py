"""Invent the Yingcheng roster: 7,000 households and 60 officers, all made up, the same every time.

Run without arguments in a checkout it writes `households.csv` and
`officers.csv` beside itself: UTF-8 with a byte-order mark, Chinese headings, whole files or none.

Nobody in it exists. Resident IDs use the division code 990199 and mobiles the prefix 121, neither of which
is assigned; landlines use the area code 0700; towns' streets, employers and communities are fancies.

Household codes are 'YC', a five-digit serial and a Luhn check digit over the serial (from the right, every
second digit doubled, 9 taken off above 9, the sum with the check digit a multiple of 10), so that one
mistyped digit and nearly every swap of two neighbours is noticed. Serials run in no order of address.

Only integers, products and sums are drawn from the generator (no logarithms, sines or exponentials), so that
every platform writes the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

sys.path.append(str(Path(__file__).resolve().parents[2]))  # the checkout, where outreach is not installed
sys.path.append(str(Path(__file__).resolve().parent))

import invent_terms

from outreach.domain.ids import resident_id_check_sign

SEED = "yingcheng-2005"
HOUSEHOLDS = 7_000
AS_OF = dt.date(2005, 1, 1)
HOUSEHOLD_HEADINGS = (
    "户号 姓名 关系 性别 出生日期 身份证号 手机 社区 小区 楼栋 门栋 单元 楼层 房号 经度 纬度 "
    "原单位 断保月数 最后缴费 难易 外出务工"
).split() + list(invent_terms.HOUSEHOLD_HEADINGS)
OFFICER_HEADINGS = "工号 姓名 岗位 职务 科室 手机 宅电 办公电话 邮箱 经度 纬度".split() + list(
    invent_terms.OFFICER_HEADINGS
)
Row = dict[str, str]

TOWN = (113.57, 30.93)
METRES_A_DEGREE = (95_500, 110_870)  # of longitude and of latitude, at 30.93 degrees north
DIVISION = "990199"

COMMUNITIES = "槐荫 云鹤 桂溪 望月 听雨 石榴巷 白鹭洲 北塔 南薰 青莲 古榆 杏坛".split()
EMPLOYERS = (
    "槐荫棉织厂 云鹤盐化二厂 望月搪瓷厂 白鹭毛巾厂 青莲酿造厂 古榆轴承厂 北塔水泥制品厂 桂溪丝绸厂 石榴玻璃厂 "
    "听雨雨伞厂 南薰电扇厂 杏坛印刷厂 星火糖酒公司 长虹桥粮油站 金雀钟表厂 蜻蜓自行车厂 红枫针织厂 七里井磷肥厂 "
    "双燕火柴厂 喜鹊被服厂 银杏五金公司 百灵无线电厂"
).split()
ESTATE_STEMS = (
    "紫藤 银桂 柳堤 梅岭 晴川 荷风 松涛 竹影 霁月 锦溪 芙蓉 丹枫 海棠 翠微 金橘 玉兰 清溪 曲水 长亭 麦香 雁栖 枕河 "
    "流萤 春晖 秋实 瑞雪 朝霞 暮云 鹿鸣 鹤舞 百合 茶山 书院 画桥 月桥 星桥 古井 老槐 新桑 橙园"
).split()
ESTATE_ENDS = "小区 花苑 新村 家园 里".split()
DORM_ENDS = "宿舍 东宿舍 西宿舍".split()

# Surnames, the commoner ones more often (a number is a weight), then a long tail.
SURNAMES_COMMON = (
    "王9 李9 张9 刘8 陈7 杨5 黄5 赵4 吴4 周4 徐3 孙3 马3 朱3 胡4 郭3 何3 林3 罗3 高3 郑2 梁2 谢2 宋2 唐2 许2 韩2 冯2 "
    "邓2 曹2 彭3 曾2 肖3 田2 董2 袁2 潘2 蒋2 蔡2 余3 杜2 叶2 程3 苏2 魏2 吕2 丁2 任2 沈2 姚2 卢2 姜1 崔1 钟1 谭2 陆1 "
    "汪2 范1 金1 石1 廖1 贾1 夏2 韦1 付1 方2 白1 邹1 孟1 熊2 秦1 邱1 江1 尹1 薛1 闫1 段1 雷1 侯1 龙1 史1 陶1 黎1 贺1 "
    "顾1 毛1 郝1 龚2 邵1 万1 钱1 严1 覃1 武1 戴1 莫1 孔1 向1 汤1"
).split()
SURNAMES_RARE = (
    "艾 安 柏 鲍 毕 卞 别 卜 柴 车 池 储 褚 丛 单 刁 窦 樊 房 费 丰 封 甘 葛 耿 宫 古 谷 管 桂 洪 华 霍 稽 纪 季 简 "
    "靳 景 康 柯 匡 蓝 乐 冷 厉 连 练 凌 娄 路 栾 麻 满 梅 米 苗 缪 牟 穆 倪 聂 宁 牛 农 庞 裴 蒲 戚 齐 祁 强 桥 乔 "
    "屈 瞿 曲 冉 饶 芮 桑 沙 尚 申 盛 施 时 舒 束 司 随 台 滕 童 涂 危 温 文 翁 巫 奚 席 冼 项 解 辛 邢 幸 宿 燕 仰 "
    "易 殷 应 尤 游 于 俞 虞 喻 元 岳 云 臧 翟 詹 湛 章 甄 支 竺 祝 庄 卓 宗 祖 左 佴 亓 郗 妘 仉 逄 昝 隗 郏 麴"
).split()
SURNAMES_DOUBLE = "欧阳 司马 诸葛 上官 司徒 夏侯 皇甫 尉迟 公孙 慕容 令狐 端木 东方 南宫 长孙 轩辕".split()

GIVEN_MALE = (
    "建国志强军明华平文武勇刚伟斌涛峰辉林松柏山海江河川东春福贵祥瑞德仁义礼智信忠孝诚学书成达兴旺顺安康宁永长远大新立正光"
    "耀宗祖继承先启世家邦民汉楚云龙虎彪鹏飞鸿清水根生全胜利友良善喜庆元亨炎焕荣昌泰和绪衡舟岳岩石磊亮晓晨旭升朝阳望运才思"
    "宽厚守业维振鼎铭钧锋锐镇铁银宝璋珩瑜琦禾稼丰年余有万千百里喆堃犇燚骏骥麒麟"
)
GIVEN_FEMALE = (
    "秀英桂兰凤霞玉珍梅芳芬莲菊荷香翠红艳丽美娟娥婷燕莺云月春秋冬雪霜露琴棋书画淑贤惠慧敏静雅洁清琼瑶珠宝银金巧姣娇环萍苹蓉"
    "茹菁芸芝萱华荣爱素贞福喜来友君若如意吉祥和顺安宁晓晨曦晴岚烟溪湘汉江南柳杨桃杏梨榴枝叶花蕊苗禾谷麦丰彩虹霓绣锦绢纱罗"
    "绮缦纹念思忆怡欣悦乐欢笑颜容姿媛妍姝婉嫦喆"
)
GIVEN_MALE_USUAL = (
    "建国 志强 建军 国庆 卫东 永红 文革 援朝 跃进 解放 红军 爱国 建华 志刚 国强 海涛 小平 大勇 春生 长林 德胜 玉山 "
    "明亮 新民 学文 家旺 水生 火生 双喜 满仓"
).split()
GIVEN_FEMALE_USUAL = (
    "桂英 秀兰 玉珍 春梅 凤英 腊梅 菊香 红霞 丽华 爱珍 金凤 银花 翠兰 小红 建英 素芬 秋菊 冬梅 彩霞 巧云 美玲 喜凤 "
    "桃红 招弟 三妹 幺妹 玉兰 水仙 月娥 荷花"
).split()
GIVEN_FEMALE_RARE = ("㛃", "㛃月", "秀㛃", "𬱖", "文𬱖", "𬱖兰", "䶮", "𠅤", "玉𠅤", "喆", "燚")
GIVEN_MALE_RARE = ("䶮", "䶮生", "文䶮", "𬭎", "𬭎海", "志𬭎", "𠅤", "𠅤山", "建𠅤", "堃", "犇", "燚", "喆", "𬱖")
DOTTED_MALE = (
    "艾尔肯·吐尔逊 买买提·艾力 阿卜杜热合曼·麦麦提吐尔逊 巴特尔·苏和 吾买尔·卡斯木 "
    "沙哈提·哈力克 那顺·巴雅尔 阿迪力·玉素甫"
).split()
DOTTED_FEMALE = (
    "阿依古丽·木拉提 娜仁·其其格 古丽巴哈尔·亚森 帕提古丽·阿不都克里木 萨仁·托娅 玛依拉·沙比提 再娜甫·努尔 乌云·塔娜"
).split()
WHOLE_NAMES = "丹 恒 曲 燚".split()

# Names and sign-in names of the officers.
OFFICERS = (
    "梁若舟 liang.ruozhou|欧阳青禾 ouyang.qinghe|秦守业 qin.shouye|江映雪 jiang.yingxue|贺知远 he.zhiyuan|"
    "苏锦程 su.jincheng|柳明溪 liu.mingxi|程立夏 cheng.lixia|罗采薇 luo.caiwei|范清和 fan.qinghe|"
    "孟春山 meng.chunshan|杜怀瑾 du.huaijin|谭静姝 tan.jingshu|石磊 shi.lei|叶知秋 ye.zhiqiu|"
    "司马晓岚 sima.xiaolan|彭大河 peng.dahe|余桂枝 yu.guizhi|邹长庚 zou.changgeng|夏荷 xia.he|"
    "方启明 fang.qiming|钟有年 zhong.younian|龚玉琴 gong.yuqin|蔡文澜 cai.wenlan|汪和平 wang.heping|"
    "田小满 tian.xiaoman|曾广业 zeng.guangye|白芷 bai.zhi|姚望 yao.wang|陆安澜 lu.anlan|"
    "诸葛思齐 zhuge.siqi|廖长青 liao.changqing|任晓棠 ren.xiaotang|段云起 duan.yunqi|袁惠民 yuan.huimin|"
    "崔莹 cui.ying|雷鸣远 lei.mingyuan|韦秋月 wei.qiuyue|熊志坚 xiong.zhijian|尹若兰 yin.ruolan|"
    "上官文博 shangguan.wenbo|卢广厦 lu.guangsha|金巧云 jin.qiaoyun|史正言 shi.zhengyan|毛春燕 mao.chunyan|"
    "顾念慈 gu.nianci|万里 wan.li|严以宽 yan.yikuan|黎曙光 li.shuguang|邵美华 shao.meihua|"
    "陶然 tao.ran|康建业 kang.jianye|温如玉 wen.ruyu|喻晓明 yu.xiaoming|聂海棠 nie.haitang|"
    "章定国 zhang.dingguo|柯以诚 ke.yicheng|殷秀竹 yin.xiuzhu|童心怡 tong.xinyi|岳承志 yue.chengzhi"
).split("|")
SECTIONS = "征缴股 账户股 关系股 稽核股 待遇股 综合股".split()


class Door(NamedTuple):
    """One flat on the list, with the coordinates of its entrance."""

    community: str
    compound: str
    building: str
    entrance: str
    unit: str
    floor: int
    room: str
    lon: str
    lat: str
    dormitory_of: str


def household_code(serial: int) -> str:
    """'YC', five digits and the Luhn check digit: 1 gives 'YC000018'."""
    digits = f"{serial:05d}"
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return f"YC{digits}{-total % 10}"


def invent(seed: str = SEED) -> tuple[list[Row], list[Row]]:
    """The rows of households.csv (one a person, a household's rows together) and of officers.csv."""
    rng = random.Random(seed)
    centres = _centres(rng)
    doors = _doors(rng, centres)
    households = _households(rng, doors)
    officers = _officers(rng, centres)
    invent_terms.add_terms(seed, households, officers)
    return households, officers


# --- the town ---------------------------------------------------------------------------------------------


def _centres(rng: random.Random) -> dict[str, tuple[int, int]]:
    """Where each community lies, in metres east and north of the town's middle."""
    grid = [((column * 2 - 3) * 720, (row - 1) * 1450) for row in range(3) for column in range(4)]
    rng.shuffle(grid)
    return {
        f"{name}社区": (x + rng.randint(-180, 180), y + rng.randint(-180, 180))
        for name, (x, y) in zip(COMMUNITIES, grid, strict=True)
    }


def _degrees(x: int, y: int) -> tuple[str, str]:
    return f"{TOWN[0] + x / METRES_A_DEGREE[0]:.6f}", f"{TOWN[1] + y / METRES_A_DEGREE[1]:.6f}"


def _doors(rng: random.Random, centres: dict[str, tuple[int, int]]) -> list[Door]:
    """Every listed flat of the town, in order of address."""
    compounds = _compounds(rng, centres)
    counts = [rng.choice((2, 3, 3, 3, 4, 4, 5)) for _ in compounds]
    while not 205 <= sum(counts) <= 250:
        place = rng.randrange(len(counts))
        counts[place] = max(1, min(7, counts[place] + (1 if sum(counts) < 205 else -1)))
    sizes = _building_sizes(rng, sum(counts))
    doors = []
    for (community, compound, x, y, employer), count in zip(compounds, counts, strict=True):
        names = [str(number) for number in range(1, count + 1)]
        if employer and rng.random() < 0.15:
            names = list("甲乙丙丁戊己庚")[:count]
        elif rng.random() < 0.15:
            names[-1] = "综合楼"
        for place, name in enumerate(names):
            east, north = x + (place % 3) * 70, y + (place // 3) * 48 + rng.randint(-4, 4)
            stem = (community, compound, name)
            doors.extend(_building(rng, stem, (east, north), sizes.pop(), employer))
    return doors


def _compounds(rng: random.Random, centres: dict[str, tuple[int, int]]) -> list[tuple[str, str, int, int, str]]:
    """(community, compound, metres east, metres north, employer or '') of every compound."""
    stems = ESTATE_STEMS.copy()
    dormitories = [(employer, end) for end in DORM_ENDS for employer in EMPLOYERS]
    rng.shuffle(stems)
    compounds = []
    for community, (x, y) in centres.items():
        cells = [(column * 300, row * 300) for row in (-1, 0, 1) for column in (-1, 0, 1)]
        rng.shuffle(cells)
        for east, north in cells[: rng.choice((3, 4, 5, 5, 6, 6, 7, 8))]:
            employer, name = "", ""
            if rng.random() < 0.45:
                employer, end = dormitories.pop(0)
                name = employer + end
            else:
                name = stems.pop() + rng.choice(ESTATE_ENDS)
            corner = (x + east + rng.randint(-50, 50), y + north + rng.randint(-50, 50))
            compounds.append((community, name, *corner, employer))
    return compounds


def _building_sizes(rng: random.Random, count: int) -> list[int]:
    """`count` numbers of listed households, 10-60 each, 7,000 together."""
    sizes = [min(rng.randint(12, 60), rng.randint(16, 60)) for _ in range(count)]
    while (missing := HOUSEHOLDS - sum(sizes)) != 0:
        place = rng.randrange(count)
        sizes[place] = max(10, min(60, sizes[place] + (1 if missing > 0 else -1)))
    return sizes


def _building(
    rng: random.Random, stem: tuple[str, str, str], corner: tuple[int, int], listed: int, employer: str
) -> list[Door]:
    """The listed flats of one building: entrances along its front, units, floors, rooms."""
    entrances = 1 if listed < 20 else rng.choice((1, 2, 2)) if listed < 34 else rng.choice((2, 3))
    units, floors, flats = rng.choice((1, 1, 2)), rng.randint(4, 7), rng.choice((2, 2, 3))
    while entrances * units * floors * flats < listed * 1.15:
        if floors < 7:
            floors += 1
        elif units < 2:
            units += 1
        else:
            flats += 1
    names = {1: ["1"], 2: ["东", "西"], 3: ["东", "中", "西"]}[entrances]
    if rng.random() < 0.7:
        names = [str(number) for number in range(1, entrances + 1)]
    slots = [
        (entrance, unit, floor, flat)
        for entrance in range(entrances)
        for unit in range(units)
        for floor in range(1, floors + 1)
        for flat in range(1, flats + 1)
    ]
    where = [_degrees(corner[0] + number * 14, corner[1] + rng.randint(-1, 1)) for number in range(entrances)]
    return [
        Door(*stem, names[entrance], str(entrance * units + unit + 1), floor, f"{floor}{flat:02d}",
             *where[entrance], employer)
        for entrance, unit, floor, flat in sorted(rng.sample(slots, listed))
    ]  # fmt: skip


# --- the people -------------------------------------------------------------------------------------------


class _Namer:
    """Draws names; the rare ones come at fixed shares so that every kind is surely there."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.surnames = [entry[0] for entry in SURNAMES_COMMON for _ in range(int(entry[1:]) * 4)]
        self.surnames += SURNAMES_RARE * 2 + SURNAMES_DOUBLE * 2
        self.whole = WHOLE_NAMES.copy()
        self.drawn = 0

    def surname(self) -> str:
        return self.rng.choice(self.surnames)

    def name(self, sex: str, surname: str = "") -> str:
        """A full name; with `surname` (a child's) never a name without one."""
        self.drawn += 1
        if not surname:
            if self.drawn % 2_100 == 7 and self.whole:
                return self.whole.pop()
            if self.drawn % 290 == 11:
                return self.rng.choice(DOTTED_MALE if sex == "男" else DOTTED_FEMALE)
        surname = surname or self.surname()
        if self.drawn % 90 == 3:
            return surname + self.rng.choice(GIVEN_MALE_RARE if sex == "男" else GIVEN_FEMALE_RARE)
        if self.rng.random() < 0.16:
            return surname + self.rng.choice(GIVEN_MALE_USUAL if sex == "男" else GIVEN_FEMALE_USUAL)
        pool = GIVEN_MALE if sex == "男" else GIVEN_FEMALE
        first, second = self.rng.choice(pool), self.rng.choice(pool)
        if self.rng.random() < 0.11:
            return surname + first
        return surname + first + second


class _Register:
    """Gives out birth dates, resident IDs and mobiles, each once."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.ids: set[str] = set()
        self.mobiles: set[str] = set()

    def born(self, age: int) -> dt.date:
        """A birth date of somebody `age` years old on 1 January 2005."""
        return dt.date(AS_OF.year - age, 1, 1) - dt.timedelta(days=self.rng.randint(0, 364))

    def resident_id(self, born: dt.date, sex: str) -> str:
        while True:
            sequence = self.rng.randrange(1, 500) * 2 - (1 if sex == "男" else 0)
            first17 = f"{DIVISION}{born:%Y%m%d}{sequence:03d}"
            number = first17 + resident_id_check_sign(first17)
            if number not in self.ids:
                self.ids.add(number)
                return number

    def mobile(self) -> str:
        """A number, or '' for about one person in seven. 1210555xxxx is kept for officers."""
        if self.rng.random() >= 0.85:
            return ""
        while True:
            number = f"121{self.rng.randrange(10**8):08d}"
            if number not in self.mobiles and not number.startswith("1210555"):
                self.mobiles.add(number)
                return number


def _households(rng: random.Random, doors: list[Door]) -> list[Row]:
    namer, register = _Namer(rng), _Register(rng)
    serials = list(range(1, len(doors) + 1))
    rng.shuffle(serials)
    homes = []
    for serial, door in zip(serials, doors, strict=True):
        migrant = rng.random() < 0.45
        persons = _persons(rng, namer, register, door.dormitory_of)
        lapsed = max(int(person["断保月数"]) for person in persons)
        score = lapsed + (35 if migrant else 0) + rng.randint(0, 45)
        homes.append((household_code(serial), door, persons, migrant, score))
    ranked = sorted(homes, key=lambda home: (home[4], home[0]))
    level = {
        home[0]: "易" if rank < len(ranked) * 0.3 else "难" if rank >= len(ranked) * 0.7 else "一般"
        for rank, home in enumerate(ranked)
    }
    rows: list[Row] = []
    for code, door, persons, migrant, _score in sorted(homes, key=lambda home: home[0]):
        shared = {
            "户号": code, "社区": door.community, "小区": door.compound, "楼栋": door.building,
            "门栋": door.entrance, "单元": door.unit, "楼层": str(door.floor), "房号": door.room,
            "经度": door.lon, "纬度": door.lat, "难易": level[code], "外出务工": "是" if migrant else "否",
        }  # fmt: skip
        rows.extend(shared | person for person in persons)
    return rows


def _persons(rng: random.Random, namer: _Namer, register: _Register, dormitory_of: str) -> list[Row]:
    """The persons of one household: 本人, often 配偶, seldom 子女."""
    age, sex = rng.randint(30, 59), rng.choice("男女")
    employer = dormitory_of if dormitory_of and rng.random() < 0.85 else rng.choice(EMPLOYERS)
    lapsed = min(rng.randint(3, 120), rng.randint(3, 120), rng.randint(3, 120))
    name = namer.name(sex)
    persons = [_person(register, (name, "本人", sex), age, employer, lapsed)]
    ages = [age]
    if rng.random() < 0.275:
        other, ages = "女" if sex == "男" else "男", [age, max(30, min(59, age + rng.randint(-4, 4)))]
        job = employer if rng.random() < 0.5 else rng.choice(EMPLOYERS)
        months = max(3, min(120, lapsed + rng.randint(-18, 18)))
        persons.append(_person(register, (namer.name(other), "配偶", other), ages[1], job, months))
    oldest_child = min(ages) - 22
    if oldest_child >= 30 and rng.random() < 0.08 and len(name) in (2, 3):
        child = rng.choice("男女")
        months = min(rng.randint(3, 60), rng.randint(3, 60))
        persons.append(
            _person(
                register,
                (namer.name(child, name[0]), "子女", child),
                rng.randint(30, oldest_child),
                rng.choice(EMPLOYERS),
                months,
            )
        )
    return persons


def _person(register: _Register, who: tuple[str, str, str], age: int, employer: str, lapsed: int) -> Row:
    """One row's own values. who: name, relation, sex."""
    name, relation, sex = who
    born = register.born(age)
    months = AS_OF.year * 12 + AS_OF.month - 1 - lapsed
    return {
        "姓名": name, "关系": relation, "性别": sex, "出生日期": born.isoformat(),
        "身份证号": register.resident_id(born, sex), "手机": register.mobile(), "原单位": employer,
        "断保月数": str(lapsed), "最后缴费": f"{months // 12}-{months % 12 + 1:02d}",
    }  # fmt: skip


def _officers(rng: random.Random, centres: dict[str, tuple[int, int]]) -> list[Row]:
    """Sixty officers in six sections; some communities have many near them, some hardly any."""
    weights = [rng.choice((1, 1, 2, 3, 5)) for _ in centres]
    homes = rng.sample(range(2000, 10_000), len(OFFICERS))
    mobiles = rng.sample(range(10_000), len(OFFICERS))
    rows = []
    for number, entry in enumerate(OFFICERS, start=1):
        name, sign_in = entry.split()
        place = (number - 1) % 10
        x, y = rng.choices(list(centres.values()), weights)[0]
        lon, lat = _degrees(x + rng.randint(-450, 450), y + rng.randint(-450, 450))
        rows.append(
            {
                "工号": f"Y{number:02d}", "姓名": name, "岗位": f"G{number:02d}",
                "职务": "股长" if place == 0 else "副股长" if place == 1 else "科员" if place < 7 else "办事员",
                "科室": SECTIONS[(number - 1) // 10], "手机": f"1210555{mobiles[number - 1]:04d}",
                "宅电": f"0700-555{homes[number - 1]:04d}", "办公电话": f"0700-55501{number + 19:02d}",
                "邮箱": f"{sign_in}@example.invalid", "经度": lon, "纬度": lat,
            }
        )  # fmt: skip
    return rows


# --- the files --------------------------------------------------------------------------------------------


def csv_bytes(headings: list[str], rows: list[Row]) -> bytes:
    """The rows as a spreadsheet reads them: byte-order mark, comma-separated, one line a row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, headings, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def write_whole(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).chmod(0o644)
    Path(draft.name).replace(path)


def main() -> None:
    folder = Path(__file__).resolve().parent
    households, officers = invent()
    write_whole(folder / "households.csv", csv_bytes(HOUSEHOLD_HEADINGS, households))
    write_whole(folder / "officers.csv", csv_bytes(OFFICER_HEADINGS, officers))
    print(f"{HOUSEHOLDS} households, {len(households)} persons, {len(officers)} officers")


if __name__ == "__main__":
    main()
