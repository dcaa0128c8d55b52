"""Showing documents: what a page gets to see of them, made where no foreign file can do harm, and kept."""
