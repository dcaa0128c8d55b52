"""How a beginning looks."""
