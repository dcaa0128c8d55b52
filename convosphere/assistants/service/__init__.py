"""The rules of assistants: `assistants` for what there is, `versions` for what was, `asking` for who answers."""
