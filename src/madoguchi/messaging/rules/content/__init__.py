"""Texts of messages: languages, placeholders, links, lengths, checks, HTML. Pure."""

from __future__ import annotations

from .checking import check_contents, errors_in
from .html import to_html
from .languages import EASY, ENGLISH, FIELDS, JAPANESE, LANGUAGES, Contents, clean_contents, is_written, pick_language
from .lengths import LINE_LIMIT, PUSH_LIMIT, SHORT_LIMIT, SMS_LIMIT, SUBJECT_LIMIT, Size, sizes, sms_parts, units
from .links import extract_links, link_fault, links_in, rewrite_links, split_links
from .placeholders import PLACEHOLDERS, names_in
from .problems import ContentProblem, Severity
from .rendering import Compiled, Rendered, compile_contents, render

__all__ = [
    "EASY",
    "ENGLISH",
    "FIELDS",
    "JAPANESE",
    "LANGUAGES",
    "LINE_LIMIT",
    "PLACEHOLDERS",
    "PUSH_LIMIT",
    "SHORT_LIMIT",
    "SMS_LIMIT",
    "SUBJECT_LIMIT",
    "Compiled",
    "ContentProblem",
    "Contents",
    "Rendered",
    "Severity",
    "Size",
    "check_contents",
    "clean_contents",
    "compile_contents",
    "errors_in",
    "extract_links",
    "is_written",
    "link_fault",
    "links_in",
    "names_in",
    "pick_language",
    "render",
    "rewrite_links",
    "sizes",
    "sms_parts",
    "split_links",
    "to_html",
    "units",
]
