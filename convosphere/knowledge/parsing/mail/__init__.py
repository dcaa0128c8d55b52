"""E-mails with what is attached to them."""
