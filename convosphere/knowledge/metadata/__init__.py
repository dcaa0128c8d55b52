"""Metadata: what is known of documents besides what they say, by the word of their files or of a person."""
