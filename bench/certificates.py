"""
Issuing certificates in a batch: typeset, sealed (PAdES-B-LTA) and stored, beside bare pyHanko in the same run.

The simulated authority is a process of its own. The yardstick signs the same typeset PDF as pyHanko's guide shows it
(``use_pades_lta``, fetching what is needed), without typesetting and storing; it gets a sample of documents, since it is slow.
``--count`` documents go through our batch job (default 200; the budget is about 10,000, whose time is extrapolated from the rate
unless they were all made). One JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
WHOLE = 10_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--yardstick", type=int, default=20)
    arguments = parser.parse_args()
    port = _free_port()
    os.environ["MADOGUCHI_SIMULATOR_PORT"] = str(port)
    from bench.lib import start_installation

    start_installation()
    with subprocess.Popen(
        [str(Path(sys.executable).parent / "madoguchi"), "simulator", "authority"], stdout=subprocess.DEVNULL
    ) as authority:
        try:
            _wait(port + 1)
            print(json.dumps(measure(arguments.count, arguments.yardstick), ensure_ascii=False))
        finally:
            authority.terminate()


def measure(count: int, sample: int) -> dict[str, Any]:
    """Return the rates of both ways."""
    from madoguchi.records.api import issue_batch
    from madoguchi.records.services.producing import produce_batch
    from madoguchi.trust.api import acting_for, add_municipality

    city = add_municipality(key="odawara", code="142069", name="小田原市")
    with acting_for(city):
        _one_batch(city, 3)
        batch = issue_batch(title="一括", orders=_orders(city, count))
        begun = time.perf_counter()
        issued = produce_batch(batch=batch)
        seconds = time.perf_counter() - begun
        bare = _bare_seconds(city, sample)
    if issued != count:
        raise SystemExit(f"{count - issued} documents were not issued")
    rate, yardstick = count / seconds, 1 / bare
    return {
        "benchmark": "certificates",
        "issued": issued,
        "seconds": round(seconds, 1),
        "per_second": round(rate, 1),
        "bare_pyhanko_per_second": round(yardstick, 2),
        "ratio": round(rate / yardstick, 2),
        "seconds_for_10000": round(WHOLE / rate, 1),
        "extrapolated": count < WHOLE,
    }


def _one_batch(city: Any, count: int) -> None:
    from madoguchi.records.api import issue_batch
    from madoguchi.records.services.producing import produce_batch

    produce_batch(batch=issue_batch(title="慣らし", orders=_orders(city, count)))


def _orders(city: Any, count: int) -> list[dict[str, Any]]:
    return [
        {
            "subject": city,
            "template": "certificate",
            "kind": "certificate",
            "title": "納税証明書",
            "content": {
                "rows": [["氏名", f"見本 {number:05}"], ["年度", "令和8年度"], ["税額", f"{number * 100:,}円"]]
            },
            "recipient": None,
            "recipient_name": f"見本 {number:05}",
        }
        for number in range(count)
    ]


def _bare_seconds(city: Any, sample: int) -> float:
    """Return the median seconds of one document signed by pyHanko as its guide shows."""
    from django.conf import settings
    from pyhanko.keys import load_private_key_from_pemder
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, async_sign_pdf
    from pyhanko.sign.timestamps import HTTPTimeStamper
    from pyhanko_certvalidator import ValidationContext

    from madoguchi.records.api import render_pdf
    from madoguchi.records.plugins.pades.identity import identity_of

    identity, folder = identity_of(city), settings.SEAL_FOLDER
    pdf = render_pdf(template="certificate", content=_orders(city, 1)[0]["content"])
    signer = SimpleSigner(
        signing_cert=identity.certificate,
        signing_key=load_private_key_from_pemder(str(folder / f"{city.key}.key"), passphrase=None),
        cert_registry=identity.signer.cert_registry,
    )
    stamper = HTTPTimeStamper(settings.SEAL_TSA)

    def sign() -> None:
        context = ValidationContext(
            trust_roots=list(identity.roots), allow_fetching=True, other_certs=list(identity.chain)
        )
        metadata = PdfSignatureMetadata(
            field_name="Signature",
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            validation_context=context,
            embed_validation_info=True,
            use_pades_lta=True,
        )
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        asyncio.run(async_sign_pdf(writer, metadata, signer=signer, timestamper=stamper))

    sign()
    times = []
    for _ in range(sample):
        begun = time.perf_counter()
        sign()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def _free_port() -> int:
    """Return the first of two free ports in a row."""
    with socket.socket() as first:
        first.bind(("127.0.0.1", 0))
        return int(first.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            httpx.get(f"http://127.0.0.1:{port}/health", timeout=1).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the simulated authority did not start")


if __name__ == "__main__":
    main()
