"""Suggestions: tags that documents with much the same words have."""
