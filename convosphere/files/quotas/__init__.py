"""How much space people and groups may take, and how much they do."""
