"""The words in which rules are told, one table per language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """
    What a language says of each kind of condition: before another clause, at the end, and both denied; ``{x}`` is the value.

    ``person`` ends the noun phrase, ``joint`` stands between clauses, ``either`` between alternatives.
    """

    clauses: dict[str, tuple[str, str, str, str]]
    phrase: str
    everyone: str
    chosen: str
    joint: str
    either: str
    listed: str
    more: str
    quoted: str
    age: tuple[str, str, str, str]
    day: str
    on: str
    year: str
    span: tuple[str, str, str]
    grades: dict[str, str]
    value_of: str


_JA_GRADES = {
    "kinder3": "年少",
    "kinder4": "年中",
    "kinder5": "年長",
    **{f"elementary{n}": f"小学{n}年生" for n in range(1, 7)},
    **{f"junior{n}": f"中学{n}年生" for n in range(1, 4)},
    **{f"high{n}": f"高校{n}年生の年齢" for n in range(1, 4)},
}
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
_EN_GRADES = {
    "kinder3": "the first year of kindergarten",
    "kinder4": "the second year of kindergarten",
    "kinder5": "the last year of kindergarten",
    **{f"elementary{n}": f"{_ORDINALS[n]} grade of elementary school" for n in range(1, 7)},
    **{f"junior{n}": f"{_ORDINALS[n]} year of junior high school" for n in range(1, 4)},
    **{f"high{n}": f"the age of the {_ORDINALS[n]} year of high school" for n in range(1, 4)},
}

JAPANESE = Words(
    clauses={
        "topic": ("{x}を購読していて", "{x}を購読している", "{x}を購読しておらず", "{x}を購読していない"),
        "age": ("{x}で", "{x}の", "{x}ではなく", "{x}ではない"),
        "born": ("{x}に生まれて", "{x}に生まれた", "{x}の生まれではなく", "{x}の生まれではない"),
        "town": ("{x}にお住まいで", "{x}にお住まいの", "{x}にお住まいではなく", "{x}にお住まいではない"),
        "postal_code": (
            "郵便番号が{x}で始まり",
            "郵便番号が{x}で始まる",
            "郵便番号が{x}で始まらず",
            "郵便番号が{x}で始まらない",
        ),
        "language": (
            "{x}での連絡を希望していて",
            "{x}での連絡を希望している",
            "{x}での連絡を希望しておらず",
            "{x}での連絡を希望していない",
        ),
        "child_age": (
            "{x}のお子さんがいて",
            "{x}のお子さんがいる",
            "{x}のお子さんがおらず",
            "{x}のお子さんがいない",
        ),
        "child_grade": (
            "{x}のお子さんがいて",
            "{x}のお子さんがいる",
            "{x}のお子さんがおらず",
            "{x}のお子さんがいない",
        ),
        "need": ("{x}と登録していて", "{x}と登録している", "{x}と登録しておらず", "{x}と登録していない"),
        "source": ("{x}に当てはまり", "{x}に当てはまる", "{x}に当てはまらず", "{x}に当てはまらない"),
        "group": ("（{x}）に当てはまり", "（{x}）に当てはまる", "（{x}）に当てはまらず", "（{x}）に当てはまらない"),
    },
    phrase="{x}方",
    everyone="すべての方",
    chosen="選ばれた{x}人の方",
    joint="、",
    either="、または",
    listed="・",
    more="など{x}件",
    quoted="「{x}」",
    age=("{a}歳", "{a}歳から{b}歳", "{a}歳以上", "{b}歳以下"),
    day="{y}年{m}月{d}日",
    on="{x}に{age}",
    year="{year}に{x}",
    span=("{a}から{b}まで", "{a}以降", "{b}まで"),
    grades=_JA_GRADES,
    value_of="{source}：{x}",
)

EASY_JAPANESE = Words(
    clauses={
        **JAPANESE.clauses,
        "topic": (
            "{x}の お知らせを もらっていて",
            "{x}の お知らせを もらっている",
            "{x}の お知らせを もらっていなくて",
            "{x}の お知らせを もらっていない",
        ),
        "town": ("{x}に 住んでいて", "{x}に 住んでいる", "{x}に 住んでいなくて", "{x}に 住んでいない"),
        "language": (
            "{x}で 知らせてほしくて",
            "{x}で 知らせてほしい",
            "{x}で 知らせてほしくなくて",
            "{x}で 知らせてほしくない",
        ),
        "child_age": ("{x}の 子どもが いて", "{x}の 子どもが いる", "{x}の 子どもが いなくて", "{x}の 子どもが いない"),
        "child_grade": (
            "{x}の 子どもが いて",
            "{x}の 子どもが いる",
            "{x}の 子どもが いなくて",
            "{x}の 子どもが いない",
        ),
        "need": ("{x}と 登録していて", "{x}と 登録している", "{x}と 登録していなくて", "{x}と 登録していない"),
    },
    phrase="{x} 人",
    everyone="みんな",
    chosen="選んだ {x}人",
    joint="、",
    either="、または ",
    listed="・",
    more="など {x}つ",
    quoted="「{x}」",
    age=JAPANESE.age,
    day=JAPANESE.day,
    on=JAPANESE.on,
    year=JAPANESE.year,
    span=JAPANESE.span,
    grades=_JA_GRADES,
    value_of=JAPANESE.value_of,
)

ENGLISH = Words(
    clauses={
        "topic": ("subscribe to {x}", "subscribe to {x}", "do not subscribe to {x}", "do not subscribe to {x}"),
        "age": ("are {x}", "are {x}", "are not {x}", "are not {x}"),
        "born": ("were born {x}", "were born {x}", "were not born {x}", "were not born {x}"),
        "town": ("live in {x}", "live in {x}", "do not live in {x}", "do not live in {x}"),
        "postal_code": (
            "have a postal code beginning with {x}",
            "have a postal code beginning with {x}",
            "have no postal code beginning with {x}",
            "have no postal code beginning with {x}",
        ),
        "language": ("wish to read {x}", "wish to read {x}", "do not wish to read {x}", "do not wish to read {x}"),
        "child_age": (
            "have a child who is {x}",
            "have a child who is {x}",
            "have no child who is {x}",
            "have no child who is {x}",
        ),
        "child_grade": ("have a child in {x}", "have a child in {x}", "have no child in {x}", "have no child in {x}"),
        "need": ("have registered {x}", "have registered {x}", "have not registered {x}", "have not registered {x}"),
        "source": ("are known as {x}", "are known as {x}", "are not known as {x}", "are not known as {x}"),
        "group": ("are among ({x})", "are among ({x})", "are not among ({x})", "are not among ({x})"),
    },
    phrase="people who {x}",
    everyone="everybody",
    chosen="{x} chosen people",
    joint=" and ",
    either=", or ",
    listed=" or ",
    more=" and {x} more",
    quoted="“{x}”",
    age=("aged {a}", "aged {a} to {b}", "aged {a} or more", "aged {b} or less"),
    day="{y}-{m:02}-{d:02}",
    on="{age} on {x}",
    year="{x} in {year}",
    span=("from {a} to {b}", "on or after {a}", "on or before {b}"),
    grades=_EN_GRADES,
    value_of="{source}: {x}",
)

WORDS: dict[str, Words] = {"ja": JAPANESE, "ja-easy": EASY_JAPANESE, "en": ENGLISH}
