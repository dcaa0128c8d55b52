"""What pages show of assistants."""
