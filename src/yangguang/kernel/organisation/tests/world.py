"""A small invented province to ask questions of: 青禾省 with a city, an autonomous prefecture and what is below."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from yangguang.kernel.organisation.models import (
    Alias,
    Collective,
    Delegation,
    Division,
    Officer,
    Person,
    Post,
    Role,
    Unit,
    UnitName,
)
from yangguang.kernel.organisation.names import comparison_key, pinyin_key, short_division_name, stem
from yangguang.kernel.organisation.queries.trees import place_names

START = date(2000, 1, 1)

DIVISIONS = [
    ("99", "青禾省", "province", None),
    ("9901", "云川市", "prefecture", "99"),
    ("9926", "清溪自治州", "prefecture", "99"),
    ("990102", "望江区", "county", "9901"),
    ("990121", "柳溪县", "county", "9901"),
    ("990181", "梅岭市", "county", "9901"),
    ("9901H1", "云川高新技术产业开发区", "county", "9901"),
    ("992601", "望江区", "county", "9926"),
    ("990121100", "青石镇", "township", "990121"),
    ("990121100201", "石桥村", "village", "990121100"),
]
# code, name, division, nature, superior, short names
UNITS = [
    ("P", "青禾省人民政府", "99", "government", None, []),
    ("POFF", "青禾省人民政府办公厅", "99", "department", "P", []),
    ("PDRC", "青禾省发展和改革委员会", "99", "department", "P", ["省发展改革委"]),
    ("PFIN", "青禾省财政厅", "99", "department", "P", []),
    ("PJUS", "青禾省司法厅", "99", "department", "P", []),
    ("PLEG", "青禾省人民政府法制办公室", "99", "department", "P", ["省政府法制办", "法制办"]),
    ("PHEA", "青禾省卫生健康委员会", "99", "department", "P", ["省卫生健康委"]),
    ("PHR", "青禾省人力资源和社会保障厅", "99", "department", "P", []),
    ("PORG", "中共青禾省委组织部", "99", "party", None, ["省委组织部"]),
    ("PCOURT", "青禾省高级人民法院", "99", "court", None, ["省法院"]),
    ("PBANK", "中国人民银行青禾省分行", "99", "central_local", None, ["人民银行青禾省分行"]),
    ("C", "云川市人民政府", "9901", "government", "P", []),
    ("CFIN", "云川市财政局", "9901", "department", "C", []),
    ("CMKT", "云川市市场监督管理局", "9901", "department", "C", []),
    ("CEFF", "云川市机关行政效能建设办公室", "9901", "department", "C", ["市政府效能办"]),
    ("CPUB", "云川市政务公开办公室", "9901", "department", "C", ["市政务公开办"]),
    ("CDRC", "云川市发展和改革委员会", "9901", "department", "C", []),
    ("CUNI", "云川学院", "9901", "institution", "C", []),
    ("S", "清溪自治州人民政府", "9926", "government", "P", []),
    ("SFIN", "清溪自治州财政局", "9926", "department", "S", []),
    ("W", "望江区人民政府", "990102", "government", "C", []),
    ("WFIN", "望江区财政局", "990102", "department", "W", []),
    ("W2", "清溪自治州望江区人民政府", "992601", "government", "S", []),
    ("W2FIN", "清溪自治州望江区财政局", "992601", "department", "W2", []),
    ("K", "柳溪县人民政府", "990121", "government", "C", []),
    ("KFIN", "柳溪县财政局", "990121", "department", "K", []),
    ("M", "梅岭市人民政府", "990181", "government", "C", []),
    ("MFIN", "梅岭市财政局", "990181", "department", "M", []),
    ("H", "云川高新技术产业开发区管理委员会", "9901H1", "government", "C", ["云川高新区管委会"]),
    ("T", "青石镇人民政府", "990121100", "government", "K", []),
    ("V", "石桥村村民委员会", "990121100201", "village_body", "T", []),
]


@dataclass
class World:
    """The rows by code."""

    divisions: dict[str, Division] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)

    def __getitem__(self, code: str) -> Unit:
        return self.units[code]

    def officer(
        self,
        name: str,
        unit: str,
        capabilities: Mapping[str, list[str]],
        *,
        scope: str | None = None,
        start: date = START,
        end: date | None = None,
    ) -> Officer:
        """Appoint somebody with the capabilities, given as kinds by capability."""
        person = Person.objects.create(number=name, name=name, sort_key=pinyin_key(name))
        held, reach = self[unit], self[scope or unit]
        post = Post.objects.create(unit=held, name=f"{name}岗", scope=reach, valid_from=START)
        for capability, kinds in capabilities.items():
            code = f"{capability}:{','.join(kinds)}"
            role, _made = Role.objects.get_or_create(
                code=code, defaults={"name": code, "capabilities": [capability], "kinds": kinds}
            )
            post.roles.add(role)
        return Officer.objects.create(person=person, post=post, valid_from=start, valid_to=end)


def build() -> World:
    """Write the province's rows."""
    world = World()
    for code, name, level, parent in DIVISIONS:
        world.divisions[code] = Division.objects.create(
            code=code,
            name=name,
            short_name=short_division_name(name),
            level=level,
            parent=world.divisions[parent] if parent else None,
            branch=not code.isdigit(),
            valid_from=START,
            sort_key=pinyin_key(name),
        )
    for code, name, division, nature, superior, shorts in UNITS:
        place = world.divisions[division]
        unit = Unit.objects.create(
            code=code,
            name=name,
            division=place,
            nature=nature,
            level=place.level,
            superior=world.units[superior] if superior else None,
            valid_from=START,
            sort_key=pinyin_key(name),
        )
        world.units[code] = unit
        bear(unit, name)
        for short in shorts:
            bear(unit, short, short=True)
    _history(world)
    return world


def bear(unit: Unit, name: str, start: date = START, end: date | None = None, *, short: bool = False) -> None:
    """Give a unit a name for a time."""
    UnitName.objects.create(
        unit=unit,
        name=name,
        is_short=short,
        valid_from=start,
        valid_to=end,
        key=comparison_key(name),
        stem=stem(name, place_names(unit.division)),
    )


def call(unit: Unit, text: str, context: Division | None = None, start: date = START, end: date | None = None) -> None:
    """Learn an alias."""
    Alias.objects.create(
        unit=unit,
        text=text,
        context=context,
        valid_from=start,
        valid_to=end,
        learned_at="2020-01-01T00:00:00Z",
        key=comparison_key(text),
        stem=stem(text, place_names(unit.division)),
    )


def _history(world: World) -> None:
    health, legal, justice = world["PHEA"], world["PLEG"], world["PJUS"]
    UnitName.objects.filter(unit=health).update(valid_from=date(2018, 11, 1))
    bear(health, "青禾省卫生厅", START, date(2013, 12, 31))
    bear(health, "青禾省卫生和计划生育委员会", date(2014, 1, 1), date(2018, 10, 31))
    ended = date(2018, 10, 31)
    Unit.objects.filter(pk=legal.pk).update(merged_into=justice, valid_to=ended)
    UnitName.objects.filter(unit=legal).update(valid_to=ended)
    Unit.objects.filter(pk=world["CPUB"].pk).update(plate_of=world["CEFF"])
    Unit.objects.filter(pk=world["CFIN"].pk).update(counterpart=world["PFIN"])
    call(world["PDRC"], "省发改委")
    call(world["PHR"], "省人社厅")
    call(world["CMKT"], "市监局", context=world.divisions["9901"])
    call(world["CEFF"], "市效能办")
    Collective.objects.create(
        name="全市效能联席会议成员单位",
        key=comparison_key("全市效能联席会议成员单位"),
        division=world.divisions["9901"],
        predicate={"units": ["CFIN", "CMKT", "CDRC"]},
        valid_from=START,
    )
    for code, unit in world.units.items():
        world.units[code] = Unit.objects.get(pk=unit.pk)


def delegate(giver: Officer, taker: Officer, *capabilities: str, start: date = START, end: date | None = None) -> None:
    """Let one officer stand in for another."""
    Delegation.objects.create(giver=giver, taker=taker, capabilities=list(capabilities), valid_from=start, valid_to=end)
