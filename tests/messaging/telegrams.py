"""Telegrams of the agency for tests: the published samples, and small ones written here."""

from __future__ import annotations

import tarfile
from functools import cache

from tests.shared import shared_path

NAMES = ("real_2021_earthquakes.tar.gz",)


@cache
def samples() -> dict[str, bytes]:
    """Return every sample and every real telegram of the reference data, by file name."""
    folder = shared_path("data", "jma_xml")
    found = {path.name: path.read_bytes() for path in sorted(folder.glob("*.xml"))}
    with tarfile.open(folder / NAMES[0]) as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                found[member.name] = file.read()
    return found


def telegram(
    *,
    title: str = "震源・震度に関する情報",
    status: str = "通常",
    info_type: str = "発表",
    reported: str = "2026-11-20T11:55:00+09:00",
    event_id: str = "20261120115000",
    serial: str = "1",
    valid: str = "",
    headline: str = "２０日１１時５０分ころ、地震がありました。",
    information: str = "",
    body: str = "",
    family: str = "seismology",
) -> bytes:
    """Return a telegram written here."""
    valid_until = f"<ValidDateTime>{valid}</ValidDateTime>" if valid else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Report xmlns="http://xml.kishou.go.jp/jmaxml1/" xmlns:jmx="http://xml.kishou.go.jp/jmaxml1/">
<Control><Title>{title}</Title><DateTime>2026-11-20T02:55:00Z</DateTime><Status>{status}</Status>
<EditorialOffice>気象庁本庁</EditorialOffice><PublishingOffice>気象庁</PublishingOffice></Control>
<Head xmlns="http://xml.kishou.go.jp/jmaxml1/informationBasis1/"><Title>{title}</Title>
<ReportDateTime>{reported}</ReportDateTime><TargetDateTime>{reported}</TargetDateTime>{valid_until}
<EventID>{event_id}</EventID><InfoType>{info_type}</InfoType><Serial>{serial}</Serial><InfoKind>情報</InfoKind>
<InfoKindVersion>1.0_1</InfoKindVersion><Headline><Text>{headline}</Text>{information}</Headline></Head>
<Body xmlns="http://xml.kishou.go.jp/jmaxml1/body/{family}1/"
 xmlns:jmx_eb="http://xml.kishou.go.jp/jmaxml1/elementBasis1/">{body}</Body></Report>""".encode()


def earthquake(intensity: str = "5-", *, city: str = "1420600", name: str = "小田原市", **head: str) -> bytes:
    """Return an earthquake told for one city."""
    body = f"""<Earthquake><OriginTime>2026-11-20T11:50:00+09:00</OriginTime><Hypocenter><Area><Name>神奈川県西部</Name>
<Code type="震央地名">360</Code></Area></Hypocenter>
<jmx_eb:Magnitude type="Mj" description="Ｍ５．４">5.4</jmx_eb:Magnitude></Earthquake>
<Intensity><Observation><MaxInt>{intensity}</MaxInt><Pref><Name>神奈川県</Name><Code>14</Code><MaxInt>{intensity}</MaxInt>
<Area><Name>神奈川県西部</Name><Code>361</Code><MaxInt>{intensity}</MaxInt>
<City><Name>{name}</Name><Code>{city}</Code><MaxInt>{intensity}</MaxInt></City></Area></Pref></Observation></Intensity>"""
    return telegram(body=body, **head)


def weather(*kinds: tuple[str, str, str], city: str = "1420600", name: str = "小田原市", **head: str) -> bytes:
    """Return the weather warnings of one city; ``kinds`` are (name, code, status)."""
    items = "".join(f"<Kind><Name>{n}</Name><Code>{c}</Code><Status>{s}</Status></Kind>" for n, c, s in kinds)
    items = items or "<Kind><Status>発表警報・注意報はなし</Status></Kind>"
    body = f"""<Warning type="気象警報・注意報（市町村等）"><Item>{items}<Area codeType="気象・地震・火山情報／市町村等">
<Name>{name}</Name><Code>{city}</Code></Area><ChangeStatus>警報・注意報種別に変化有</ChangeStatus></Item></Warning>"""
    head = {
        "title": "気象特別警報・警報・注意報",
        "event_id": "",
        "serial": "",
        "headline": "大雨に警戒してください。",
        **head,
    }
    return telegram(body=body, family="meteorology", **head)


def coast(kind: str, code: str, *, area: str = "330", name: str = "相模湾・三浦半島", **head: str) -> bytes:
    """Return a tsunami warning for one coast."""
    body = f"""<Tsunami><Forecast><Item><Area><Name>{name}</Name><Code>{area}</Code></Area><Category>
<Kind><Name>{kind}</Name><Code>{code}</Code></Kind><LastKind><Name>津波なし</Name><Code>00</Code></LastKind></Category>
<MaxHeight><jmx_eb:TsunamiHeight type="津波の高さ" unit="m" description="３ｍ">3</jmx_eb:TsunamiHeight></MaxHeight>
</Item></Forecast></Tsunami>"""
    return telegram(body=body, **{"title": "津波警報・注意報・予報a", "serial": "", **head})
