"""Secrets at rest: sealed by keys that are kept outside the database."""
