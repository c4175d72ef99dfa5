"""A large invented roster whose names are as common as names are, and households entered a second time among it.

Nobody in it exists: ID numbers carry the area 990199, phones the prefix 121, which no office and no network gave out.
Surnames come as often as the census has them (the hundred commonest, the first six of them over a quarter of all
people); given names are two signs in five cases of six, first and second sign drawn by Zipf's law, so that of 130,000
persons about thirty share the commonest full name. Every household has a door of its own and, but for couples, every
phone is one person's.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from outreach.domain.ids import resident_id_check_sign
from outreach.domain.people import Address, Difficulty, Household, Person, Relation, Sex

SURNAMES = (
    "王710 李701 张674 刘538 陈453 杨308 黄224 赵221 吴205 周202 徐158 孙153 马135 朱126 胡116 林113 "
    "郭113 何111 高106 罗91 郑87 梁84 谢83 宋79 唐75 许69 邓67 冯66 韩66 曹65 曾59 彭59 萧56 蔡54 潘53 "
    "田52 董52 袁51 于50 余48 叶48 蒋48 杜47 苏46 魏46 程46 吕45 丁43 沈42 任41 姚41 卢40 傅40 钟40 姜40 "
    "崔38 谭38 廖37 范36 汪36 陆35 金35 石34 戴34 贾33 韦33 夏32 邱32 方31 侯31 邹31 熊30 孟30 秦30 白29 "
    "江29 阎29 薛29 尹28 段28 雷27 黎26 史26 龙25 陶25 贺24 顾24 毛24 郝23 龚23 邵23 万22 钱22 严21 赖21 "
    "覃21 洪20 武20 莫20 孔19 欧阳8 司马2 上官2 仉1 靳5 柏4 窦4 章14 关12 樊12 鲁18 葛13"
)
MEN = (
    "建国志明文德永海光荣军平华伟强林春兴东保庆正学家忠长新少金玉世宏汉友良立成万祖先振大传仁义发云天清道生全才胜江水根福祥贵富昌龙虎松柏民"
    "斌波涛勇刚毅俊杰飞鹏辉亮凯洪山川石安宁康乐和顺泰元亨利贞思维亦子浩然宇轩启晨阳旭升峰岭"
)
WOMEN = (
    "秀桂玉英兰珍凤梅红芳丽华春小爱素美淑金月香云莲菊琴霞艳萍玲娟燕敏静慧雪青翠银彩腊冬巧喜翠仙娥姣蓉芝荷蕙婉嫦晓亚文雅洁莉娜倩婷颖琳"
    "欣怡佳若念安宁晴岚溪薇蓓茜黛絮苹苗"
)
COMPOUND_WORDS = (
    "棉纺 槐荫 青莲 双燕 北塔 云鹤 蒲阳 广场 东马 盐化 农机 粮食 铁路 纺织 文峰 城中 古楼 河沿 "
    "长江 银桂 柳堤 梅岭 晴川 荷风 松涛 竹影 霁月 锦溪 芙蓉 丹枫 海棠 翠微 金橘 玉兰 曲水 长亭 "
    "麦香 雁栖 枕河 流萤 春晖 秋实 瑞雪 朝霞 暮云 鹿鸣 鹤舞 百合 茶山 画桥 "
).split()
COMPOUND_KINDS = ("小区", "宿舍", "花园", "新村", "家属院", "大院", "里", "公寓")
DIALECTS = ("应城话", "普通话", "")


class Weighted:
    """Draws by weights, through sums made once."""

    def __init__(self, items: Iterable[str], weights: Iterable[float]) -> None:
        self.items = list(items)
        total, self.sums = 0.0, []
        for weight in weights:
            total += weight
            self.sums.append(total)

    def draw(self, chance: random.Random) -> str:
        """One of the items."""
        return chance.choices(self.items, cum_weights=self.sums)[0]


def _zipf(signs: str) -> Weighted:
    unique = list(dict.fromkeys(signs))
    return Weighted(unique, (1 / (rank + 3) ** 0.7 for rank in range(len(unique))))


_SURNAMES = Weighted(
    (entry.rstrip("0123456789") for entry in SURNAMES.split()),
    (float("".join(sign for sign in entry if sign.isdigit())) for entry in SURNAMES.split()),
)
_FIRST = {Sex.MALE: _zipf(MEN), Sex.FEMALE: _zipf(WOMEN)}
_SECOND = {Sex.MALE: _zipf(MEN[40:] + MEN[:40]), Sex.FEMALE: _zipf(WOMEN[30:] + WOMEN[:30])}


class Inventor:
    """Invents persons, each with an ID number and a phone nobody else has."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(seed)
        self._numbers: set[str] = set()
        self._phones: set[str] = set()

    def name(self, sex: Sex, surname: str = "") -> str:
        """A full name; surname: a child's."""
        chance = self._chance
        given = _FIRST[sex].draw(chance) + (_SECOND[sex].draw(chance) if chance.random() < 5 / 6 else "")
        return (surname or _SURNAMES.draw(chance)) + given

    def born(self, first: int, last: int) -> dt.date:
        """A day of birth."""
        return dt.date(first, 1, 1) + dt.timedelta(days=self._chance.randrange((last - first + 1) * 365))

    def id_number(self, born: dt.date, sex: Sex) -> str:
        """A sound number nobody has yet."""
        while True:
            serial = self._chance.randrange(500) * 2 + (sex is Sex.MALE)
            first17 = f"990199{born:%Y%m%d}{serial:03d}"
            if first17 not in self._numbers:
                self._numbers.add(first17)
                return first17 + resident_id_check_sign(first17)

    def phone(self) -> str:
        """A mobile nobody has yet."""
        while True:
            number = f"121{self._chance.randrange(10**8):08d}"
            if number not in self._phones:
                self._phones.add(number)
                return number

    def person(self, number: int, relation: Relation, sex: Sex, years: tuple[int, int], surname: str = "") -> Person:
        """A person; one in eight has no ID number in the roster, one in four no phone."""
        chance = self._chance
        born = self.born(*years)
        return Person(
            number=number,
            name=self.name(sex, surname),
            relation=relation,
            sex=sex,
            born=born,
            id_number=self.id_number(born, sex) if chance.random() < 7 / 8 else "",
            mobile=self.phone() if chance.random() < 3 / 4 else "",
            employer=f"{chance.choice(COMPOUND_WORDS)}厂",
            months_lapsed=chance.randrange(1, 120),
        )


def households(count: int, seed: str = "big roster") -> Iterator[Household]:
    """`count` households in doors of their own: seven in ten one person, most others a couple, some with a child."""
    chance = random.Random(f"{seed} homes")
    inventor = Inventor(seed)
    words = COMPOUND_WORDS
    for rank in range(count):
        door, building = rank % 12, rank // 12
        estate = building // 25
        kind = COMPOUND_KINDS[estate // len(words) % len(COMPOUND_KINDS)]
        turn = estate // (len(words) * len(COMPOUND_KINDS))
        compound = f"{words[estate % len(words)]}{turn + 1 if turn else ''}{kind}"
        floor = door // 2 + 1
        sex = chance.choice((Sex.MALE, Sex.FEMALE))
        persons = [inventor.person(1, Relation.SELF, sex, (1945, 1975))]
        if chance.random() < 0.27:
            other = Sex.FEMALE if sex is Sex.MALE else Sex.MALE
            persons.append(inventor.person(2, Relation.SPOUSE, other, (1945, 1978)))
            if chance.random() < 0.15:
                father = next(one for one in persons if one.sex is Sex.MALE)
                surname = father.name[: 2 if father.name[:2] in ("欧阳", "司马", "上官") else 1]
                persons.append(inventor.person(3, Relation.CHILD, chance.choice((Sex.MALE, Sex.FEMALE)), (1975, 1985),
                                               surname))  # fmt: skip
        yield Household(
            code=f"R{rank:07d}",
            address=Address(
                community=f"{words[estate // 4 % len(words)]}{estate // 80 or ''}社区",
                compound=compound,
                building=str(building % 25 + 1),
                unit=str(door % 2 + 1),
                floor=floor,
                room=f"{floor}0{rank % 4 + 1}",
            ),
            persons=tuple(persons),
            difficulty=chance.choice((Difficulty.HARD, Difficulty.NORMAL, Difficulty.NORMAL, Difficulty.EASY)),
            migrant=chance.random() < 0.25,
            lon=round(113.5 + chance.random() / 10, 6),
            lat=round(30.9 + chance.random() / 10, 6),
            language=chance.choice(DIALECTS),
        )


def write_roster(homes: Iterable[Household], target: Path, rows: int) -> tuple[int, int]:
    """The first `rows` persons of the households as a .xlsx in the columns an office keeps; (households, rows)."""
    import xlsxwriter

    from tests.town_files import HOUSEHOLD_FIELDS

    book = xlsxwriter.Workbook(target, {})
    sheet = book.add_worksheet("花名册")
    sheet.write_row(0, 0, HOUSEHOLD_FIELDS)
    written = count = 0
    for home in homes:
        if written + len(home.persons) > rows:
            break
        count += 1
        for person in home.persons:
            written += 1
            sheet.write_row(written, 0, _cells(home, person))
    book.close()
    return count, written


def _cells(home: Household, person: Person) -> list[object]:
    address = home.address
    return [
        home.code, person.name, person.relation.label("zh"), "男" if person.sex is Sex.MALE else "女", person.mobile,
        address.community, address.compound, address.building, address.entrance, address.unit, address.floor,
        address.room, home.lon, home.lat, person.employer, person.months_lapsed, home.difficulty.label("zh"),
        "是" if home.migrant else "否",
    ]  # fmt: skip
