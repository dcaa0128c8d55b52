"""The audit trail: who did what, when, from where, in chains of entries that cannot be altered unnoticed."""
