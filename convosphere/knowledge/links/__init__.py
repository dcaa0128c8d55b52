"""Links that open a document, or what lies in a folder or collection, for whoever has them."""
