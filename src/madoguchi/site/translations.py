"""Translations of every room: ``python -m madoguchi.site.translations extract | compile | check [ROOM…]``.

The texts in the sources are Japanese; each room owns ``locale/en`` and ``locale/ja_Easy`` (やさしい日本語). ``extract`` brings
the catalogues in line with the sources, ``compile`` writes what the program reads, ``check`` lists what is missing, fuzzy,
obsolete or has lost a placeholder, and ends with 1 if there is anything. A catalogue ``locale/ja``, which only rewords
messages of libraries, is compiled and otherwise left alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import TemplateSyntaxError

PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGES = {"en": "en", "ja_Easy": "ja"}
"""Folder of the catalogue → the locale whose plural rules it follows."""

_KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "_lazy": None,
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


class NoSourcesError(Exception):
    """``babel.cfg`` is not there: an installed copy has no sources to extract from."""


class UnreadableSourceError(Exception):
    """A source file cannot be parsed; the message names it and says why."""


def rooms(package: Path = PACKAGE) -> list[Path]:
    """Return the folders of the rooms, by name."""
    return sorted(path for path in package.iterdir() if (path / "__init__.py").is_file())


def catalogue_path(room: Path, language: str) -> Path:
    """Return where a room keeps its catalogue of a language."""
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def template(room: Path) -> Catalog:
    """Return the texts that the sources of a room hand to gettext, without translations.

    Raises NoSourcesError or UnreadableSourceError.
    """
    mapping = PACKAGE.parents[1] / "babel.cfg"
    if not mapping.is_file():
        raise NoSourcesError(str(mapping))
    with mapping.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, str(mapping))  # type: ignore[no-untyped-call]
    found = Catalog(charset="utf-8")
    at: list[str] = [""]
    try:
        for _file, _line, message, comments, context in extract_from_dir(
            str(room),
            methods,
            options,
            _KEYWORDS,
            ("Translators:",),
            callback=lambda file, _method, _options: at.append(file),
            strip_comment_tags=True,
        ):
            found.add(message, None, auto_comments=comments, context=context)
    except (SyntaxError, TemplateSyntaxError) as error:
        raise UnreadableSourceError(f"{room.name}/{at[-1]}: {error}") from error
    return found


def read(path: Path, language: str) -> Catalog:
    """Return a catalogue, or an empty one when the file is not there."""
    locale = LANGUAGES.get(language, language)
    if not path.is_file():
        return Catalog(locale=locale, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale, charset="utf-8")


def extract(room: Path) -> int:
    """Bring the catalogues of a room in line with its sources and return how many texts it has."""
    wanted = template(room)
    if not len(wanted):
        return 0
    for language in LANGUAGES:
        path = catalogue_path(room, language)
        catalogue = read(path, language)
        catalogue.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, catalogue, room.name)
    return len(wanted)


def _write(path: Path, catalogue: Catalog, room: str) -> None:
    catalogue.header_comment = f"# Texts of the room {room}."
    catalogue.project, catalogue.version, catalogue.fuzzy = "Madoguchi", room, False
    with path.open("wb") as file:
        write_po(
            file, catalogue, width=120, no_location=True, omit_header=False, sort_output=True, ignore_obsolete=True
        )
    # A date would change with every run and say nothing.
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [
        line
        for line in lines
        if not re.match(r'"(POT-Creation|PO-Revision|Last-Translator|Generated-By|Report-Msgid|Language-Team)', line)
    ]
    path.write_text("".join(kept), encoding="utf-8")


def compile_room(room: Path) -> int:
    """Write the compiled catalogue beside each catalogue of a room and return how many there were."""
    sources = sorted(room.glob("locale/*/LC_MESSAGES/django.po"))
    for source in sources:
        catalogue = read(source, source.parents[1].name)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
    return len(sources)


def problems(room: Path) -> Iterator[str]:
    """Yield what a translator has to do in a room, one line each."""
    wanted = {_key(message): message for message in template(room) if message.id}
    for language in LANGUAGES:
        catalogue = read(catalogue_path(room, language), language)
        have = {_key(message): message for message in catalogue if message.id}
        for key, message in wanted.items():
            fault = "missing" if key not in have else _fault(have[key])
            if fault:
                yield f"{room.name} {language} {fault}: {_first(message)}"
        for key in [*(have.keys() - wanted.keys()), *map(_key, catalogue.obsolete.values())]:
            yield f"{room.name} {language} obsolete: {key[1]}"


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, _first(message)


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _fault(message: Message) -> str | None:
    if message.fuzzy:
        return "fuzzy"
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not texts or not all(texts):
        return "untranslated"
    wanted = set(_PLACEHOLDER.findall(_first(message)))
    return None if all(set(_PLACEHOLDER.findall(text)) == wanted for text in texts) else "placeholders differ"


def _chosen(names: Sequence[str]) -> Iterable[Path]:
    return [room for room in rooms() if not names or room.name in names]


def main(arguments: Sequence[str]) -> int:
    """Run one of the three commands and return the exit code; a source that cannot be read is named."""
    try:
        return _run(arguments)
    except (NoSourcesError, UnreadableSourceError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _run(arguments: Sequence[str]) -> int:
    command, names = (arguments[0], arguments[1:]) if arguments else ("", ())
    if command == "extract":
        for room in _chosen(names):
            sys.stdout.write(f"{room.name}: {extract(room)}\n")
        return 0
    if command == "compile":
        sys.stdout.write(f"{sum(compile_room(room) for room in _chosen(names))} catalogues compiled\n")
        return 0
    if command == "check":
        found = [line for room in _chosen(names) for line in problems(room)]
        sys.stdout.writelines(f"{line}\n" for line in found)
        return 1 if found else 0
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
