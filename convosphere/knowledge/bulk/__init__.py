"""Work on many documents at once: one runner, and a small class for each thing that it can do."""
