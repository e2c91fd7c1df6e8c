"""What can go wrong with a FEEL text: it is not FEEL, it uses what is left out, or it asks for too much."""


class FeelError(Exception):
    """Something about a FEEL text; ``message`` is Japanese and says what and where, ``code`` is stable for programs.

    ``line`` and ``column`` count from 1 and point into the text; 0 means that the place is not known.
    """

    def __init__(self, message: str, *, code: str, line: int = 0, column: int = 0) -> None:
        """Keep the parts beside the assembled message."""
        self.message = message
        self.code = code
        self.line = line
        self.column = column
        super().__init__(f"{line}行{column}文字目：{message}" if line else message)


class FeelSyntaxError(FeelError):
    """The text is not a FEEL expression (or not unary tests)."""


class FeelUnsupportedError(FeelError):
    """The text is FEEL, but uses a construct that this evaluator leaves out on purpose; ``construct`` names it."""

    def __init__(self, construct: str, *, line: int = 0, column: int = 0) -> None:
        """Name the construct."""
        self.construct = construct
        message = f"「{construct}」はこのシステムでは使えません。別の書き方にしてください。"
        super().__init__(message, code="unsupported", line=line, column=column)


class FeelLimitError(FeelError):
    """The text, or its evaluation, is larger than allowed (length, depth, steps, size of a value)."""

    def __init__(self, message: str, *, line: int = 0, column: int = 0) -> None:
        """Say which limit was met."""
        super().__init__(message, code="limit", line=line, column=column)


def position_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a character offset."""
    before = text[: max(offset, 0)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
