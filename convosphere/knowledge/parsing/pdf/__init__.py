"""PDF by pdfium: lines with their places, from which headings, paragraphs, lists and tables are rebuilt."""
