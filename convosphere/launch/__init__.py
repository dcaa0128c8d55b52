"""Everything between a fresh checkout and an answering page: build, database server, processes."""
