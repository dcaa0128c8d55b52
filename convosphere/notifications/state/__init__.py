"""What one tab knows of notifications."""
