"""How notifications are shown."""
