"""Conversations as files: what stands in them, how they are written, and how those of others are read."""
