"""The ledger: what every call to a model used and cost. It knows conversations and messages as opaque ids."""
