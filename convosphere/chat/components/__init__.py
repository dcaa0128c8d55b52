"""Pieces of the chat page and the list of conversations."""
