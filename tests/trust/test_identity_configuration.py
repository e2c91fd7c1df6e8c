"""Identity providers from the environment: nothing by default, plain words when wrong, nobody else ever asked."""

from __future__ import annotations

import importlib
import json

import pytest

from madoguchi.site import settings_identity
from madoguchi.site.configuration import ConfigurationError
from madoguchi.trust.errors import IdentityRefusedError
from madoguchi.trust.plugins.oidc import keys, provider_from
from madoguchi.trust.plugins.oidc.transport import origin_of, send

GOOD = {
    "key": "digital_auth_app",
    "profile": "digital_auth_app",
    "issuer": "https://auth-and-sign.go.jp/api/realms/main",
    "client_id": "city",
}


@pytest.fixture
def read(monkeypatch, tmp_path):
    """Read the settings again with an environment; the module is put back afterwards."""

    def again(**environment: str):
        monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path))
        for name in ("MADOGUCHI_IDENTITY_PROVIDERS", "MADOGUCHI_SIMULATOR_PORT", "MADOGUCHI_DEMONSTRATION"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return importlib.reload(settings_identity)

    yield again
    monkeypatch.undo()
    importlib.reload(settings_identity)


def test_nobody_is_asked_by_default(read):
    found = read()
    assert (found.IDENTITY_PROVIDERS, found.IDENTITY_ORIGINS) == ([], [])


def test_providers_come_from_a_text_or_a_file(read, tmp_path):
    text = json.dumps([GOOD])
    file = tmp_path / "providers.json"
    file.write_text(text, encoding="utf-8")
    assert read(MADOGUCHI_IDENTITY_PROVIDERS=text).IDENTITY_PROVIDERS == [GOOD]
    found = read(MADOGUCHI_IDENTITY_PROVIDERS=str(file))
    assert found.IDENTITY_PROVIDERS == [GOOD]
    assert found.IDENTITY_ORIGINS == ["https://auth-and-sign.go.jp"]


def test_a_secret_lies_in_a_file_of_its_own(read, tmp_path):
    (tmp_path / "secret").write_text("s3cret\n", encoding="utf-8")
    entry = GOOD | {"key": "gbizid", "profile": "gbizid", "client_secret_file": str(tmp_path / "secret")}
    assert read(MADOGUCHI_IDENTITY_PROVIDERS=json.dumps([entry])).IDENTITY_PROVIDERS[0]["client_secret"] == "s3cret"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[", "JSON"),
        ("/nowhere/providers.json", "ファイルを読めません"),
        ('["x"]', "1件目"),
        (json.dumps([{**GOOD, "issuer": ""}]), "issuer"),
        (json.dumps([{**GOOD, "issuer": "http://[::1"}]), "issuer"),
        (json.dumps([{**GOOD, "profile": "facebook"}]), "profile"),
        (json.dumps([{**GOOD, "key": "Digital"}]), "key"),
        (json.dumps([{**GOOD, "acr": "aal3"}]), "acr"),
        (json.dumps([{**GOOD, "colour": "red"}]), "colour"),
        (json.dumps([{**GOOD, "client_secret_file": "/nowhere"}]), "client_secret_file"),
    ],
)
def test_a_wrong_setting_is_named_in_plain_words(read, text, words):
    with pytest.raises(ConfigurationError, match=words):
        read(MADOGUCHI_IDENTITY_PROVIDERS=text)


def test_the_simulator_is_asked_in_a_demonstration_alone(read):
    port = {"MADOGUCHI_SIMULATOR_PORT": "8100"}
    assert read(**port).IDENTITY_PROVIDERS == []
    found = read(**port, MADOGUCHI_DEMONSTRATION="1").IDENTITY_PROVIDERS
    assert [one["issuer"] for one in found] == [
        "http://127.0.0.1:8102/api/realms/main",
        "http://127.0.0.1:8102/oauth/",
    ]


@pytest.mark.parametrize(
    "issuer",
    ["http://auth.example.jp/", "ftp://auth.example.jp/", "https://user@auth.example.jp/", "auth", "http://[::1"],
)
def test_an_issuer_without_https_is_reported_and_never_asked(issuer):
    provider = provider_from(GOOD | {"issuer": issuer})
    assert any("https" in problem.message for problem in provider.check_config())
    with pytest.raises(IdentityRefusedError) as refusal:
        provider.directory.metadata()
    assert refusal.value.reason == "foreign_address"


def test_an_address_of_another_origin_is_never_asked():
    for foreign in (
        "https://evil.example/token",
        "https://auth-and-sign.go.jp:8443/token",
        "http://auth-and-sign.go.jp/",
    ):
        with pytest.raises(IdentityRefusedError) as refusal:
            send("GET", foreign, origins=frozenset({origin_of(GOOD["issuer"])}))
        assert refusal.value.reason == "foreign_address"


def test_what_is_missing_for_signatures_is_reported(tmp_path):
    signature = {"api": "https://x.example/api", "authorities": [str(tmp_path / "none.pem")], "revocation_list": ""}
    messages = " ".join(problem.message for problem in provider_from(GOOD | {"signature": signature}).check_config())
    assert "認証局の証明書" in messages
    assert "失効リスト" in messages


def test_keys_are_made_once_and_readable_by_their_owner_alone(settings, tmp_path):
    settings.IDENTITY_FOLDER = tmp_path / "identity"
    first = keys.public_jwks()
    keys._key.cache_clear()
    assert keys.public_jwks() == first
    files = sorted((tmp_path / "identity").iterdir())
    assert [file.name for file in files] == [keys.ENCRYPTION, keys.SIGNING]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
