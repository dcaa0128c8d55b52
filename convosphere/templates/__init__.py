"""Templates: what conversations of a kind begin with."""
