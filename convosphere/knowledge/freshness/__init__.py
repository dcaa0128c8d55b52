"""Freshness: which documents are old or to be looked at again, and how much that matters."""
