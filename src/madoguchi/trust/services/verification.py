"""Checking the chains and writing down that it was done."""

from __future__ import annotations

import logging

from .. import events
from ..models import Account, municipality_in_scope
from ..rules.findings import ERROR, Finding
from ..selectors.chain import verify_chain
from .events import record_event

logger = logging.getLogger(__name__)


def verify_chains(*, actor: Account | None = None) -> list[Finding]:
    """Check the chains of the municipality in scope, record the outcome as an event, and return the findings."""
    municipality = municipality_in_scope()
    findings = verify_chain(municipality)
    wrong = [finding for finding in findings if finding.severity == ERROR]
    for finding in wrong:
        logger.error("%s: %s", finding.subject, finding.message)
    facts = {"errors": len(wrong), "kinds": sorted({finding.kind for finding in wrong})}
    record_event(kind=events.CHAIN_VERIFIED, subject=municipality, actor=actor, quantity=len(wrong), data=facts)
    return findings


def verify_and_record() -> int:
    """Check the chains of the municipality in scope for the nightly job; return the number of errors."""
    return sum(finding.severity == ERROR for finding in verify_chains())
