"""Assistants: a model, instructions and knowledge under one name, with versions, shared by grants."""
