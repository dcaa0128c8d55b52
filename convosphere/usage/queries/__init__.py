"""The SQL of the ledger and of budgets."""
