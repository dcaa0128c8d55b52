"""Finding passages: terms, the index in PostgreSQL, ranking by BM25, and a dense leg where a model is connected."""
