"""How well search finds what it should: test questions, asked of the passages that are searched and of new ones."""
