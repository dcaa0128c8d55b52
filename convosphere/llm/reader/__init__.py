"""The Reader: answers by quoting the passages that were found, without any model. Deterministic, local, instant."""
