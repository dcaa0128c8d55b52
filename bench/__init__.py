"""Benchmarks of the whole product: they measure and print, never judge; `make bench`, or `python -m bench NAME …`.

Each starts the product as `make run` does, in a directory of its own that is thrown away, against the project's own
provider of models in another process. Nothing here asserts on a time, since a machine has other things to do.
"""
