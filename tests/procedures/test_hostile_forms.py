"""What hostile programs and odd keyboards send to the pages of applying: an answer, never a fault, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from madoguchi.procedures.models import Application, Attachment, Draft, Procedure
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, acting_for
from tests.trust.people import make_odawara, make_unit

from .residents import ANSWERS, png, publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def quiet(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STATIC_ROOT.mkdir(exist_ok=True)


@pytest.fixture
def city(db: Any) -> Iterator[Municipality]:
    host_table.clear()
    made = make_odawara()
    with acting_for(made):
        publish(make_unit("市民課"))
        yield made
    host_table.clear()


@pytest.fixture
def visitor(city: Municipality) -> Client:
    return Client(headers={"host": "odawara.localhost"}, raise_request_exception=False)


def begun(visitor: Client) -> Draft:
    answer = visitor.post("/procedures/sample-grant/apply/", {"language": "ja"})
    assert answer.status_code == 302
    return Draft.objects.latest("pk")


@pytest.mark.parametrize("file", ["1", "0", "9" * 18, "9" * 19, "9" * 64, "abc", "-1"])
def test_a_file_that_is_not_there_is_taken_off_without_a_fault(visitor: Client, file: str) -> None:
    draft = begun(visitor)
    answer = visitor.post(
        f"/procedures/apply/{draft.key}/family/", {"revision": "0", "has_children": "no", "do": f"detach:papers:{file}"}
    )
    assert answer.status_code in {302, 422}
    draft.refresh_from_db()
    assert draft.answers["has_children"] is False


def paper(name: str = "a.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(), content_type="image/png")


def sent(visitor: Client, draft: Draft, revision: int, **data: Any) -> Any:
    return visitor.post(f"/procedures/apply/{draft.key}/family/", {"revision": str(revision), "go": "save", **data})


def test_a_file_sent_from_a_window_left_behind_is_kept(visitor: Client) -> None:
    draft = begun(visitor)
    sent(visitor, draft, 0, has_children="no")
    answer = sent(visitor, draft, 0, has_children="yes", papers=paper("遅れた書類.png"))
    assert answer.status_code == 409
    assert "遅れた書類.png" in answer.content.decode()
    draft.refresh_from_db()
    assert [file["name"] for file in draft.answers["papers"]] == ["遅れた書類.png"]
    assert draft.answers["has_children"] is False


def test_a_file_taken_off_in_a_window_left_behind_still_leads_somewhere(visitor: Client) -> None:
    draft = begun(visitor)
    sent(visitor, draft, 0, has_children="no", papers=paper())
    draft.refresh_from_db()
    (file,) = draft.answers["papers"]
    answer = sent(visitor, draft, 0, has_children="yes", do=f"detach:papers:{file['file']}")
    assert answer.status_code == 409
    draft.refresh_from_db()
    assert draft.answers["papers"] == [file]
    assert Attachment.objects.filter(draft=draft, stored_id=int(file["file"])).exists()
    sent(visitor, draft, draft.revision, has_children="yes", do=f"detach:papers:{file['file']}")
    draft.refresh_from_db()
    assert "papers" not in draft.answers
    assert not Attachment.objects.filter(draft=draft).exists()


def test_a_million_characters_are_refused_by_number_and_not_kept_whole(visitor: Client) -> None:
    draft = begun(visitor)
    answer = visitor.post(
        f"/procedures/apply/{draft.key}/person/", {"revision": "0", "name.family": "長" * 1_000_000, "name.given": "𠮷"}
    )
    assert answer.status_code == 422
    assert "文字以内で入力してください" in answer.content.decode()
    draft.refresh_from_db()
    assert len(draft.answers["name"]["family"]) < 50_000
    assert draft.answers["name"]["given"] == "𠮷"


def test_a_refused_file_is_named_once(visitor: Client) -> None:
    draft = begun(visitor)
    answer = sent(visitor, draft, 0, go="next", has_children="no", papers=SimpleUploadedFile("空.pdf", b""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('href="#id_papers') == 1
    assert "ファイルが空です" in page


def test_a_draft_of_a_procedure_that_has_ended_is_not_sent_and_says_why(visitor: Client) -> None:
    draft = begun(visitor)
    draft.answers = ANSWERS
    draft.save()
    Procedure.objects.update(is_retired=True)
    answer = visitor.post(f"/procedures/apply/review/{draft.key}/", {"declared": "yes"})
    assert answer.status_code == 422
    assert "受付を終了した" in answer.content.decode()
    assert not Application.objects.exists()
    assert Draft.objects.filter(pk=draft.pk).exists()
    again = visitor.get("/procedures/sample-grant/apply/", follow=True)
    assert (again.status_code, again.redirect_chain) == (410, [("/procedures/sample-grant/", 302)])
