"""The ledger of all calls to models, its sums, and budgets. It knows conversations and assistants as opaque ids."""
