"""Writes of the plan room."""

from .comparison import publish_figures
from .importing import choose_reader, import_data_file, import_document, read_document, read_result
from .publishing import publish_draft
from .sections import give_section, link_sections

__all__ = [
    "choose_reader",
    "give_section",
    "import_data_file",
    "import_document",
    "link_sections",
    "publish_draft",
    "publish_figures",
    "read_document",
    "read_result",
]
