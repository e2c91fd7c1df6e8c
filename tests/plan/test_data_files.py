"""The plan data files of the product are exactly what the readers make of the published documents."""

from __future__ import annotations

from importlib import resources

import pytest

from madoguchi.plan.api import data_file, draft_to_json, read_document
from madoguchi.plan.rules.draft_json import PARAGRAPHS, from_json, to_json
from tests.shared import shared_path

DOCUMENTS = {
    "odawara": "000_a1f557fcb0bb8986.txt",
    "oyama": "001_4cefa27246f421f4.txt",
    "isehara": "002_ea242bac5a20fb20.txt",
    "sagamihara": "003_faa98ea2890206e1.txt",
    "hiratsuka": "004_b774b5e0510156c9.txt",
}


def shipped(key: str) -> str:
    return (resources.files("madoguchi.plan") / "data" / "plans" / f"{key}.json").read_text(encoding="utf-8")


@pytest.mark.shared
@pytest.mark.parametrize("key", DOCUMENTS)
def test_reading_the_document_gives_the_shipped_file(key: str) -> None:
    result = read_document(shared_path("seeds", DOCUMENTS[key]).read_bytes())
    assert result.reader == key
    assert result.unplaced == ()
    assert data_file(draft_to_json(result)) == shipped(key)


@pytest.mark.shared
@pytest.mark.parametrize("key", DOCUMENTS)
def test_a_read_result_survives_json(key: str) -> None:
    result = read_document(shared_path("seeds", DOCUMENTS[key]).read_bytes())
    assert from_json(to_json(result)) == result


@pytest.mark.parametrize("key", DOCUMENTS)
def test_a_shipped_file_carries_no_paragraphs(key: str) -> None:
    assert not [name for name in PARAGRAPHS if f'"{name}":' in shipped(key)]
