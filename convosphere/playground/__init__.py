"""Trying assistants: models and versions side by side, and test cases that tell which version is better."""
