"""What pages of all that people make have alike."""
