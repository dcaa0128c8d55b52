"""Stateless pieces of the pages of documents, and those bound to their States."""
