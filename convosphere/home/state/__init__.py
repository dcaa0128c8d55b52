"""What the page of a beginning knows."""
