"""Turns a stored file into text and passages, in processes of its own with limits; knows no database."""
