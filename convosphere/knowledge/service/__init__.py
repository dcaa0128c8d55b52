"""The rules of documents: taking them in, showing, sharing and deleting them, reading them, quoting them."""
