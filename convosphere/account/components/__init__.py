"""Parts of the pages of one's own account; each is a group of a form or a list with its acts."""
