"""Every page template compiles, names only files that exist, and carries no inline script or style."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines
from jinja2 import TemplateNotFound, meta

from .house import SOURCE

TEMPLATES = sorted(path for folder in SOURCE.glob("*/jinja2") for path in folder.rglob("*") if path.is_file())
INLINE = re.compile(
    r"<style[\s>]|\sstyle\s*=\s*[\"']|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\b(src|type=\"application/json\"))", re.I
)
OUTSIDE = re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//(?!www\.w3\.org)", re.I)


def name_of(path: Path) -> str:
    return "/".join(path.parts[path.parts.index("jinja2") + 1 :])


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 10


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_compiles_and_finds_its_parts(path: Path) -> None:
    environment = engines["jinja2"].env
    environment.get_template(name_of(path))
    for part in meta.find_referenced_templates(environment.parse(path.read_text(encoding="utf-8"))):
        if part is None:
            continue
        try:
            environment.get_template(part)
        except TemplateNotFound:
            pytest.fail(f"{name_of(path)} names {part}, which does not exist")


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_carries_nothing_inline_and_nothing_from_outside(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".typ" or "email" in path.parts:
        return
    assert not INLINE.search(text), f"{name_of(path)}: inline script or style"
    assert not OUTSIDE.search(text), f"{name_of(path)}: an address of another host"
