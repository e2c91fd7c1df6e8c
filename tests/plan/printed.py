"""Printed PDFs as programs from outside see them: poppler's tools and pikepdf."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf
import pytest


def run(tool: str, *arguments: str, data: bytes) -> str:
    """Return what one of poppler's tools says of a PDF."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed (poppler-utils)")
    done = subprocess.run([tool, *arguments], input=data, capture_output=True, check=True)
    return done.stdout.decode()


@dataclass
class Printed:
    """A PDF and what outside programs read in it."""

    content: bytes

    @cached_property
    def info(self) -> dict[str, str]:
        """What pdfinfo says."""
        lines = run("pdfinfo", "-", data=self.content).splitlines()
        return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @cached_property
    def fonts(self) -> list[list[str]]:
        """The rows of pdffonts: name, …, emb, sub, uni, object."""
        return [line.split() for line in run("pdffonts", "-", data=self.content).splitlines()[2:]]

    @cached_property
    def text(self) -> str:
        """The text as pdftotext gives it, in reading order."""
        return run("pdftotext", "-", "-", data=self.content)

    @cached_property
    def squeezed(self) -> str:
        """The text without spaces and line breaks: where lines break is not what these tests are about."""
        return squeeze(self.text)

    @cached_property
    def pdf(self) -> pikepdf.Pdf:
        """The PDF as objects."""
        return pikepdf.open(io.BytesIO(self.content))

    @property
    def pages(self) -> int:
        """The number of pages."""
        return int(self.info["Pages"])

    def bookmarks(self) -> list[str]:
        """The titles of the outline, at every level."""
        with self.pdf.open_outline() as outline:
            return list(_titles(outline.root))

    def elements(self, kind: str) -> list[Any]:
        """The structure elements of a kind: Figure, TH, H1 …"""
        return [item for item in _walk(self.pdf.Root.StructTreeRoot) if str(item.get("/S", "")) == f"/{kind}"]


def squeeze(text: str) -> str:
    """Return a text without white space."""
    return re.sub(r"\s+", "", text)


def _titles(items: Any) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from _titles(item.children)


def _walk(element: Any) -> Iterator[Any]:
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from _walk(child)
