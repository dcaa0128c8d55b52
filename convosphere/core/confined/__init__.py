"""Processes for strangers' files: without network, secrets and most of what a process may do."""
