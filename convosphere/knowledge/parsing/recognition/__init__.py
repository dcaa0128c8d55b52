"""Text in pictures, recognised by tesseract, a program of the system that need not be there."""
