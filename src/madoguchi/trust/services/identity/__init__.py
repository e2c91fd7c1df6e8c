"""What happens around identity providers: attempts, linking, matching, attributes, signatures."""

from .attempts import begin_attempt, claim_attempt, digest_of, forget_attempts, new_browser_secret, safe_path, visit_of
from .attributes import give_consent, keep_attributes, verified_attributes, withdraw_consent
from .linking import (
    Settled,
    confirm_received,
    discard_received,
    find_received,
    received_of,
    settle,
    unlink,
)
from .matching import decide_match, differences_from, match_person
from .refusals import record_identity_refusal, refused, words_of
from .signatures import announce_signature, keep_signature, request_signature

__all__ = [
    "Settled",
    "announce_signature",
    "begin_attempt",
    "claim_attempt",
    "confirm_received",
    "decide_match",
    "differences_from",
    "digest_of",
    "discard_received",
    "find_received",
    "forget_attempts",
    "give_consent",
    "keep_attributes",
    "keep_signature",
    "match_person",
    "new_browser_secret",
    "received_of",
    "record_identity_refusal",
    "refused",
    "request_signature",
    "safe_path",
    "settle",
    "unlink",
    "verified_attributes",
    "visit_of",
    "withdraw_consent",
    "words_of",
]
