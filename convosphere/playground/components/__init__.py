"""What pages show of trying assistants."""
