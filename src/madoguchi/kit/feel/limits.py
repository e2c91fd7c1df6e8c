"""Bounds that keep a text typed in a browser from taking the process with it."""

from collections.abc import Callable
from dataclasses import dataclass

from madoguchi.kit.feel.errors import FeelLimitError


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one text and one evaluation may use.

    ``text_length`` characters, ``depth`` nested constructs, ``steps`` loop turns, calls and list items of one
    evaluation, ``call_depth`` nested calls of user-defined functions, ``string_length`` characters of one string,
    ``list_length`` items of one list, ``pattern_steps`` steps of one regular expression search.
    """

    text_length: int = 20_000
    depth: int = 60
    steps: int = 200_000
    call_depth: int = 40
    string_length: int = 200_000
    list_length: int = 100_000
    pattern_steps: int = 200_000


DEFAULT_LIMITS = Limits()


class Budget:
    """What is left of the steps of one evaluation, and what the evaluation wants to tell people."""

    __slots__ = ("calls", "limits", "notes", "observer", "steps")

    NOTES_KEPT = 20

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        """Start with a full budget."""
        self.limits = limits
        self.steps = limits.steps
        self.calls = 0
        self.notes: list[str] = []
        self.observer: Callable[[object], None] | None = None

    def spend(self, amount: int = 1) -> None:
        """Take steps from the budget; FeelLimitError when it is used up."""
        self.steps -= amount
        if self.steps < 0:
            raise FeelLimitError(f"計算の回数が上限（{self.limits.steps}回）を超えました。式を簡単にしてください。")

    def weigh(self, value: object) -> None:
        """Take the steps that going through a large value costs, so that loops over large values end in time."""
        if type(value) is list or type(value) is dict:
            self.spend(len(value) >> 4)
        elif type(value) is str:
            self.spend(len(value) >> 9)

    def enter_call(self) -> None:
        """Count one more nested call of a user-defined function; pair with :meth:`leave_call`."""
        self.calls += 1
        self.spend()
        if self.calls > self.limits.call_depth:
            raise FeelLimitError(f"関数の呼び出しが深すぎます（上限{self.limits.call_depth}段）。")

    def leave_call(self) -> None:
        """Undo :meth:`enter_call`."""
        self.calls -= 1

    def check_string(self, value: str) -> str:
        """Return the string if it is not too long."""
        if len(value) > self.limits.string_length:
            raise FeelLimitError(f"文字列が長すぎます（上限{self.limits.string_length}文字）。")
        return value

    def check_list(self, value: list[object]) -> list[object]:
        """Return the list if it is not too long."""
        if len(value) > self.limits.list_length:
            raise FeelLimitError(f"リストが長すぎます（上限{self.limits.list_length}件）。")
        return value

    def observe(self, event: object) -> None:
        """Tell whoever watches the evaluation what happened."""
        if self.observer is not None:
            self.observer(event)

    def reject(self, text: str) -> object:
        """Note why a value is null, and return that null."""
        self.note(text)
        return None

    def note(self, text: str) -> None:
        """Remember a remark about the evaluation (a few are kept, each once)."""
        if len(self.notes) < self.NOTES_KEPT and text not in self.notes:
            self.notes.append(text)
