"""Images of strangers become images of our own making, in a process of its own; this one loads no decoder."""
