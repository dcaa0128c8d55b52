"""Conversations as documents for people: Markdown, HTML, PDF and Word, each of the branch that is looked at."""
