"""The library of prompts: texts with gaps that people keep, share and put into the composer."""
