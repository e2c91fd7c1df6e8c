"""Scoring rules: shipped ones come in, drafts are edited, and only what passes its golden examples is published."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from django.db import transaction

from madoguchi.kit import clock
from madoguchi.kit.dmn import DecisionModel
from madoguchi.kit.hashing import digest_bytes
from madoguchi.trust.api import Account, current_municipality, record_event

from .. import events
from ..errors import PlanError, StaleError
from ..models import ScoringRule
from ..permissions import review_policy
from ..rules import scoring_tables
from ..rules.scoring_examples import run_examples
from ..selectors.scoring import DRAFT, definitions_of, published_rules
from .refusals import recording_refusals

SHIPPED = ("sagamihara", "ino", "nagayo", "tama")


@transaction.atomic
def install_rules() -> list[ScoringRule]:
    """Store the shipped rules as version 1 in the municipality in scope where a rule of that key is missing."""
    known = set(published_rules().values_list("key", flat=True))
    return [_install(key) for key in SHIPPED if key not in known]


def _install(key: str) -> ScoringRule:
    facts, xml = _shipped(key)
    return ScoringRule.objects.create(
        municipality=current_municipality(),
        key=key,
        name=facts["name"],
        source=facts["source"],
        xml=xml,
        examples=facts["examples"],
        created_at=clock.now(),
    )


@lru_cache
def _shipped(key: str) -> tuple[dict[str, Any], str]:
    """Return name, source and examples of a shipped rule, and its XML; raises ``PlanError`` for one that is broken."""
    folder = resources.files("madoguchi.plan") / "data" / "scoring"
    facts = json.loads((folder / f"{key}.json").read_text(encoding="utf-8"))
    xml = (folder / f"{key}.dmn").read_text(encoding="utf-8")
    problem = first_problem(xml=xml, examples=facts["examples"])
    if problem:
        raise PlanError(f"{key}: {problem}")
    return facts, xml


@recording_refusals(events.EVALUATION_REFUSED, subject="rule")
def save_draft(
    *,
    rule: ScoringRule,
    rows: Mapping[str, Sequence[Sequence[str]]],
    examples: Sequence[Mapping[str, Any]] | None = None,
    seen: str = "",
    actor: Account,
) -> ScoringRule:
    """
    Keep changed cells (and golden examples) as the draft of the next version; a draft may be wrong.

    ``rule`` is the version the draft starts from, ``seen`` the digest of the draft the actor edited (empty: none).
    Raises ``RefusedError``, ``PlanError`` for a table that is none, and ``StaleError`` when the draft moved meanwhile.
    """
    review_policy.require(actor, "open", rule)
    draft = ScoringRule.objects.select_for_update().filter(key=rule.key, version=DRAFT).first()
    if draft_digest(draft) != seen:
        yours, theirs = {"表": f"{sum(map(len, rows.values()))}行"}, {"表": "別の下書きが保存されています"}
        raise StaleError(yours=yours, theirs=theirs)
    base = draft or rule
    xml = scoring_tables.write_rule(scoring_tables.with_cells(definitions_of(base), rows))
    kept = [dict(item) for item in examples] if examples is not None else base.examples
    if draft is None:
        draft = ScoringRule(municipality=rule.municipality, key=rule.key, version=DRAFT)
    draft.name, draft.source, draft.created_at = rule.name, rule.source, clock.now()
    draft.xml, draft.examples = xml, kept
    draft.save()
    return draft


@recording_refusals(events.EVALUATION_REFUSED, subject="rule")
def discard_draft(*, rule: ScoringRule, actor: Account) -> None:
    """Throw the draft of a rule away. Raises ``RefusedError``."""
    review_policy.require(actor, "open", rule)
    ScoringRule.objects.filter(key=rule.key, version=DRAFT).delete()


@recording_refusals(events.EVALUATION_REFUSED, subject="rule")
def publish_rule(*, rule: ScoringRule, seen: str, actor: Account) -> ScoringRule:
    """
    Publish the draft of a rule as its next version; rounds that are open keep theirs.

    Raises ``RefusedError``, ``StaleError`` when the draft is not the one seen, and ``PlanError`` naming the cell that
    is wrong or the golden example that fails, or when nothing was changed.
    """
    review_policy.require(actor, "open", rule)
    draft = ScoringRule.objects.select_for_update().filter(key=rule.key, version=DRAFT).first()
    if draft is None:
        raise PlanError("下書きがありません。セルを変更して保存してから公開してください。")
    if draft_digest(draft) != seen:
        raise StaleError(yours={"下書き": "確認した内容"}, theirs={"下書き": "別の内容に変わっています"})
    problem = first_problem(xml=draft.xml, examples=draft.examples)
    if problem:
        raise PlanError(problem)
    newest = published_rules().filter(key=rule.key).first()
    if newest is not None and (newest.xml, newest.examples) == (draft.xml, draft.examples):
        raise PlanError("公開中の版と同じ内容です。")
    draft.version = newest.version + 1 if newest else 1
    draft.created_at = clock.now()
    draft.save(update_fields=["version", "created_at"])
    data = {"key": draft.key, "version": draft.version, "digest": digest_bytes(draft.xml.encode())}
    record_event(kind=events.SCORING_PUBLISHED, subject=draft, actor=actor, data=data)
    return draft


def draft_digest(draft: ScoringRule | None) -> str:
    """Return what tells one state of a draft from another; empty for no draft."""
    if draft is None:
        return ""
    text = json.dumps([draft.xml, draft.examples], ensure_ascii=False, sort_keys=True)
    return digest_bytes(text.encode())


def first_problem(*, xml: str, examples: Sequence[Mapping[str, Any]]) -> str:
    """Return the first thing that keeps a rule from being published, in the user's language; empty when it may be."""
    try:
        definitions = scoring_tables.read_rule(xml)
    except PlanError as error:
        return str(error)
    fatal = next((fault for fault in scoring_tables.faults(definitions) if fault.is_fatal), None)
    if fatal is not None:
        return str(fatal)
    if not examples:
        return "確認例がありません。少なくとも1つ登録してください。"
    results = run_examples(DecisionModel(definitions), examples)
    failed = next((item for item in results if not item.passed), None)
    if failed is not None:
        return f"確認例{failed.number}（{failed.note}）の結果が違います。期待: {failed.expected}、結果: {failed.got}"
    return ""
