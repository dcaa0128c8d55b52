"""What tabs show of chats: the list, one conversation, the answer being written, a cited passage, the models."""
