"""What tabs show of assistants: the list, one with its editor, its versions."""
