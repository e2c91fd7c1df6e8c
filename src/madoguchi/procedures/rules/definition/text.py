"""Texts in several languages: what a definition says to people."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

LANGUAGES = ("ja", "ja-easy", "en")
"""Japanese is required; a missing language falls back to Japanese."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=60)]
"""A stable name inside a definition or of a definition: ``jumin-hyo``, ``moved_on``."""

Line = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]


class Part(BaseModel):
    """A piece of a definition: unknown keys are refused, so that a misspelt one is not silently lost."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, str_strip_whitespace=True)


class Text(Part):
    """A text in Japanese, and where it was translated in やさしい日本語 and English."""

    ja: Line = ""
    easy: Line = Field(default="", alias="ja-easy")
    en: Line = ""

    def in_language(self, language: str) -> str:
        """Return the text in a language of the installation, in Japanese where it is not translated."""
        return {"ja-easy": self.easy, "en": self.en}.get(language, "") or self.ja

    def __bool__(self) -> bool:
        return bool(self.ja or self.easy or self.en)

    def __str__(self) -> str:
        return self.ja


def _as_text(value: Any) -> Any:
    return {"ja": value} if isinstance(value, str) else value


AnyText = Annotated[Text, BeforeValidator(_as_text)]
"""A ``Text``; a bare string is its Japanese."""

Condition = Annotated[str, StringConstraints(max_length=500)]
"""A FEEL expression over the answers (``moved_from = "abroad" and age >= 20``); empty for always."""
