"""Pages of the ledger room."""
