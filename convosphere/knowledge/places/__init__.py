"""Places where documents are looked for: documents, folders, tags and collections."""
