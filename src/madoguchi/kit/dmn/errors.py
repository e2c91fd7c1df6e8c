"""What can go wrong with a decision model."""

from dataclasses import dataclass


class DmnError(Exception):
    """A document is no usable decision model; ``message`` is Japanese, ``code`` is stable for programs."""

    def __init__(self, message: str, *, code: str) -> None:
        """Keep both parts."""
        self.message = message
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A remark about an evaluation or a model.

    ``code`` names the kind (``unique-violated``, ``any-violated``, ``input-not-allowed``, ``no-rule``, ``type``,
    ``syntax``, ``unsupported``, ``limit``, ``cycle``, ``aggregation``, ``note``), ``element`` the decision or cell.
    """

    code: str
    text: str
    element: str = ""
