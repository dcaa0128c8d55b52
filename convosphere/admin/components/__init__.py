"""Parts of the pages of administration."""
