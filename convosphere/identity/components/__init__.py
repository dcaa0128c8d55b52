"""Pieces of pages about people."""
