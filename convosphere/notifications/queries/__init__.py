"""The SQL of notifications."""
