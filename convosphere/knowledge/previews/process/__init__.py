"""Processes that make what is shown of a file: each is confined, lives for one file, and answers with bytes alone."""
