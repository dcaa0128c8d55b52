"""Pieces of the pages of prompts."""
