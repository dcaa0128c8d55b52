"""Files of office programs as pages, for a process of its own: words, tables and pictures, nothing that acts."""
