"""Images that people send to models: a stranger's bytes become an image of our own making, in a process of its own."""
