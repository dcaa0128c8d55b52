"""The rules of prompts."""
