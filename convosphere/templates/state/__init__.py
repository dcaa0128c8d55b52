"""What the pages of templates show."""
