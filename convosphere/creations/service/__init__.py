"""The rules of all that people make."""
