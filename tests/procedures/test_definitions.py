"""Definitions are drafted, judged, tested, published once and for ever, exchanged and replayed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from madoguchi.kit import clock
from madoguchi.procedures.enums import VersionStatus
from madoguchi.procedures.errors import CodeTakenError, FixedVersionError, ProceduresError, StaleError, UnfitError
from madoguchi.procedures.models import Application, Procedure, ProcedureVersion, SharedTemplate
from madoguchi.procedures.rules.definition import DefinitionError
from madoguchi.procedures.selectors.definitions import (
    draft_of,
    find_procedure,
    published_definitions,
    published_version,
    shared_templates,
)
from madoguchi.procedures.services.definitions import (
    create_procedure,
    discard_draft,
    export_definition,
    import_definition,
    new_draft,
    publish,
    replay,
    retire,
    save_draft,
    share_template,
    unshare_template,
    use_template,
)
from madoguchi.trust.api import Account, Municipality, acting_for
from madoguchi.trust.enums import AccountKind, Role
from madoguchi.trust.errors import RefusedError
from tests.trust.people import event_keys, events_of, make_account, make_odawara, make_oyama, make_staff, make_unit

from .forms_shared import ask

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def noon(settings) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with clock.frozen(NOON):
        yield


@pytest.fixture
def city(db) -> Iterator[Municipality]:
    city = make_odawara()
    with acting_for(city):
        yield city


@pytest.fixture
def designer(city) -> Account:
    return make_staff("sekkei", Role.DESIGNER)


def document(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A small definition without errors; ``fields`` take the place of its one question."""
    step = {"code": "one", "title": "質問", "fields": list(fields) or [ask("why", label="理由")]}
    return {"name": "道路に物を置く許可", "form": {"steps": [step]}, **more}


def published(designer: Account, code: str = "road", **more: Any) -> ProcedureVersion:
    return publish(version=create_procedure(code=code, document=document(**more), actor=designer), actor=designer)


def test_a_procedure_begins_as_a_draft_and_is_published(designer) -> None:
    unit = make_unit("道路課")
    version = create_procedure(code="road", document=document(), actor=designer, unit=unit)
    assert (version.number, version.status, version.name) == (1, VersionStatus.DRAFT, "道路に物を置く許可")
    assert published_definitions() == []
    publish(version=version, actor=designer)
    procedure = find_procedure("road")
    assert procedure is not None
    assert procedure.unit == unit
    assert procedure.checked_on == NOON.date()
    assert [item.pk for item in published_definitions()] == [version.pk]
    assert event_keys()[-2:] == ["procedures.procedure.created", "procedures.version.published"]
    (event,) = events_of("procedures.version.published")
    assert event.data == {"procedure": "road", "version": 1}


def test_published_versions_are_one_query_and_read_once(designer, django_assert_num_queries) -> None:
    published(designer)
    published(designer, code="other")
    with django_assert_num_queries(1):
        first = [item.definition for item in published_definitions()]
    again = [item.definition for item in published_definitions()]
    assert [a is b for a, b in zip(first, again, strict=True)] == [True, True]


def test_a_published_version_never_changes(designer) -> None:
    version = published(designer)
    before = ProcedureVersion.objects.get(pk=version.pk)
    with pytest.raises(FixedVersionError):
        save_draft(version=version, document=document(), seen_revision=0, actor=designer)
    with pytest.raises(FixedVersionError):
        publish(version=version, actor=designer)
    with pytest.raises(FixedVersionError):
        discard_draft(version=version, actor=designer)
    after = ProcedureVersion.objects.get(pk=version.pk)
    assert (after.document, after.digest, after.revision) == (before.document, before.digest, before.revision)


def test_a_new_version_takes_the_place_of_the_old_one(designer) -> None:
    first = published(designer)
    draft = new_draft(procedure=first.procedure, actor=designer)
    assert new_draft(procedure=first.procedure, actor=designer).pk == draft.pk
    assert (draft.number, draft.based_on_id, draft.definition) == (2, first.pk, first.definition)
    saved = save_draft(version=draft, document=document(name="新しい名前"), seen_revision=0, actor=designer)
    publish(version=saved, actor=designer)
    first.refresh_from_db()
    assert first.status == VersionStatus.SUPERSEDED
    assert published_version("road").name == "新しい名前"  # type: ignore[union-attr]


def test_two_editors_do_not_write_over_each_other(designer) -> None:
    version = create_procedure(code="road", document=document(), actor=designer)
    save_draft(version=version, document=document(name="一人目"), seen_revision=0, actor=designer)
    with pytest.raises(StaleError) as refused:
        save_draft(version=version, document=document(name="二人目"), seen_revision=0, actor=designer)
    assert refused.value.revision == 1
    version.refresh_from_db()
    assert version.name == "一人目"


def test_what_is_no_definition_is_not_kept(designer) -> None:
    with pytest.raises(DefinitionError) as refused:
        create_procedure(code="road", document={"name": "x", "colour": "red"}, actor=designer)
    assert [fault.path for fault in refused.value.faults] == ["colour"]
    assert not Procedure.objects.exists()


def test_a_code_is_given_once_and_stays(designer) -> None:
    version = create_procedure(code="road", document=document(), actor=designer)
    with pytest.raises(CodeTakenError):
        create_procedure(code="road", document=document(), actor=designer)
    saved = save_draft(version=version, document={**document(), "code": "river"}, seen_revision=0, actor=designer)
    assert saved.definition.code == "road"


def test_a_draft_with_an_error_or_a_failing_test_is_not_published(designer) -> None:
    unlabelled = create_procedure(code="a", document=document(ask("x", label="")), actor=designer)
    with pytest.raises(UnfitError) as refused:
        publish(version=unlabelled, actor=designer)
    assert [finding.code for finding in refused.value.findings] == ["unlabelled"]
    failing = document(tests=[{"name": "空でもよい", "expect": {"valid": True}}])
    tested = create_procedure(code="b", document=failing, actor=designer)
    with pytest.raises(UnfitError) as refused:
        publish(version=tested, actor=designer)
    assert [result.name for result in refused.value.results] == ["空でもよい"]
    broken = create_procedure(code="c", document=document(workflow="<nonsense/>"), actor=designer)
    with pytest.raises(UnfitError) as refused:
        publish(version=broken, actor=designer)
    assert {finding.path for finding in refused.value.findings} == {"workflow"}
    assert set(ProcedureVersion.objects.values_list("status", flat=True)) == {VersionStatus.DRAFT}


def test_only_designers_edit_and_the_chief_in_charge_may_publish(designer) -> None:
    road, tax = make_unit("道路課"), make_unit("税務課")
    chief = make_staff("kacho", Role.SECTION_CHIEF, unit=road)
    other = make_staff("zei", Role.SECTION_CHIEF, unit=tax)
    resident = make_account("hanako", kind=AccountKind.RESIDENT)
    version = create_procedure(code="road", document=document(), actor=designer, unit=road)
    for actor in (chief, other, resident, None):
        with pytest.raises(RefusedError):
            save_draft(version=version, document=document(name="x"), seen_revision=0, actor=actor)
    for actor in (other, resident, None):
        with pytest.raises(RefusedError):
            publish(version=version, actor=actor)
    version.refresh_from_db()
    assert (version.status, version.revision) == (VersionStatus.DRAFT, 0)
    assert publish(version=version, actor=chief).status == VersionStatus.PUBLISHED


def test_a_retired_procedure_is_not_offered_until_it_is_published_again(designer) -> None:
    version = published(designer)
    retire(procedure=version.procedure, actor=designer)
    assert published_definitions() == []
    assert published_version("road") is None
    with pytest.raises(ProceduresError):
        retire(procedure=version.procedure, actor=designer)
    publish(version=new_draft(procedure=version.procedure, actor=designer), actor=designer)
    assert [item.number for item in published_definitions()] == [2]


def test_a_discarded_draft_leaves_what_was_published(designer) -> None:
    version = published(designer)
    discard_draft(version=new_draft(procedure=version.procedure, actor=designer), actor=designer)
    assert [item.pk for item in published_definitions()] == [version.pk]
    only = create_procedure(code="idea", document=document(), actor=designer)
    discard_draft(version=only, actor=designer)
    assert find_procedure("idea") is None


def test_a_definition_travels_as_one_file_without_a_byte_of_difference(designer) -> None:
    fields = [ask("n", "number", constraint={"maximum": 2.5, "minimum": 1}, label="数", message="1から2.5まで")]
    version = create_procedure(code="road", document=document(*fields), actor=designer)
    data = export_definition(version)
    assert json.loads(data)["format"] == "madoguchi.procedure/1"
    assert export_definition(ProcedureVersion.objects.get(pk=version.pk)) == data
    with acting_for(make_oyama()):
        taken = import_definition(data=data, actor=None, system=True)
        assert (taken.digest, taken.status) == (version.digest, VersionStatus.DRAFT)
        assert export_definition(taken) == data


def test_importing_again_makes_a_draft_beside_the_published_version(designer) -> None:
    version = published(designer)
    changed = json.loads(export_definition(version)) | {"name": {"ja": "変えた名前"}}
    taken = import_definition(data=json.dumps(changed).encode(), actor=designer)
    assert (taken.number, taken.status, taken.name) == (2, VersionStatus.DRAFT, "変えた名前")
    assert published_version("road") == version
    assert draft_of(version.procedure) == taken


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"\xff\xfe", b"null", b'{"format": "madoguchi.procedure/9"}', b"[" * 100_000]
)
def test_a_file_that_is_no_definition_is_refused(designer, data: bytes) -> None:
    with pytest.raises(DefinitionError):
        import_definition(data=data, actor=designer)
    assert not Procedure.objects.exists()


def test_a_template_goes_from_one_city_to_another_without_its_telephone(designer) -> None:
    version = published(designer, contact={"section": "道路課", "phone": "0465-33-1111"})
    template = share_template(version=version, actor=designer, note="そのまま使えます")
    assert share_template(version=version, actor=designer).pk == template.pk
    with acting_for(make_oyama()):
        there = make_staff("oyama", Role.DESIGNER)
        made = use_template(template=template, actor=there)
        assert (made.status, made.definition.contact.phone) == (VersionStatus.DRAFT, "")
        with pytest.raises(ProceduresError):
            unshare_template(template=template, actor=there)
    assert [(item.name, item.uses) for item in shared_templates("道路")] == [("道路に物を置く許可", 1)]
    draft = new_draft(procedure=version.procedure, actor=designer)
    with pytest.raises(ProceduresError):
        share_template(version=draft, actor=designer)
    unshare_template(template=template, actor=designer)
    assert not SharedTemplate.objects.exists()


def test_a_new_version_is_tried_on_what_was_sent_to_the_old_one(designer) -> None:
    first = published(designer, code="road")
    for number, answers in enumerate([{"why": "引っ越し"}, {"why": "工事のため道路を使います"}], start=1):
        Application.objects.create(
            municipality=first.municipality,
            number=f"A-{number}",
            send_key=f"key-{number}",
            procedure=first.procedure,
            version=first,
            answers=answers,
            fiscal_year=2026,
            submitted_at=NOON,
        )
    draft = new_draft(procedure=first.procedure, actor=designer)
    changed = document(ask("why", label="理由", maximum_length=5), ask("when", "date", label="日", required=False))
    draft = save_draft(version=draft, document=changed, seen_revision=0, actor=designer)
    report = replay(version=draft, actor=designer)
    assert {row.number: [(p.path, p.code) for p in row.problems] for row in report.rows} == {
        "A-1": [],
        "A-2": [("why", "too_long")],
    }
    gone = save_draft(
        version=draft, document=document(ask("reason", label="理由", required=False)), seen_revision=1, actor=designer
    )
    report = replay(version=gone, actor=designer)
    assert report.lost_by_field() == [("why", 2)]
    assert report.refused == []
    assert "引っ越し" not in repr(report)
    with pytest.raises(RefusedError):
        replay(version=gone, actor=make_staff("tanin", Role.SECTION_STAFF))
