"""``simulator identity``: the two public identity services, played by a real OpenID provider (Node) with invented people."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import click

from madoguchi.kit import clock

from .frame import Failure, start_django
from .simulated_authority import Authority

ROOT = Path(__file__).resolve().parents[4]
PROGRAM = ROOT / "simulators" / "identity" / "server.mjs"
PER_MUNICIPALITY = 3
ADULT = 18

# Where no demonstration is loaded there is still somebody to sign in as.
FALLBACK: list[dict[str, str]] = [
    {
        "id": "aoi",
        "name": "緑山 あおい",
        "birthdate": "19880402",
        "gender": "2",
        "address": "神奈川県小田原市みどり町1-2-3",
        "note": "見本の住民",
    }
]
OUTSIDERS: list[dict[str, str]] = [
    {
        "id": "sora",
        "name": "港野 そら",
        "birthdate": "19950711",
        "gender": "1",
        "address": "東京都千代田区霞が関9-9-9",
        "note": "住民の登録がない方（転入の前など）",
    },
    {
        "id": "nagisa",
        "name": "汐見 なぎさ",
        "birthdate": "19790123",
        "gender": "2",
        "address": "大阪府大阪市北区中之島9-9-9",
        "note": "署名用電子証明書が失効している方",
        "certificate": "revoked",
    },
    {
        "id": "ibuki",
        "name": "砂川 いぶき",
        "birthdate": "20010930",
        "gender": "1",
        "address": "北海道札幌市中央区北9条西9丁目",
        "note": "署名用電子証明書の有効期限が切れている方",
        "certificate": "expired",
    },
    {
        "id": "kodachi",
        "name": "岩瀬 こだち",
        "birthdate": "19660228",
        "gender": "2",
        "address": "福岡県福岡市中央区天神9-9-9",
        "note": "知らない認証局の証明書を持つ方",
        "certificate": "foreign",
    },
]
BUSINESSES: list[dict[str, Any]] = [
    {
        "id": "prime",
        "label": "みほん商店株式会社",
        "note": "GビズIDプライム（法人）",
        "claims": {
            "account_type": "2",
            "corp_type": "1",
            "corporate_number": "7123456789012",
            "name": "みほん商店株式会社",
            "prefecture_name": "神奈川県",
            "address1": "小田原市みなと町9番地9",
            "address2": "見本ビル3階",
            "rep_last_nm": "早瀬",
            "rep_first_nm": "直樹",
            "rep_last_nm_kana": "ハヤセ",
            "rep_first_nm_kana": "ナオキ",
            "email": "shoten@example.jp",
            "mandate_info": [],
        },
    },
    {
        "id": "sole",
        "label": "若葉造園（個人事業主）",
        "note": "GビズIDプライム（個人事業主、法人番号なし）",
        "claims": {
            "account_type": "2",
            "corp_type": "2",
            "name": "若葉造園",
            "prefecture_name": "神奈川県",
            "address1": "小田原市さくら町9-9",
            "rep_last_nm": "若葉",
            "rep_first_nm": "隆",
            "mandate_info": [],
        },
    },
    {
        "id": "entry",
        "label": "はじめて企画合同会社",
        "note": "GビズIDエントリー（確認なしの登録）",
        "claims": {
            "account_type": "1",
            "corp_type": "1",
            "corporate_number": "4011001098993",
            "name": "はじめて企画合同会社",
            "mandate_info": [],
        },
    },
]


@click.command()
@click.option("--port", required=True, type=click.IntRange(1, 65535), help="待ち受けるポート番号（127.0.0.1）。")
@click.option(
    "--people",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="確認される人の一覧（JSON）。省略すると見本の住民から選びます。",
)
def identity(port: int, people: Path | None) -> None:
    """
    本人確認のサービス（デジタル認証アプリ、GビズID）を模擬します。

    本物の OpenID プロバイダー（npm の oidc-provider）を、公開されている仕様のとおりに設定して動かします。
    確認される人はすべて架空です。画面で「わざと誤りを起こす」を選ぶと、偽の発行者や期限切れの鍵などを試せます。

    \b
    例: madoguchi simulator identity --port 8102
    """
    node = find_node()
    start_django()
    from django.conf import settings

    file = write_configuration(
        Path(settings.HOME) / "simulators" / "identity", address=f"http://127.0.0.1:{port}", people=_people(people)
    )
    click.echo(f"本人確認の模擬サービス: http://127.0.0.1:{port}/（止めるには Ctrl-C）")
    # In place of this process: a signal to it reaches the provider itself.
    os.execv(node, [node, str(PROGRAM), str(file), str(port)])  # noqa: S606 - the path was looked up, nothing is parsed


def find_node() -> str:
    """Return the path of Node; a ``Failure`` says what is missing and how to get it."""
    node = shutil.which("node")
    if node is None:
        raise Failure("Node.js が見つかりません。Node.js 20以降を入れてから、もう一度実行してください。")
    if not PROGRAM.is_file():
        raise Failure(
            "模擬サービスは、ソースコードのフォルダから動かしたときだけ使えます（simulators/identity がありません）。"
        )
    if missing := [name for name in ("oidc-provider", "jose") if not (ROOT / "node_modules" / name).is_dir()]:
        raise Failure(f"{'、'.join(missing)} がありません。{ROOT} で「npm ci」を実行してください。")
    return node


def write_configuration(folder: Path, *, address: str, people: list[dict[str, str]]) -> Path:
    """
    Write what the provider plays, and the authority's certificate beside it (``authority.pem``); returns the file.

    ``people``: ``id``, ``name``, ``birthdate`` (YYYYMMDD), ``gender`` (1 or 2), ``address`` (one line), ``note``, and ``certificate``
    (``good``, ``revoked``, ``expired`` or ``foreign``) where it is not good.
    """
    from madoguchi.site.settings_identity import SIMULATED_GBIZID_SECRET
    from madoguchi.trust.api import public_identity_keys

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = Authority(folder, revocation_address=f"{address}/crl/sign.crl")
    configuration = {
        "people": [_played(person, authority) for person in people],
        "businesses": BUSINESSES,
        "clients": {
            "digital_auth_app": {"client_id": "madoguchi", "jwks": public_identity_keys()},
            "gbizid": {"client_id": "madoguchi", "client_secret": SIMULATED_GBIZID_SECRET},
        },
        "revocation_list": authority.revocation_list(),
    }
    file = folder / "configuration.json"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as target:
        json.dump(configuration, target, ensure_ascii=False)
    return file


def _played(person: dict[str, str], authority: Authority) -> dict[str, Any]:
    key, certificate = authority.issue(person, condition=person.get("certificate", "good"))
    return {
        "id": person["id"],
        "label": person["name"],
        "note": person.get("note", ""),
        "claims": {name: person[name] for name in ("name", "birthdate", "gender", "address")},
        "key": key,
        "certificate": certificate,
    }


def _people(file: Path | None) -> list[dict[str, str]]:
    if file is None:
        return [*(_residents() or FALLBACK), *OUTSIDERS]
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        people = [{name: str(person[name]) for name in person} for person in found]
        for person in people:
            for name in ("id", "name", "birthdate", "gender", "address"):
                _ = person[name]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Failure(
            f"{file}: 人の一覧として読めません（{error}）。id, name, birthdate, gender, address が要ります。"
        ) from error
    return people


def _residents() -> list[dict[str, str]]:
    """Return some grown-up residents of each municipality of the demonstration, those with an account first."""
    from django.db import DatabaseError
    from django.db.models import F

    from madoguchi.trust.api import Municipality, Resident, acting_for

    people: list[dict[str, str]] = []
    try:
        for municipality in Municipality.objects.filter(is_demonstration=True).order_by("order", "code"):
            with acting_for(municipality):
                known = Resident.objects.filter(birth_date__lte=_grown_up_since()).exclude(address="")
                chosen = known.order_by(F("account").asc(nulls_last=True), "pk")[:PER_MUNICIPALITY]
                people += [_claims_of(resident, municipality) for resident in chosen]
    except DatabaseError:
        return []
    return people


def _grown_up_since() -> date:
    """Return the last day of birth of those who are of age today: children do not sign in for themselves."""
    today = clock.today()
    return today.replace(year=today.year - ADULT, day=min(today.day, 28))


def _claims_of(resident: Any, municipality: Any) -> dict[str, str]:
    """Return what the provider says of a resident; its addresses always begin with prefecture and city."""
    own = resident.address.removeprefix(municipality.prefecture).removeprefix(municipality.name)
    address = f"{municipality.prefecture}{municipality.name}{own}"
    return {
        "id": f"{municipality.key}-{resident.pk}",
        "name": resident.name,
        "birthdate": f"{resident.birth_date:%Y%m%d}",
        "gender": "1" if resident.sex == "male" else "2",
        "address": address,
        "note": f"{municipality.name}の住民（見本）",
    }
