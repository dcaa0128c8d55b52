"""What the pages of administration show and do."""
