"""The ledger: what was done to each document, stage by stage."""
