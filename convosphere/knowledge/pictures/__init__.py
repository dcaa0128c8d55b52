"""Pictures: the text in them, and what a model says that they show."""
