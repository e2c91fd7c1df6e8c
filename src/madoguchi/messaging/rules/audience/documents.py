"""Rule documents: plain JSON, read strictly, with errors that say where."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any as Anything

from ...errors import AudienceError
from . import nodes
from .times import GRADES

MAXIMUM_DEPTH = 6
MAXIMUM_CONDITIONS = 60
MAXIMUM_VALUES = 1000
_LONGEST = 80
_OLDEST = 150
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KEY = re.compile(r"[0-9A-Za-z]{26}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def parse_rule(document: object) -> nodes.Rule:
    """
    Read a rule document: ``{"all": […]}``, ``{"any": […]}``, ``{"not": …}`` or one condition such as ``{"town": ["栄町"]}``.

    Raises ``AudienceError`` that says where and what to do: for an unknown condition, a value of another kind, an empty list,
    a range the wrong way round, more than ``MAXIMUM_DEPTH`` levels or ``MAXIMUM_CONDITIONS`` conditions.
    """
    reader = _Reader()
    return reader.read(document, "対象", 1)


def write_rule(rule: nodes.Rule) -> dict[str, Anything]:
    """Return the document of a rule; reading it again gives the same rule."""
    if isinstance(rule, nodes.All):
        return {"all": [write_rule(part) for part in rule.parts]}
    if isinstance(rule, nodes.Any):
        return {"any": [write_rule(part) for part in rule.parts]}
    if isinstance(rule, nodes.Not):
        return {"not": write_rule(rule.part)}
    return _write_condition(rule)


def _write_condition(rule: nodes.Condition) -> dict[str, Anything]:
    if isinstance(rule, nodes.Everyone):
        return {"everyone": True}
    if isinstance(rule, nodes.Age | nodes.ChildAge):
        name = "age" if isinstance(rule, nodes.Age) else "child_age"
        return {name: _filled({"from": rule.first, "to": rule.last, "on": _day(rule.on)})}
    if isinstance(rule, nodes.Born):
        return {"born": _filled({"from": _day(rule.first), "to": _day(rule.last)})}
    if isinstance(rule, nodes.ChildGrade):
        return {"child_school_year": _filled({"grades": list(rule.grades), "fiscal_year": rule.fiscal_year})}
    if isinstance(rule, nodes.Sources):
        return {"source": {"key": rule.key, "values": list(rule.values)}}
    return _write_list(rule)


def _write_list(
    rule: nodes.Topics | nodes.Towns | nodes.PostalCodes | nodes.Languages | nodes.Needs | nodes.Recipients,
) -> dict[str, Anything]:
    if isinstance(rule, nodes.Towns):
        return {"town": list(rule.names)}
    if isinstance(rule, nodes.PostalCodes):
        return {"postal_code": list(rule.prefixes)}
    if isinstance(rule, nodes.Recipients):
        return {"recipients": list(rule.keys)}
    name = {nodes.Topics: "topic", nodes.Languages: "language", nodes.Needs: "need"}[type(rule)]
    return {name: list(rule.codes)}


def _filled(values: dict[str, Anything]) -> dict[str, Anything]:
    return {name: value for name, value in values.items() if value is not None}


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _wrong(path: str, message: str) -> AudienceError:
    return AudienceError(f"{path}：{message}", path=path)


class _Reader:
    """Reads one document and counts its conditions."""

    def __init__(self) -> None:
        self.count = 0

    def read(self, document: object, path: str, depth: int) -> nodes.Rule:
        if depth > MAXIMUM_DEPTH:
            raise _wrong(path, f"条件の入れ子が深すぎます。{MAXIMUM_DEPTH}段までにしてください。")
        if not isinstance(document, Mapping) or not document:
            raise _wrong(path, "対象が選ばれていません。全員に送るときも「すべての方」を選んでください。")
        if len(document) > 1:
            raise _wrong(
                path, "条件は1つずつ書いてください。組み合わせるときは「すべて満たす」か「どれかを満たす」に入れます。"
            )
        name, value = next(iter(document.items()))
        if name in ("all", "any"):
            parts = self._parts(value, f"{path} › {name}", depth)
            return nodes.All(parts) if name == "all" else nodes.Any(parts)
        if name == "not":
            return nodes.Not(self.read(value, f"{path} › not", depth + 1))
        return self._condition(str(name), value, path)

    def _parts(self, value: object, path: str, depth: int) -> tuple[nodes.Rule, ...]:
        if not isinstance(value, list | tuple) or not value:
            raise _wrong(path, "条件が1つもありません。条件を足すか、この組み合わせを消してください。")
        if len(value) > MAXIMUM_CONDITIONS:
            raise _wrong(path, f"条件が多すぎます。全部で{MAXIMUM_CONDITIONS}個までにしてください。")
        return tuple(self.read(part, f"{path}[{at}]", depth + 1) for at, part in enumerate(value, start=1))

    def _condition(self, name: str, value: object, path: str) -> nodes.Condition:
        self.count += 1
        if self.count > MAXIMUM_CONDITIONS:
            raise _wrong(path, f"条件が多すぎます。全部で{MAXIMUM_CONDITIONS}個までにしてください。")
        read = _CONDITIONS.get(name)
        if read is None:
            known = "、".join(sorted([*_CONDITIONS, "all", "any", "not"]))
            raise _wrong(path, f"「{name[:40]}」という条件はありません。使えるのは次のものです：{known}")
        return read(value, f"{path} › {name}")


def _texts(value: object, path: str, *, pattern: re.Pattern[str] | None = None) -> tuple[str, ...]:
    """Return a list of different texts without control characters; one text stands for a list of one."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not values:
        raise _wrong(path, "値を1つ以上選んでください。")
    if len(values) > MAXIMUM_VALUES:
        raise _wrong(path, f"値が多すぎます。{MAXIMUM_VALUES}個までにしてください。")
    found = []
    for at, one in enumerate(values, start=1):
        text = one.strip() if isinstance(one, str) else ""
        if not text or len(text) > _LONGEST or _CONTROL.search(text):
            raise _wrong(f"{path}[{at}]", f"1〜{_LONGEST}文字の文字で書いてください。")
        if pattern is not None and not pattern.fullmatch(text):
            raise _wrong(f"{path}[{at}]", f"「{text}」は、この条件の値として読めません。")
        found.append(text)
    return tuple(dict.fromkeys(found))


def _fields(value: object, path: str, known: frozenset[str]) -> Mapping[str, Anything]:
    if not isinstance(value, Mapping):
        raise _wrong(path, "「from」や「to」などの項目で書いてください。")
    if unknown := sorted(str(name) for name in value if name not in known):
        raise _wrong(path, f"「{unknown[0][:40]}」という項目はありません。使えるのは{'、'.join(sorted(known))}です。")
    return value


def _number(value: object, path: str, low: int, high: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _wrong(path, f"{low}から{high}までの整数で書いてください。")
    return value


def _date(value: object, path: str) -> date | None:
    if value is None:
        return None
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            found = date.fromisoformat(value)
        except ValueError:
            found = date.min
        if 1850 <= found.year <= 2200:
            return found
    raise _wrong(path, "「2026-04-01」のように、ある日付で書いてください。")


def _everyone(value: object, path: str) -> nodes.Condition:
    if value is not True:
        raise _wrong(path, "「すべての方」を選ぶときは true と書いてください。")
    return nodes.Everyone()


def _ages(value: object, path: str) -> tuple[int | None, int | None, date | None]:
    if isinstance(value, int) and not isinstance(value, bool):
        value = {"from": value, "to": value}
    fields = _fields(value, path, frozenset({"from", "to", "on"}))
    first = _number(fields.get("from"), f"{path} › from", 0, _OLDEST)
    last = _number(fields.get("to"), f"{path} › to", 0, _OLDEST)
    if first is None and last is None:
        raise _wrong(path, "「何歳から」か「何歳まで」の少なくとも一方を書いてください。")
    if first is not None and last is not None and first > last:
        raise _wrong(path, f"「{first}歳から{last}歳まで」は、前後が逆です。")
    return first, last, _date(fields.get("on"), f"{path} › on")


def _age(value: object, path: str) -> nodes.Condition:
    return nodes.Age(*_ages(value, path))


def _child_age(value: object, path: str) -> nodes.Condition:
    return nodes.ChildAge(*_ages(value, path))


def _born(value: object, path: str) -> nodes.Condition:
    fields = _fields(value, path, frozenset({"from", "to"}))
    first, last = _date(fields.get("from"), f"{path} › from"), _date(fields.get("to"), f"{path} › to")
    if first is None and last is None:
        raise _wrong(path, "「いつから」か「いつまで」の少なくとも一方を書いてください。")
    if first is not None and last is not None and first > last:
        raise _wrong(path, f"「{first}から{last}まで」は、前後が逆です。")
    return nodes.Born(first, last)


def _postal_code(value: object, path: str) -> nodes.Condition:
    prefixes = tuple(prefix.replace("-", "") for prefix in _texts(value, path))
    for at, prefix in enumerate(prefixes, start=1):
        if not re.fullmatch(r"[0-9]{1,7}", prefix):
            raise _wrong(f"{path}[{at}]", "郵便番号の初めの1〜7けたを数字で書いてください。")
    return nodes.PostalCodes(tuple(dict.fromkeys(prefixes)))


def _grade(value: object, path: str) -> nodes.Condition:
    year = None
    if isinstance(value, Mapping):
        fields = _fields(value, path, frozenset({"grades", "fiscal_year"}))
        year = _number(fields.get("fiscal_year"), f"{path} › fiscal_year", 1950, 2200)
        value = fields.get("grades")
    grades = _texts(value, path)
    for at, grade in enumerate(grades, start=1):
        if grade not in GRADES:
            raise _wrong(f"{path}[{at}]", f"「{grade}」という学年はありません。使えるのは{'、'.join(GRADES)}です。")
    return nodes.ChildGrade(grades, year)


def _source(value: object, path: str) -> nodes.Condition:
    fields = _fields(value, path, frozenset({"key", "values"}))
    (key, *more) = _texts(fields.get("key"), f"{path} › key", pattern=_CODE)
    if more:
        raise _wrong(f"{path} › key", "1つだけ書いてください。")
    return nodes.Sources(key, _texts(fields.get("values"), f"{path} › values"))


_CONDITIONS: dict[str, Callable[[object, str], nodes.Condition]] = {
    "everyone": _everyone,
    "topic": lambda value, path: nodes.Topics(_texts(value, path, pattern=_CODE)),
    "age": _age,
    "born": _born,
    "town": lambda value, path: nodes.Towns(_texts(value, path)),
    "postal_code": _postal_code,
    "language": lambda value, path: nodes.Languages(_texts(value, path, pattern=_LANGUAGE)),
    "child_age": _child_age,
    "child_school_year": _grade,
    "need": lambda value, path: nodes.Needs(_texts(value, path, pattern=_CODE)),
    "source": _source,
    "recipients": lambda value, path: nodes.Recipients(_texts(value, path, pattern=_KEY)),
}
