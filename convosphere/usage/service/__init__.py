"""Use cases of the ledger and of budgets."""
