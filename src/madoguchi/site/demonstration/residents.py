"""The residents of the demonstration: invented people in households, at real towns with house numbers nobody has."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Municipality, add_resident
from madoguchi.trust.enums import Sex

MEN = (("健一", "ケンイチ"), ("直樹", "ナオキ"), ("隆", "タカシ"), ("翔太", "ショウタ"), ("勇", "イサム"), ("亮", "リョウ"),
       ("律", "リツ"), ("湊", "ミナト"))  # fmt: skip
WOMEN = (("あおい", "アオイ"), ("はるか", "ハルカ"), ("みのり", "ミノリ"), ("由美", "ユミ"), ("さくら", "サクラ"), ("美咲", "ミサキ"),
         ("陽菜", "ヒナ"), ("結衣", "ユイ"))  # fmt: skip
FAMILY = (("青葉", "アオバ"), ("泉川", "イズミカワ"), ("海老沢", "エビサワ"), ("緑山", "ミドリヤマ"), ("早瀬", "ハヤセ"),
          ("星川", "ホシカワ"), ("若葉", "ワカバ"), ("桜木", "サクラギ"), ("月岡", "ツキオカ"), ("鳥越", "トリゴエ"))  # fmt: skip
TOWNS = {
    "odawara": (("250-0011", "栄町"), ("250-0042", "荻窪"), ("250-0055", "久野"), ("250-0875", "南鴨宮")),
    "oyama": (("323-0023", "中央町"), ("323-0028", "若木町"), ("323-0822", "駅南町"), ("323-0807", "城東")),
    "isehara": (("259-1131", "伊勢原"), ("259-1132", "桜台"), ("259-1117", "東成瀬"), ("259-1147", "白根")),
    "sagamihara": (("252-0231", "中央区相模原"), ("252-0303", "南区相模大野"), ("252-0143", "緑区橋本"), ("252-0239", "中央区中央")),
    "hiratsuka": (("254-0041", "浅間町"), ("254-0042", "明石町"), ("254-0075", "中原"), ("254-0912", "高根")),
}  # fmt: skip
"""Towns (町域) of each city with their postal codes, as Japan Post lists them."""
RESIDENTS = 40
SIZES = (4, 1, 2, 3, 5, 2, 1)
"""How many live in a household, over and over; the first one is that of the resident who can sign in."""
OWN_CHILDREN = (7, 2)
CHILD, PARENT = "子", "母"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a household: sex, age in years, and what they are to its head (続柄)."""

    sex: Sex
    age: int
    relationship: str


def households(chance: random.Random, count: int) -> Iterator[list[Member]]:
    """Yield households until they hold ``count`` people; the first has a spouse and children of 7 and 2."""
    left, number = count, 0
    while left:
        size = min(SIZES[number % len(SIZES)], left)
        yield _household(chance, size, OWN_CHILDREN if number == 0 else ())
        left, number = left - size, number + 1


def _household(chance: random.Random, size: int, ages: tuple[int, ...]) -> list[Member]:
    head = Member(chance.choice((Sex.MALE, Sex.FEMALE)), chance.randrange(30, 50 if size > 2 else 85), "世帯主")
    members = [head]
    if size > 1:
        is_man = head.sex == Sex.MALE
        spouse = Sex.FEMALE if is_man else Sex.MALE
        members.append(Member(spouse, max(head.age + chance.randrange(-4, 5), 20), "妻" if is_man else "夫"))
    for place in range(min(size, 4) - 2):
        age = ages[place] if ages else chance.randrange(0, head.age - 22)
        members.append(Member(chance.choice((Sex.MALE, Sex.FEMALE)), age, CHILD))
    if size > 4:
        members.append(Member(Sex.FEMALE, head.age + chance.randrange(22, 35), PARENT))
    return members


def add_residents(
    *, chance: random.Random, municipality: Municipality, taken: set[str], open_account: Callable[[str, str], Account]
) -> None:
    """
    Register the residents of a municipality.

    ``open_account(name, kana)`` makes the account of the head of the first household; nobody gets a name of ``taken``.
    """
    used, number = set(taken), 0
    for place, members in enumerate(households(chance, RESIDENTS), start=1):
        postal_code, address = _home(chance, municipality)
        family = chance.choice(FAMILY)
        for member in members:
            number += 1
            name, kana = _new_name(chance, family, member.sex, used)
            add_resident(
                name=name,
                name_kana=kana,
                registry_number=f"{number:010d}",
                birth_date=born(chance, member.age),
                sex=member.sex,
                postal_code=postal_code,
                address=address,
                household=f"{place:08d}",
                relationship=member.relationship,
                account=open_account(name, kana) if number == 1 else None,
            )


def _new_name(chance: random.Random, family: tuple[str, str], sex: Sex, used: set[str]) -> tuple[str, str]:
    """Return a name nobody has yet, as long as the family has one left."""
    given = list(MEN if sex == Sex.MALE else WOMEN)
    chance.shuffle(given)
    free = (item for item in given if f"{family[0]} {item[0]}" not in used)
    first, kana = next(free, given[0])
    name = f"{family[0]} {first}"
    used.add(name)
    return name, f"{family[1]} {kana}"


def born(chance: random.Random, age: int) -> date:
    """Return a date of birth of somebody who is ``age`` today, and will be for some days yet."""
    today = clock.today()
    birthday = today.replace(year=today.year - age, day=min(today.day, 28))
    return birthday - timedelta(days=chance.randrange(1, 330))


def _home(chance: random.Random, municipality: Municipality) -> tuple[str, str]:
    postal_code, town = chance.choice(TOWNS[municipality.key])
    house = f"{chance.randrange(90, 100)}番{chance.randrange(90, 100)}号"
    return postal_code, f"{municipality.prefecture}{municipality.name}{town}{house}"
