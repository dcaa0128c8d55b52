"""What one tab shows of documents."""
