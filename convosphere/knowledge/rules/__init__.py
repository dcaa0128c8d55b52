"""Rules: tags that documents get by themselves, by where they lie, what they are and what they say."""
