"""The books of the city hall: double entry, receivables, payments, refunds, reconciliation."""
