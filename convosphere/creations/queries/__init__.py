"""The SQL of all that people make."""
