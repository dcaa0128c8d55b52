"""The rules of conversations: `conversations` for what there is, `answering` for what comes to be."""
