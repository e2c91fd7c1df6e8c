"""What the shapes have in common: refusals, texts, plain strings."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Schema

PlainText = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Code = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9_-]*$")]
Language = Annotated[str, Field(pattern=r"^(ja|ja-easy|en)$", description="ja、ja-easy、en")]


class Problem(Schema):
    """A refusal, after RFC 9457; ``errors`` names the fields."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] | None = None


class Translated(Schema):
    """A text in the languages it was written in."""

    ja: str
    easy: str = ""
    en: str = ""
