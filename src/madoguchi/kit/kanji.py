"""Families of kanji that are one character to a searcher: 邉 邊 辺, 髙 高, 𠮷 吉.

The relation comes from the package jntajis (MJ縮退マップ and the shrink map of the National Tax Agency) and is put in
order here: which of a character's targets counts, and which member of a family stands for it. Nothing of the maps
is copied; the table (about 20,000 characters) is computed at first use in a tenth of a second.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache

import jntajis
from jntajis import MJShrinkSchemeCombo as Scheme

# Blocks with kanji: extension A, the unified ones, compatibility, and the supplementary planes 2 and 3.
_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x32000))

# In the order of authority for names. Taking all tables at once would tie characters together that merely share a
# rare reading; the first table that knows a character decides.
_SCHEMES = (
    Scheme.JIS_INCORPORATION_UCS_UNIFICATION_RULE,
    Scheme.MOJ_FAMILY_REGISTER_ACT_RELATED_NOTICE,
    Scheme.MOJ_NOTICE_582,
    Scheme.INFERENCE_BY_READING_AND_GLYPH,
)

# Each pair is of 常用漢字 (内閣告示 2010; 晝 is the old form of 昼), different characters to everybody;
# the maps tie them because the family register has an old glyph of one that shares the code point of the other.
_DISTINCT = frozenset(map(frozenset, ("功切", "師帥", "書昼", "書晝", "玉王", "着著")))


@lru_cache(maxsize=65536)
def canonical(character: str) -> str:
    """Return the character that stands for the family of a kanji (after NFKC); other characters are returned in NFKC."""
    folded = unicodedata.normalize("NFKC", character)
    if len(folded) != 1 or folded not in _targets():
        return folded
    reached = _reach(folded)
    # Ends are characters from which everything reachable leads back: the last step of shrinking, or a circle.
    ends = [one for one in reached if all(one in _reach(other) for other in _reach(one))]
    return min(ends, key=commonness)


def family(character: str) -> tuple[str, ...]:
    """Return every character with the same canonical one, compatibility ideographs included, commonest first."""
    return _families().get(canonical(character), (character,))


def shrink_steps(character: str) -> list[str]:
    """Return what a kanji may be replaced by in print, nearest first: direct targets, then theirs."""
    found: dict[str, None] = {}
    folded = unicodedata.normalize("NFKC", character)
    queue = [character, folded] if len(folded) == 1 else [character]
    for one in queue:
        for target in _direct_targets(one):
            if target not in found and target != character:
                found[target] = None
                queue.append(target)
    return list(found)


def commonness(character: str) -> tuple[int, bytes]:
    """Return a sort key: JIS X 0208 in its order (level 1 first), then what Windows adds (髙, 﨑), JIS X 0213, the rest."""
    for rank, codec in enumerate(("iso2022_jp", "cp932", "euc_jis_2004")):
        try:
            return rank, character.encode(codec)
        except UnicodeEncodeError:
            continue
    return 3, character.encode("utf-32-be", "surrogatepass")


def _all_kanji() -> Iterator[str]:
    return (chr(code) for first, end in _BLOCKS for code in range(first, end))


def _direct_targets(character: str) -> list[str]:
    """Return the targets of one kanji by the first table that knows it, its compatibility forms left out."""
    for scheme in _SCHEMES:
        targets = [t for t in jntajis.mj_shrink_candidates(character, int(scheme)) if _leads_on(character, t)]
        if targets:
            return targets
    if unicodedata.category(character) != "Lo":  # the map also turns letters into full-width ones
        return []
    target = jntajis.jnta_shrink_translit(character, passthrough=True)
    return [target] if _leads_on(character, target) else []


def _leads_on(character: str, target: str) -> bool:
    folded, aim = unicodedata.normalize("NFKC", character), unicodedata.normalize("NFKC", target)
    return len(aim) == 1 and aim != folded and frozenset((folded, aim)) not in _DISTINCT


@cache
def _targets() -> dict[str, frozenset[str]]:
    """Return the targets of every kanji that has one, in NFKC on both sides."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for character in _all_kanji():
        folded = unicodedata.normalize("NFKC", character)
        if folded == character:
            found[folded] |= {unicodedata.normalize("NFKC", t) for t in _direct_targets(character)}
    return {character: frozenset(targets) for character, targets in found.items() if targets}


@cache
def _reach(character: str) -> frozenset[str]:
    seen, queue = {character}, [character]
    while queue:
        fresh = _targets().get(queue.pop(), frozenset()) - seen
        seen |= fresh
        queue += fresh
    return frozenset(seen)


@cache
def _families() -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for character in _all_kanji():
        if unicodedata.category(character) == "Lo":
            found[canonical(character)].append(character)
    return {key: tuple(sorted(members, key=commonness)) for key, members in found.items() if len(members) > 1}
