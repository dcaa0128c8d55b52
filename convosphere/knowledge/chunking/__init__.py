"""How texts are cut: the settings, what they would make of a document, and sets of passages made anew by them."""
