"""The identity simulator as a real process, and a person who goes through its pages without a browser."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
from django.test import Client, override_settings

from madoguchi.site.cli.simulators_identity import PROGRAM, find_node, write_configuration
from madoguchi.site.settings_identity import simulated
from madoguchi.trust.plugins.oidc import OidcProvider, provider_from
from madoguchi.trust.registry import identity_providers

PEOPLE = [
    {
        "id": "aoi",
        "name": "緑山 あおい",
        "birthdate": "19880402",
        "gender": "2",
        "address": "神奈川県小田原市みどり町1丁目2番地3",
    },
    {"id": "sora", "name": "港野 そら", "birthdate": "19950711", "gender": "1", "address": "東京都千代田区霞が関9-9-9"},
    {
        "id": "nagisa",
        "name": "汐見 なぎさ",
        "birthdate": "19790123",
        "gender": "2",
        "address": "大阪府大阪市北区中之島9-9-9",
        "certificate": "revoked",
    },
    {
        "id": "ibuki",
        "name": "砂川 いぶき",
        "birthdate": "20010930",
        "gender": "1",
        "address": "北海道札幌市中央区北9条西9丁目",
        "certificate": "expired",
    },
    {
        "id": "kodachi",
        "name": "岩瀬 こだち",
        "birthdate": "19660228",
        "gender": "2",
        "address": "福岡県福岡市中央区天神9-9-9",
        "certificate": "foreign",
    },
]


@dataclass(frozen=True)
class Simulator:
    """Where the simulator listens and in which folder its authority and our client keys lie."""

    address: str
    folder: Path

    def providers(self) -> list[OidcProvider]:
        """The two providers with empty memories, as the settings would make them."""
        return [provider_from(facts) for facts in simulated(self.address, self.folder)]

    def publish_withdrawn_key(self, is_published: bool) -> None:
        httpx.post(f"{self.address}/simulator/keys", json={"withdrawn_key_is_published": is_published}, trust_env=False)


@contextmanager
def running_simulator(folder: Path) -> Iterator[Simulator]:
    """Start the simulator on a free port and stop it afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with override_settings(IDENTITY_FOLDER=folder):
        file = write_configuration(folder, address=address, people=PEOPLE)
    command = [find_node(), str(PROGRAM), str(file), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("ready"), f"the identity simulator did not start: {line!r}"
            yield Simulator(address, folder)
        finally:
            process.terminate()
            process.wait(timeout=10)
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def offered(simulator: Simulator) -> Iterator[dict[str, OidcProvider]]:
    """Register the simulator's providers for a while."""
    first, second = simulator.providers()
    with (
        identity_providers.registered_temporarily(first.key, first),
        identity_providers.registered_temporarily(second.key, second),
    ):
        yield {first.key: first, second.key: second}


class Person:
    """Somebody with a browser of our city's, who answers on the provider's pages."""

    def __init__(self, visitor: Client) -> None:
        self.visitor = visitor
        self.asked: dict[str, list[str]] = {}

    def leave(self, key: str = "digital_auth_app", next: str = "") -> str:
        """Start out; returns the address at the provider."""
        response = self.visitor.get(f"/identity/start/{key}/", {"next": next} if next else {})
        assert response.status_code == 302, response.content.decode()
        return str(response.headers["Location"])

    def answer(self, address: str, person: str = "aoi", behaviour: str = "", agrees: bool = True) -> str:
        """Go through the provider's pages; returns the path with which the browser comes back to us."""
        self.asked = parse_qs(urlsplit(address).query)
        with httpx.Client(trust_env=False, follow_redirects=False) as http:
            page = http.get(address)
            page = http.get(urljoin(address, page.headers["location"]))
            assert "模擬" in page.text, page.text
            form = {"person": person, "behaviour": behaviour, "answer": "yes" if agrees else "no"}
            step = http.post(page.url, data=form)
            while "/identity/callback/" not in step.headers.get("location", ""):
                assert step.status_code in {302, 303}, step.text
                step = http.get(urljoin(str(step.url), step.headers["location"]))
            back = urlsplit(step.headers["location"])
        return f"{back.path}?{back.query}"

    def go(self, person: str = "aoi", behaviour: str = "", key: str = "digital_auth_app", **more: Any) -> Any:
        """Start out, answer and come back; returns our response."""
        return self.visitor.get(self.answer(self.leave(key, more.pop("next", "")), person, behaviour, **more))

    def join(self, person: str = "aoi", key: str = "digital_auth_app", next: str = "") -> Any:
        """Go, look at what was received and agree."""
        response = self.go(person, key=key, next=next)
        assert response.headers.get("Location") == "/identity/received/", response.content
        return self.visitor.post("/identity/received/", {"answer": "yes"})


def reason_of(response: Any) -> str:
    """The code a refusal page shows for the telephone."""
    found = re.search(r"番号をお伝えください：([a-z_]+)", response.content.decode())
    return found[1] if found else ""
