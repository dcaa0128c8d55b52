"""The one door to models: providers, routing, cost, embeddings, and the Reader that answers without any model.

Callers build one `gateway.Gateway` per process and use the types of `schemas` and `errors`; nothing else is public.
"""
