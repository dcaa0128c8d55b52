"""Pieces of the pages of templates."""
