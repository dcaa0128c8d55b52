"""Files of conversations, of this product and of others, read piece by piece."""
