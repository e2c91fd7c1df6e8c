"""Issuing, sealing, revoking and replacing documents."""

from __future__ import annotations

import io
import os
import stat
from datetime import timedelta

import pikepdf
import pytest
from django.conf import settings as django_settings
from django_tasks_db.models import DBTaskResult

from madoguchi.kit import clock
from madoguchi.records.api import (
    ContentError,
    DocumentStateError,
    RecordsError,
    SealUnavailableError,
    documents_of,
    issue_batch,
    replace_document,
    retry_document,
    revoke_document,
)
from madoguchi.records.enums import DocumentStatus, RevisionReason
from madoguchi.records.models import IssuedDocument, SealedRevision
from madoguchi.records.plugins.pades import trust as seal_trust
from madoguchi.records.registry import SEALER, DocumentSubject, document_subjects, sealers
from madoguchi.records.selectors.own_meters import count_waiting, issued_rows
from madoguchi.records.services import producing
from madoguchi.records.services.producing import produce_batch, produce_document
from madoguchi.records.tasks import renew_documents, resume_documents
from madoguchi.trust.api import RefusedError, StoredFile, acting_for, meters
from madoguchi.trust.enums import Role
from madoguchi.trust.models import Event

from .conftest import use
from .issuing import issue, make_city, make_staff_of, pdf_of, produce, sample, tampered, tool

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def keys() -> list[str]:
    return list(Event.objects.filter(key__startswith="records.").order_by("pk").values_list("key", flat=True))


def test_a_document_has_its_number_and_code_before_its_file(authority, resident) -> None:
    document = issue(resident)
    assert (document.status, document.file, document.seal) == (DocumentStatus.PREPARING, None, {})
    assert document.number.startswith("2026-") or document.number[:4].isdecimal()
    assert len(document.code) == 14
    assert list(documents_of(resident)) == [document]
    assert keys() == ["records.document.requested"]


def test_numbers_count_up_without_gaps_and_codes_differ(authority, resident) -> None:
    made = [issue(resident) for _ in range(4)]
    assert [int(document.number.split("-")[1]) for document in made] == [1, 2, 3, 4]
    assert len({document.code for document in made}) == 4


def test_poppler_finds_the_signature_valid_and_the_standards_kept(issued) -> None:
    pdf = pdf_of(issued)
    said = tool("pdfsig", "-nocert", data=pdf)
    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.check_pdf_syntax() == []
        assert len(opened.Root.DSS.OCSPs) == 1
        assert len(opened.Root.DSS.CRLs) == 1
        with opened.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfuaid:part"]) == ("2", "1")
        widgets = list(opened.Root.AcroForm.Fields)
        assert len(widgets) == 2
        for widget in widgets:
            assert int(widget.F) & (2 | 4 | 32) == 4, "printed, neither hidden nor kept from view (PDF/A-2 6.3.2)"
            assert float(widget.Rect[0]) < 0
            assert str(widget.TU)
    assert issued.seal["level"] == "PAdES-B-LTA"
    assert issued.digest == issued.file.digest


def test_a_changed_byte_is_found_by_poppler_and_by_us(issued, city) -> None:
    pdf = tampered(pdf_of(issued), 5000)
    assert "Digest Mismatch" in tool("pdfsig", "-nocert", data=pdf)
    found = sealers.get(SEALER).examine(pdf=pdf, municipality=city)
    assert [(signature.is_intact, signature.is_trusted) for signature in found.signatures] == [(False, False)]


def test_the_long_term_validation_passes_with_the_state_of_every_certificate(issued, city) -> None:
    found = sealers.get(SEALER).examine(pdf=pdf_of(issued), municipality=city)
    (signature,) = found.signatures
    assert (signature.is_intact, signature.is_trusted, signature.is_ours, signature.level) == (
        True,
        True,
        True,
        "PAdES-B-LTA",
    )
    assert signature.organisation == "小田原市"


def test_keys_are_readable_by_their_owner_only(issued, authority) -> None:
    files = [*django_settings.SEAL_FOLDER.iterdir(), *authority.authority.folder.rglob("*.key")]
    assert len(files) >= 6
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO) == 0, path


def test_the_outage_of_the_time_stamps_leaves_the_document_waiting_and_nothing_half_done(authority, resident) -> None:
    document = issue(resident)
    seal_trust.forget()
    authority.server.out_until = float("inf")
    with pytest.raises(SealUnavailableError):
        produce(document)
    document.refresh_from_db()
    assert (document.status, document.file_id) == (DocumentStatus.PREPARING, None)
    assert "応答しません" in document.waiting_for
    assert not StoredFile.objects.exists()
    authority.server.out_until = 0.0
    assert produce(document)
    document.refresh_from_db()
    assert (document.status, document.waiting_for) == (DocumentStatus.ISSUED, "")


def test_an_outage_after_the_seal_is_known_leaves_it_waiting_too(authority, resident) -> None:
    assert produce(issue(resident))
    document = issue(resident)
    authority.server.out_until = float("inf")
    with pytest.raises(SealUnavailableError):
        produce(document)
    document.refresh_from_db()
    assert document.status == DocumentStatus.PREPARING


def run_job(job, municipality):
    """Run a periodic job as the worker does."""

    class Context:
        class task_result:
            id = "00000000-0000-0000-0000-000000000000"

    return job.func(Context(), municipality_id=municipality.pk)


def test_what_still_waits_is_queued_again_after_ten_minutes(authority, resident, city) -> None:
    issue(resident)
    DBTaskResult.objects.all().delete()
    assert run_job(resume_documents, city) == 0
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert run_job(resume_documents, city) == 1
        assert run_job(resume_documents, city) == 0
    assert DBTaskResult.objects.get().task_path == "madoguchi.records.tasks.produce_document"


def test_a_worker_killed_between_seal_and_store_makes_no_second_number_or_file(
    authority, resident, monkeypatch
) -> None:
    document = issue(resident)

    def killed(*_arguments: object) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr(producing, "_finish", killed)
        with pytest.raises(SystemExit):
            produce(document)
    assert not StoredFile.objects.exists()
    assert produce(document)
    assert not produce(document)
    again = IssuedDocument.objects.get()
    assert (again.number, again.code) == (document.number, document.code)
    assert SealedRevision.objects.count() == StoredFile.objects.count() == 1
    assert keys().count("records.document.issued") == 1


def test_a_document_that_cannot_be_made_says_why_and_can_be_tried_again(authority, resident) -> None:
    document = issue(resident, content=sample(rows=[["氏名", "見本 𠮷野"]]))
    assert not produce(document)
    document.refresh_from_db()
    assert document.status == DocumentStatus.FAILED
    assert "U+20BB7" in document.failure
    assert keys()[-1] == "records.document.failed"
    retry_document(document=document, actor=None)
    document.refresh_from_db()
    assert (document.status, document.failure) == (DocumentStatus.PREPARING, "")


def test_content_that_does_not_fit_is_refused_and_takes_no_number(authority, resident) -> None:
    with pytest.raises(ContentError):
        issue(resident, content={"rows": "氏名"})
    assert not IssuedDocument.objects.exists()
    assert issue(resident).number.split("-")[1] == "00001"


def test_the_room_of_the_subject_is_told_once(authority, resident) -> None:
    told: list[str] = []
    subject = DocumentSubject(
        key="trust.account",
        label="アカウント",
        may_read=lambda actor, document: False,
        produced=lambda document: told.append(f"{document.number} {document.status}"),
    )
    with document_subjects.registered_temporarily("trust.account", subject):
        document = issue(resident)
        produce(document)
        produce(document)
    assert told == [f"{document.number} issued"]


def test_revoking_asks_for_duty_and_reason_and_happens_once(issued, resident, chief) -> None:
    with pytest.raises(RefusedError):
        revoke_document(document=issued, reason="誤り", actor=resident)
    with pytest.raises(RefusedError):
        revoke_document(document=issued, reason="誤り", actor=make_staff_of("tanto", Role.SECTION_STAFF))
    with pytest.raises(RecordsError):
        revoke_document(document=issued, reason="  ", actor=chief)
    issued.refresh_from_db()
    assert issued.status == DocumentStatus.ISSUED
    revoke_document(document=issued, reason="記載の誤り", actor=chief)
    issued.refresh_from_db()
    assert (issued.status, issued.reason, issued.closed_by) == (DocumentStatus.REVOKED, "記載の誤り", chief)
    with pytest.raises(DocumentStateError):
        revoke_document(document=issued, reason="もう一度", actor=chief)
    assert keys().count("records.document.revoked") == 1


def test_a_replaced_document_is_closed_only_when_the_new_one_is_there(issued, chief) -> None:
    new = replace_document(document=issued, content=sample(lead="訂正"), reason="訂正", actor=chief)
    issued.refresh_from_db()
    assert (issued.status, issued.replaced_by) == (DocumentStatus.ISSUED, new)
    with pytest.raises(DocumentStateError):
        replace_document(document=issued, content=sample(), reason="二重", actor=chief)
    assert produce(new)
    issued.refresh_from_db()
    assert issued.status == DocumentStatus.REPLACED
    assert "records.document.replaced" in keys()
    with pytest.raises(DocumentStateError):
        revoke_document(document=issued, reason="取消し", actor=chief)


def test_a_document_revoked_while_it_is_made_is_never_issued(authority, resident) -> None:
    document = issue(resident)
    stale = IssuedDocument.objects.select_related("municipality").get(pk=document.pk)
    revoke_document(document=document, reason="取下げ", actor=None)
    assert not produce_document(document=stale)
    document.refresh_from_db()
    assert (document.status, document.file_id) == (DocumentStatus.REVOKED, None)


def test_a_batch_is_sealed_and_goes_on_where_it_was_cut_off(authority, resident) -> None:
    orders = [
        {
            "subject": resident,
            "template": "notice",
            "kind": "notice",
            "title": f"通知 {number}",
            "content": sample("notice"),
            "recipient": resident,
            "recipient_name": resident.name,
        }
        for number in range(4)
    ]
    batch = issue_batch(title="一斉通知", orders=orders)
    produce(batch.documents.order_by("pk").first())
    assert produce_batch(batch=batch) == 3
    assert produce_batch(batch=batch) == 0
    batch.refresh_from_db()
    assert batch.finished_at is not None
    assert batch.documents.filter(status=DocumentStatus.ISSUED).count() == 4


def test_one_city_does_not_see_the_documents_of_another(issued) -> None:
    with acting_for(make_city("oyama", "092088", "小山市")):
        assert not IssuedDocument.objects.exists()


def test_the_meters_count_documents_by_kind_and_those_that_wait(issued, resident, city) -> None:
    issue(resident)
    assert count_waiting(city, clock.today()) == 1
    counted = Event.objects.filter(key__in=meters.get("records.document.issued").event_keys)
    assert [(event.data["kind"], event.subject_id) for event in counted] == [("certificate", str(issued.pk))]
    assert list(issued_rows(city, clock.today(), clock.today())) == [issued]


def test_the_time_stamp_is_renewed_before_its_certificate_ends(
    short_lived_authority, settings, tmp_path, resident, city
) -> None:
    use(settings, short_lived_authority, tmp_path / "short-seals")
    document = issue(resident)
    assert produce(document)
    document.refresh_from_db()
    first = pdf_of(document)
    assert document.renew_by is not None
    assert timedelta(days=29) < document.renew_by - clock.now() <= timedelta(days=30)
    assert run_job(renew_documents, city) == 1
    document.refresh_from_db()
    second = pdf_of(document)
    assert second.startswith(first)
    assert [revision.reason for revision in document.revisions.all()] == [RevisionReason.RENEWED, RevisionReason.ISSUED]
    assert tool("pdfsig", "-nocert", data=second).count("Signature is Valid") == 1
    (signature,) = sealers.get(SEALER).examine(pdf=second, municipality=city).signatures
    assert (signature.is_trusted, signature.level) == (True, "PAdES-B-LTA")
    assert "records.document.renewed" in keys()
    seal_trust.forget()


def test_a_revoked_seal_certificate_stops_sealing_and_says_so(running_authority, settings, tmp_path, resident) -> None:
    use(settings, running_authority, tmp_path / "other-seals")
    good = issue(resident)
    assert produce(good)
    good.refresh_from_db()
    running_authority.authority.revoke(int(good.seal["serial"], 16))
    seal_trust.forget()
    bad = issue(resident)
    assert not produce(bad)
    bad.refresh_from_db()
    assert bad.status == DocumentStatus.FAILED
    assert "失効" in bad.failure
    seal_trust.forget()


def test_a_wrong_password_of_the_key_is_named(settings, tmp_path, resident, authority) -> None:
    path = tmp_path / "seal.p12"
    path.write_bytes(os.urandom(200))
    settings.SEAL_PKCS12 = str(path)
    seal_trust.forget()
    document = issue(resident)
    assert not produce(document)
    document.refresh_from_db()
    assert "MADOGUCHI_SEAL_PASSWORD" in document.failure
