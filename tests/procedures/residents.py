"""A city with one procedure of every kind of page, and the people who apply in it."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from madoguchi.kit import clock
from madoguchi.procedures.enums import VersionStatus
from madoguchi.procedures.models import Procedure, ProcedureVersion
from madoguchi.procedures.rules.definition import read_definition, write_definition
from madoguchi.trust.api import Municipality, Unit

NAME = {"family": "見本", "given": "花子", "family_kana": "ミホン", "given_kana": "ハナコ"}
ANSWERS: dict[str, Any] = {
    "name": NAME,
    "birth_date": "1990-05-01",
    "has_children": True,
    "children": [{"nickname": "あお", "age": 4}],
    "agreed": True,
}


def png() -> bytes:
    """Return a small picture."""
    target = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(target, format="PNG")
    return target.getvalue()


def three(ja: str, easy: str = "", en: str = "") -> dict[str, str]:
    return {"ja": ja, "ja-easy": easy or ja, "en": en or ja}


def document(**changes: Any) -> dict[str, Any]:
    """Return a definition with composite, conditional and repeated fields, a file, a consent and a calculated value."""
    made: dict[str, Any] = {
        "format": "madoguchi.procedure/1",
        "code": "sample-grant",
        "name": three("見本の給付の申請", "みほんの おかねの もうしこみ", "Sample grant"),
        "summary": three("見本の給付を受け取ります。"),
        "who": three("市内に住む方"),
        "assurance": "none",
        "processing_days": 5,
        "contact": {"section": three("市民課"), "phone": "0465-33-1386", "hours": three("平日 8:30〜17:15")},
        "form": {
            "steps": [
                {
                    "code": "person",
                    "title": three("申請する人", "もうしこむ ひと", "Applicant"),
                    "fields": [
                        {
                            "code": "name",
                            "component": "person_name",
                            "label": three("氏名", "なまえ", "Name"),
                            "prefill": "person.name",
                        },
                        {
                            "code": "birth_date",
                            "component": "birth_date",
                            "label": three("生年月日", "うまれた ひ", "Birth date"),
                            "prefill": "person.birth_date",
                        },
                    ],
                },
                {
                    "code": "family",
                    "title": three("家族", "かぞく", "Family"),
                    "fields": [
                        {
                            "code": "has_children",
                            "component": "yes_no",
                            "label": three("子どもがいますか", "こどもが いますか", "Children?"),
                        },
                        {
                            "code": "children",
                            "component": "group",
                            "label": three("子ども", "こども", "Children"),
                            "visible_if": "has_children = true",
                            "fields": [
                                {"code": "nickname", "component": "text", "label": three("呼び名", "よびな", "Name")},
                                {"code": "age", "component": "integer", "label": three("年齢", "とし", "Age")},
                            ],
                        },
                        {
                            "code": "papers",
                            "component": "file",
                            "label": three("証明する書類", "しょうめいの かみ", "Papers"),
                            "required": False,
                            "media_types": ["application/pdf", "image/png"],
                            "maximum_megabytes": 1,
                            "maximum_files": 2,
                        },
                    ],
                },
                {
                    "code": "consent",
                    "title": three("同意", "どうい", "Consent"),
                    "fields": [
                        {
                            "code": "agreed",
                            "component": "consent",
                            "label": three("同意します", "いいです", "I agree"),
                            "hint": three("住民記録で住所を確かめます。"),
                        }
                    ],
                },
            ]
        },
    }
    return {**made, **changes}


def publish(unit: Unit | None, number: int = 1, **changes: Any) -> ProcedureVersion:
    """Publish the procedure, or its next version."""
    municipality = Municipality.objects.get(key="odawara")
    definition = read_definition(document(**changes))
    procedure, _made = Procedure.objects.get_or_create(
        municipality=municipality, code=definition.code, defaults={"unit": unit}
    )
    version = ProcedureVersion.objects.create(
        municipality=municipality,
        procedure=procedure,
        number=number,
        status=VersionStatus.PUBLISHED,
        document=write_definition(definition),
        name=definition.name.ja,
        edited_at=clock.now(),
        published_at=clock.now(),
    )
    procedure.published = version
    procedure.save()
    version.procedure = procedure
    return version
