from __future__ import annotations

import hashlib
import io
import json
import stat
import tarfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection

from madoguchi.kit import clock
from madoguchi.trust import events, services
from madoguchi.trust.api import Municipality, Unit, acting_for, diagnose, make_backup, record_event, restore_backup
from madoguchi.trust.enums import RetentionClass, Role
from madoguchi.trust.errors import OperationError
from madoguchi.trust.models import Account, Duty, Event, MeterReading, Resident, Seal, StoredFile
from madoguchi.trust.registry import FilePurpose, file_purposes
from madoguchi.trust.rules import file_types
from madoguchi.trust.rules.findings import Finding
from madoguchi.trust.services import file_store, portable
from madoguchi.trust.services.sealing import seal_everything
from tests.roles import as_owner

from .people import PASSWORD, make_staff, make_unit
from .tampering import found_in, named, tamper

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def furnished(odawara, oyama, settings):
    """Two cities with people, files, events and meters, of which the newest events are not sealed yet."""
    (Path(settings.HOME) / "secret-key").write_text("key of the first installation")
    purpose = FilePurpose(
        "test.any", "資料", frozenset({file_types.TEXT}), 1000, RetentionClass.YEAR_1, lambda actor, stored: True, False
    )
    with file_purposes.registered_temporarily(purpose.key, purpose):
        for city in (odawara, oyama):
            with acting_for(city):
                unit = make_unit("総務課")
                clerk = make_staff("sato", Role.SECTION_STAFF, unit=unit)
                services.store_file(
                    content=f"{city.name}の資料".encode(), name="資料.txt", purpose="test.any", actor=clerk
                )
                services.add_resident(name="渡邉󠄀 花子", birth_date=date(1980, 2, 3))
                record_event(
                    kind=events.SIGNED_IN, subject=clerk, quantity=Decimal("1.5"), data={"n": [1, {"a": None}]}
                )
        seal_everything()
        for city in (odawara, oyama):
            with acting_for(city):
                services.roll_up_meters()
                record_event(kind=events.SIGNED_OUT, subject=city)
        Session.objects.create(session_key="x" * 32, session_data="", expire_date=clock.now())
        yield odawara, oyama


def restore(path: Path, *, force: bool = False) -> list[Finding]:
    """Put a backup back as an operator does, who has the key of the owner of the tables."""
    with as_owner():
        return restore_backup(path=path, force=force)


def everything() -> dict[str, list[str]]:
    """Return every table as it would be written to a backup."""
    return {model._meta.label_lower: list(portable.table_lines(model)) for model in portable.portable_models()}


def wipe() -> None:
    call_command("flush", verbosity=0, interactive=False)
    assert not Municipality.objects.exists()


def test_a_backup_brings_everything_back_and_the_chains_are_whole(furnished, settings, tmp_path):
    odawara, oyama = furnished
    before, path = everything(), tmp_path / "backup.tar"
    manifest = make_backup(path=path)
    assert (manifest["files"], manifest["tables"]["trust.resident"]) == (2, 2)
    wipe()
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "new", tmp_path / "new" / "files"
    settings.HOME.mkdir()
    assert restore(path) == []
    after = everything()
    for label, lines in before.items():
        if label not in {"trust.event", "trust.seal", "trust.sealhead"}:
            assert after[label] == lines, label
    assert after["trust.event"][1:-1] != []
    assert set(before["trust.event"]) < set(after["trust.event"])
    assert set(before["trust.seal"]) < set(after["trust.seal"])
    assert (settings.HOME / "secret-key").read_text() == "key of the first installation"
    for city in (odawara, oyama):
        with acting_for(city):
            assert file_store.path_of(StoredFile.objects.get().digest).read_text() == f"{city.name}の資料"
    assert found_in(odawara) == found_in(oyama) == []
    assert {finding.kind for finding in diagnose()} <= {"no_worker", "configuration"}
    assert not Session.objects.exists()


def test_life_goes_on_after_a_restore(furnished, tmp_path):
    odawara, _ = furnished
    path = tmp_path / "backup.tar"
    make_backup(path=path)
    wipe()
    restore(path)
    with acting_for(odawara):
        assert Account.objects.get(login="sato").check_password(PASSWORD)
        newest = Event.objects.order_by("-id")[0].pk
        assert record_event(kind=events.SIGNED_IN, subject=odawara).pk > newest
        assert make_unit("新しい課").pk > Unit.objects.exclude(name="新しい課").latest("pk").pk
        seal_everything()
        assert services.roll_up_meters() > 0
        assert MeterReading.objects.exists()
        assert Duty.objects.count() == 1
        assert Resident.objects.get().name == "渡邉󠄀 花子"
    assert found_in(odawara) == []


def test_events_not_sealed_when_the_backup_was_made_are_sealed_after_it_came_back(furnished, tmp_path):
    odawara, _ = furnished
    unsealed = Event.objects.get(key="trust.account.signed_out")
    make_backup(path=tmp_path / "b.tar")
    wipe()
    restore(tmp_path / "b.tar")
    with acting_for(odawara):
        newest = Seal.objects.filter(stream="events").order_by("number")
        assert any(seal.first_id <= unsealed.pk <= seal.last_id for seal in newest)
        assert Event.objects.filter(key="trust.installation.restored").count() == 1


def test_a_row_tampered_with_before_the_backup_is_named_after_it(furnished, tmp_path):
    odawara, _ = furnished
    event = Event.objects.filter(key="trust.account.signed_in").get()
    tamper(odawara, "UPDATE trust_event SET subject_id = '999' WHERE id = %s", event.pk)
    make_backup(path=tmp_path / "b.tar")
    wipe()
    assert named(restore(tmp_path / "b.tar")) == [("changed", str(event.pk))]


def test_a_backup_is_refused_where_there_is_data_already_and_nothing_changes(furnished, tmp_path):
    path = tmp_path / "b.tar"
    make_backup(path=path)
    make_unit("あとの課")
    before = everything()
    with pytest.raises(OperationError, match="すでにデータがあります"):
        restore(path)
    assert everything() == before


def test_force_replaces_what_was_there(furnished, tmp_path):
    path = tmp_path / "b.tar"
    make_backup(path=path)
    make_unit("あとの課")
    restore(path, force=True)
    assert [unit.name for unit in Unit.objects.all()] == ["総務課"]


def change_archive(path: Path, change) -> Path:
    """Write the archive anew with some members changed: ``change(name, content)`` returns the new content or None."""
    changed = path.with_name("changed.tar")
    with tarfile.open(path) as source, tarfile.open(changed, "w") as target:
        for entry in source:
            content = change(entry.name, source.extractfile(entry).read())
            if content is not None:
                entry.size = len(content)
                target.addfile(entry, io.BytesIO(content))
    return changed


def damage_units(name: str, content: bytes) -> bytes:
    return content.replace("総務課".encode(), "総武課".encode()) if name == "tables/trust.unit.jsonl" else content


def drop_a_file(name: str, content: bytes) -> bytes | None:
    return None if name.startswith("files/") else content


def future_format(name: str, content: bytes) -> bytes:
    return content.replace(b"madoguchi-backup/1", b"madoguchi-backup/9") if name == "manifest.json" else content


def other_version(name: str, content: bytes) -> bytes:
    if name != "manifest.json":
        return content
    manifest = json.loads(content)
    manifest["migrations"]["trust"].append("9999_future")
    return json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (damage_units, r"書き換えられています.*trust\.unit"),
        (drop_a_file, "書き換えられています"),
        (future_format, "madoguchi-backup/9"),
        (other_version, "同じ版"),
        (lambda name, content: None if name == "manifest.json" else content, "控えのファイルとして読めません"),
    ],
)
def test_a_damaged_or_foreign_backup_is_refused_and_nothing_changes(furnished, tmp_path, change, words):
    path = tmp_path / "b.tar"
    make_backup(path=path)
    before = everything()
    with pytest.raises(OperationError, match=words):
        restore(change_archive(path, change), force=True)
    assert everything() == before


def test_rows_that_do_not_fit_together_are_refused_and_nothing_changes(furnished, tmp_path):
    path = tmp_path / "b.tar"
    make_backup(path=path)
    before = everything()

    def orphan_duties(name: str, content: bytes) -> bytes:
        if name == "tables/trust.account.jsonl":
            return content.splitlines(keepends=True)[0]
        if name == "manifest.json":
            manifest = json.loads(content)
            head = next(portable.table_lines(Account)).encode() + b"\n"
            import hashlib

            noted = {"size": len(head), "sha256": hashlib.sha256(head).hexdigest()}
            manifest["contents"]["tables/trust.account.jsonl"] = noted
            manifest["tables"]["trust.account"] = 0
            return json.dumps(manifest).encode()
        return content

    with pytest.raises(OperationError, match="変わっていません"):
        restore(change_archive(path, orphan_duties), force=True)
    assert everything() == before


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b broken"])
def test_what_is_no_backup_is_refused(furnished, tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(OperationError, match="読めません"):
        restore(tmp_path / "x")


def test_an_existing_file_is_never_overwritten_and_a_failed_backup_leaves_nothing(furnished, tmp_path):
    (tmp_path / "b.tar").write_bytes(b"precious")
    with pytest.raises(OperationError, match="すでにあります"):
        make_backup(path=tmp_path / "b.tar")
    assert (tmp_path / "b.tar").read_bytes() == b"precious"
    with pytest.raises(OperationError, match="控えを作れません"):
        make_backup(path=tmp_path / "no" / "such" / "b.tar")


def test_a_backup_is_private_and_may_be_compressed(furnished, tmp_path):
    plain, small = tmp_path / "b.tar", tmp_path / "b.tar.gz"
    make_backup(path=plain)
    make_backup(path=small)
    assert stat.S_IMODE(small.stat().st_mode) == 0o600
    assert small.stat().st_size < plain.stat().st_size / 3
    wipe()
    assert restore(small) == []


def test_every_model_of_the_house_is_in_the_backup():
    kept = {model._meta.label_lower for model in portable.portable_models()}
    every = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    assert every - kept == portable.LEFT_OUT


@pytest.mark.usefixtures("furnished")
def test_the_diagnosis_names_lost_and_altered_files():
    stored = StoredFile.objects.get()
    file_store.path_of(stored.digest).write_text("altered")
    assert ("file_altered", str(stored.pk)) in named(diagnose())
    file_store.remove(stored.digest)
    assert ("file_missing", str(stored.pk)) in named(diagnose())


def test_the_diagnosis_names_tampered_events(furnished):
    odawara, _ = furnished
    event = Event.objects.filter(key="trust.account.signed_in").get()
    tamper(odawara, "DELETE FROM trust_event WHERE id = %s", event.pk)
    assert ("removed", str(event.pk)) in named(diagnose())


def test_a_role_that_does_not_own_the_tables_is_told_so_and_nothing_changes(furnished, tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    make_backup(path=tmp_path / "b.tar")
    before = everything()
    with pytest.raises(OperationError, match="所有者"):
        restore_backup(path=tmp_path / "b.tar", force=True)
    assert everything() == before


def test_the_keys_the_rooms_made_come_back_with_it_private_and_nothing_else_of_their_folders(
    furnished, settings, tmp_path
):
    made = {
        "identity/client-signing-key.pem": b"client",
        "seals/odawara.key": b"seal",
        "seals/odawara.pem": b"certificate",
    }
    for name, content in {**made, "seals/odawara.events.json": b"{}", "log/server.log": b"x"}.items():
        (Path(settings.HOME) / name).parent.mkdir(exist_ok=True)
        (Path(settings.HOME) / name).write_bytes(content)
    path = tmp_path / "b.tar"
    make_backup(path=path)
    with tarfile.open(path) as archive:
        assert {name[5:] for name in archive.getnames() if name.startswith("keys/")} == set(made)
    wipe()
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "new", tmp_path / "new" / "files"
    settings.HOME.mkdir()
    assert restore(path) == []
    for name, content in made.items():
        assert (settings.HOME / name).read_bytes() == content
        assert stat.S_IMODE((settings.HOME / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((settings.HOME / "identity").stat().st_mode) == 0o700


def test_a_file_put_beside_the_keys_of_a_backup_is_not_written_into_the_data_folder(furnished, settings, tmp_path):
    path = tmp_path / "b.tar"
    make_backup(path=path)
    changed = tmp_path / "changed.tar"
    with tarfile.open(path) as source, tarfile.open(changed, "w") as target:
        manifest = json.loads(source.extractfile("manifest.json").read())
        manifest["contents"]["keys/evil.py"] = {"size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
        for entry in source:
            content = source.extractfile(entry).read()
            if entry.name == "manifest.json":
                content = json.dumps(manifest).encode()
                entry.size = len(content)
            target.addfile(entry, io.BytesIO(content))
        extra = tarfile.TarInfo("keys/evil.py")
        extra.size = 1
        target.addfile(extra, io.BytesIO(b"x"))
    restore(changed, force=True)
    assert not (Path(settings.HOME) / "evil.py").exists()
