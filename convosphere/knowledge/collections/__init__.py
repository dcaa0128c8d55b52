"""Collections: filters of documents that people saved under a name, and share."""
