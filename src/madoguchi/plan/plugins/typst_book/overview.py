"""The overview of a plan on one A3 sheet as a document to typeset."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from . import words
from .compose import Data, compose


def overview_document(data: Data, *, printed_on: date) -> Data:
    """Return the sheet, ready for the template ``overview``; ``data`` is what ``selectors.printing.overview_data`` gives."""
    title = _("{plan} 全体図").format(plan=data["plan"]["title"])
    names = words.class_words()
    extra = {
        "state-counts": data["states"],
        "has-sections": any(
            project["sections"] for goal in data["goals"] for group in goal["groups"] for project in group["projects"]
        ),
        "classes-counted": [{"name": names[key], "count": count} for key, count in data["classes"].items() if count],
    }
    return compose(
        {**data, **extra},
        title=title,
        printed_on=printed_on,
        texts=words.overview_words(),
        headings={
            "sheet-title": ("", data["plan"]["title"]),
            **{f"band-{goal['id']}": (goal["code"], goal["title"]) for goal in data["goals"]},
        },
    )
