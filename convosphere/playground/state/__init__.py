"""What tabs show of trying assistants: answers side by side, cases, runs."""
