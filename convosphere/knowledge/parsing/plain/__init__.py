"""Text and Markdown files."""
