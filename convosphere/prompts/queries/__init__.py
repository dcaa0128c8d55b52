"""The SQL of prompts."""
