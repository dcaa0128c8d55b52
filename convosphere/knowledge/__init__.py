"""Documents: taken in, read, cut into passages, searched and cited."""
