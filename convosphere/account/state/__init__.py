"""What the pages of one's own account show and do."""
