"""Pages on which the secretariat uploads a document, checks it beside its source, corrects it and publishes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from madoguchi.plan import events
from madoguchi.plan.api import Plan, PlanDraft, import_data_file
from madoguchi.plan.enums import DraftStatus
from madoguchi.plan.services.correcting import correct_draft
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Event, acting_for
from madoguchi.trust.enums import Role

from .factories import make_city, make_staff, plan_content

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PART = "plans/0/goals/0/measures/0/projects/0"
TARGET = f"{PART}/indicators/0/targets/0"


@pytest.fixture
def city(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    host_table.clear()
    with acting_for(make_city()) as municipality:
        yield municipality
    host_table.clear()


def signed_in(role: Role) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(make_staff(role))
    return client


@pytest.fixture
def client(city) -> Client:
    return signed_in(Role.SECRETARIAT)


@pytest.fixture
def draft(city) -> PlanDraft:
    made = import_data_file(name="plan.json", data=json.dumps(plan_content()).encode())
    made.document = "\n".join(f"計画書の{line}行目" for line in range(1, 41))
    made.content["unplaced"] = [{"line": 40, "text": "新しい指標", "reason": "見出しがありません。"}]
    made.content["warnings"] = [{"line": 13, "text": "", "reason": "合計が合いません。"}]
    made.content["ignored"] = [{"line": 2, "place": "ページ番号"}]
    made.save()
    return made


def upload(client: Client, name: str, data: bytes) -> Any:
    return client.post("/steering/drafts/", {"file": SimpleUploadedFile(name, data)})


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode().replace("<wbr>", "")


def test_every_page_of_a_draft_opens_with_and_without_its_document(client, draft) -> None:
    for name in ("", f"correct/?path={TARGET}/value", "rows/40/", "publish/", "corrections/", "?q=電子", "?q=ない"):
        page(client, f"/steering/drafts/{draft.pk}/{name}")
    assert "計画書の13行目" in page(client, f"/steering/drafts/{draft.pk}/")
    assert "plan.json" in page(client, "/steering/drafts/")
    PlanDraft.objects.update(document="")
    assert "原文はありません" in page(client, f"/steering/drafts/{draft.pk}/")


def test_codes_are_shown_and_chosen_in_words(client, draft) -> None:
    draft.content["plans"][0]["relations"] = [{"kind": "superior_plan", "target": "総合計画", "line": 2}]
    draft.save()
    text = page(client, f"/steering/drafts/{draft.pk}/")
    assert "上位・関連計画" in text
    assert "superior_plan" not in text
    form = page(client, f"/steering/drafts/{draft.pk}/correct/?path=plans/0/relations/0/kind")
    assert '<option value="superior_plan" selected>' in form


def test_a_document_is_checked_corrected_placed_and_published(client, draft) -> None:
    base = f"/steering/drafts/{draft.pk}/"
    refused = client.post(base + "publish/")
    assert refused.status_code == 409
    assert "40行目" in refused.content.decode()
    answer = client.post(
        base + "correct/", {"path": f"{TARGET}/value", "version": 1, "text": "1,600", "reason": "読み誤り"}
    )
    assert answer.status_code == 302
    row = {
        "line": 40,
        "version": 2,
        "role": "indicator",
        "part": PART,
        "label": "新しい指標",
        "fiscal_year": 2025,
        "text": "50件",
    }
    assert client.post(base + "rows/40/", row).status_code == 302
    assert "読み誤り" in page(client, base + "corrections/")
    published = client.post(base + "publish/")
    assert published.url == "/plan/ict-2024/"
    assert "新しい指標" in page(client, "/plan/ict-2024/indicators/")
    assert client.get(base + "rows/40/").status_code == 302


def test_a_discarded_draft_leaves_published_plans_alone(client, draft) -> None:
    assert client.post(f"/steering/drafts/{draft.pk}/discard/").url == "/steering/drafts/"
    draft.refresh_from_db()
    assert draft.status == DraftStatus.DISCARDED
    again = client.post(f"/steering/drafts/{draft.pk}/publish/")
    assert again.status_code == 409


def test_the_slower_of_two_correctors_is_told_on_the_page(client, draft) -> None:
    other = make_staff(Role.SECRETARIAT, login="other")
    correct_draft(draft=draft, path=f"{TARGET}/value", text="1600", reason="先", version=1, actor=other)
    answer = client.post(
        f"/steering/drafts/{draft.pk}/correct/",
        {"path": f"{TARGET}/value", "version": 1, "text": "1700", "reason": "後"},
    )
    assert answer.status_code == 422
    assert "先に訂正" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "status"), [("", 404), ("plans/0/line", 404), ("__class__", 404), ("plans/-1/title", 404)]
)
def test_a_path_that_leads_nowhere_is_no_page(path, status, client, draft) -> None:
    assert client.get(f"/steering/drafts/{draft.pk}/correct/", {"path": path}).status_code == status


@pytest.mark.parametrize("role", [Role.SECTION_CHIEF, Role.SECTION_STAFF, Role.COUNCIL])
def test_without_the_duty_nothing_opens_and_nothing_changes(role, draft) -> None:
    client = signed_in(role)
    before = Event.objects.filter(key__startswith="plan.").count()
    for name in ("", "correct/", "rows/40/", "publish/", "corrections/"):
        assert client.get(f"/steering/drafts/{draft.pk}/{name}").status_code == 403
    for name in ("correct/", "rows/40/", "publish/", "discard/"):
        assert client.post(f"/steering/drafts/{draft.pk}/{name}").status_code == 403
    assert upload(client, "plan.json", b"{}").status_code == 403
    draft.refresh_from_db()
    assert (draft.status, draft.version) == (DraftStatus.OPEN, 1)
    assert Event.objects.filter(key__startswith="plan.").count() == before


def changed(change: Callable[[dict[str, Any]], Any]) -> bytes:
    content = plan_content()
    change(content)
    return json.dumps(content, ensure_ascii=False).encode()


def goal(content: dict[str, Any]) -> dict[str, Any]:
    return content["plans"][0]["goals"][0]


def indicator(content: dict[str, Any]) -> dict[str, Any]:
    return goal(content)["measures"][0]["projects"][0]["indicators"][0]


BROKEN = [
    ("nothing", b"", "文字がありません"),
    ("an image", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "テキストではない"),
    ("a PDF", b"%PDF-1.7\n", "PDF のファイルは読み取れません"),
    ("a letter", "こんにちは\n".encode() * 20, "様式を判別できません"),
]
BROKEN_DATA = [
    ("no JSON", b'{\n"plans": [', "2行目"),
    ("lists in lists", b"[" * 100_000, "入れ子が多すぎます"),
    ("a number of a million digits", b'{"plans": [' + b"9" * 1_000_000 + b"]}", "桁数"),
    ("a list", b"[]", "計画データではありません"),
    ("no plan", b'{"reader": "isehara", "plans": []}', "計画データではありません"),
    ("another encoding", '{"plans": "計画"}'.encode("cp932"), "UTF-8"),
    ("a missing field", changed(lambda data: goal(data).pop("line")), "plans/0/goals/0: 「line」がありません"),
    ("a plan that is a number", b'{"reader": "isehara", "plans": [3]}', "plans/0: "),
    ("a year in words", changed(lambda data: indicator(data)["targets"][0].update(fiscal_year="令和6")), "fiscal_year: 整数"),
    ("an unknown year", changed(lambda data: indicator(data)["targets"][0].update(fiscal_year=6)), "年度「6」は西暦"),
    ("a value in words", changed(lambda data: indicator(data)["targets"][0].update(value="多数")), "value: 数"),
    ("no number", changed(lambda data: indicator(data)["targets"][0].update(value=float("nan"))), "value: 数"),
    ("an unknown kind", changed(lambda data: indicator(data).update(kind="daily")), "'annual'、'cumulative'、'stock'"),
    ("a year twice", changed(lambda data: indicator(data)["targets"][0].update(fiscal_year=2025)), "2025年度の目標値が2つ"),
    ("a long title", changed(lambda data: goal(data).update(title="あ" * 301)), "名称は300字以内"),
    ("no title", changed(lambda data: goal(data).update(title=" ")), "3行目 基本目標「 」: 名称がありません"),
    ("a code with a slash", changed(lambda data: data["plans"][0].update(code="../x")), "コード「../x」"),
    ("years that run backwards", changed(lambda data: data["plans"][0].update(end_fiscal_year=2020)), "より前です"),
    ("a plan twice", changed(lambda data: data["plans"].append(data["plans"][0])), "「ict-2024」が2回"),
    ("a relation of no kind", changed(lambda data: goal(data).update(relations=[{"kind": "x", "target": "9", "line": 4}])),
     "関連の種類「x」"),
]  # fmt: skip


@pytest.mark.parametrize(("_what", "data", "message"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_document_is_explained_and_leaves_nothing(_what, data, message, client) -> None:
    _refused(upload(client, "plan.txt", data), message)


@pytest.mark.parametrize(("_what", "data", "message"), BROKEN_DATA, ids=[row[0] for row in BROKEN_DATA])
def test_broken_plan_data_is_explained_and_leaves_nothing(_what, data, message, client) -> None:
    _refused(upload(client, "plan.json", data), message)


def _refused(response: Any, message: str) -> None:
    assert response.status_code == 422
    assert message in response.content.decode().replace("&#x27;", "'").replace("&#39;", "'")
    assert not PlanDraft.objects.exists()
    assert Event.objects.filter(key=events.IMPORT_REFUSED.key).count() == 1


def test_a_file_over_fifty_megabytes_is_refused_before_it_is_read(client) -> None:
    response = upload(client, "plan.txt", b"\n" * (50 * 1024 * 1024 + 1))
    assert response.status_code == 422
    assert "50MBを超えています" in response.content.decode()
    assert not PlanDraft.objects.exists()


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("plans/0/code", "計画/1", "コード「計画/1」"),
        ("plans/0/end_fiscal_year", "2020", "より前です"),
        (f"{TARGET}/fiscal_year", "2025", "2025年度の目標値が2つ"),
        (f"{PART}/title", "あ" * 301, "300字以内"),
    ],
)
def test_a_correction_that_no_plan_could_hold_stops_the_publication(path, text, message, client, city) -> None:
    draft = import_data_file(name="plan.json", data=json.dumps(plan_content()).encode())
    client.post(f"/steering/drafts/{draft.pk}/correct/", {"path": path, "version": 1, "text": text, "reason": "-"})
    response = client.post(f"/steering/drafts/{draft.pk}/publish/")
    assert response.status_code == 409
    assert message in response.content.decode()
    assert not Plan.objects.exists()
