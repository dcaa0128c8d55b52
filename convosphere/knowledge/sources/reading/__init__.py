"""What strangers' servers answer, read in a process of its own: links of pages, and XML as a tree."""
