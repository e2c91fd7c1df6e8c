"""The rules of the books: balances, postings, states, signatures, reconciliation; pure functions without Django."""
