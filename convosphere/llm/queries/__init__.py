"""The SQL of providers, of the models that a workspace offers, and of their prices."""
