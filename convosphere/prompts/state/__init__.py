"""What one tab shows of prompts."""
