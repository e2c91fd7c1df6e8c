from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import registry
from madoguchi.kit.registry import (
    ConfigProblem,
    DuplicateKeyError,
    InvalidKeyError,
    Registry,
    Severity,
    UnknownKeyError,
)


class Adapter:
    def __init__(self, problems=()):
        self.problems = problems

    def check_config(self):
        return self.problems


class Broken:
    def check_config(self):
        raise OSError("no route")


@given(st.dictionaries(st.text(alphabet="abcxyz", min_size=1, max_size=5), st.integers(), max_size=8))
def test_items_are_listed_in_the_order_of_their_keys(items):
    subject = Registry[int]("things")
    for key, item in items.items():
        assert subject.register(key, item) == item
    assert subject.items() == sorted(items.items())
    assert list(subject) == subject.all() == [items[key] for key in sorted(items)]
    assert len(subject) == len(items)


def test_a_key_is_taken_once():
    subject = Registry[str]("things")
    subject.register("line", "one")
    with pytest.raises(DuplicateKeyError, match="'line' is taken by 'one'"):
        subject.register("line", "two")
    assert subject.get("line") == "one"


@pytest.mark.parametrize("key", ["", "Line", "line-pay", "_line", "line_", "1line", "行", "a b"])
def test_a_key_that_could_not_stay_stable_is_refused(key):
    subject = Registry[str]("things")
    with pytest.raises(InvalidKeyError):
        subject.register(key, "one")
    with pytest.raises(InvalidKeyError), subject.registered_temporarily(key, "one"):
        pass
    assert len(subject) == 0


def test_an_unknown_key_says_which_ones_there_are():
    subject = Registry[str]("payment providers")
    subject.register("card", "one")
    with pytest.raises(UnknownKeyError, match="payment providers: nothing is registered as 'cash' \\(known: card\\)"):
        subject.get("cash")
    assert subject.find("cash") is None
    assert "cash" not in subject
    assert "card" in subject


def test_a_temporary_item_stands_in_and_leaves_also_after_an_error():
    subject = Registry[str]("things")
    subject.register("card", "real")
    with suppress(RuntimeError), subject.registered_temporarily("card", "other") as item:
        assert subject.get("card") == item == "other"
        raise RuntimeError
    with subject.registered_temporarily("cash", "new"):
        assert subject.keys() == ["card", "cash"]
    assert subject.items() == [("card", "real")]


def test_problems_are_collected_from_the_items_that_can_be_asked():
    subject = Registry[object]("adapters")
    problem = ConfigProblem("line", Severity.WARNING, "トークンがありません。")
    subject.register("line", Adapter([problem]))
    subject.register("fine", Adapter())
    subject.register("plain", object())
    subject.register("a_class", Adapter)
    assert subject.check_all() == [problem]
    assert problem in registry.check_all()


def test_a_check_that_fails_is_itself_a_problem():
    subject = Registry[object]("adapters")
    subject.register("broken", Broken())
    (problem,) = subject.check_all()
    assert (problem.key, problem.severity) == ("broken", Severity.ERROR)
    assert "OSError: no route" in problem.message


def test_a_registry_that_is_gone_is_not_asked_any_more():
    subject = Registry[object]("short lived")
    subject.register("line", Adapter([ConfigProblem("gone", Severity.INFO, "消えました。")]))
    assert "gone" in {problem.key for problem in registry.check_all()}
    del subject
    assert "gone" not in {problem.key for problem in registry.check_all()}
