"""How documents are: counts, failures by cause, citations, and remains of what is gone."""
