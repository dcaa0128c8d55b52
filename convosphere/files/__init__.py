"""Bytes that people give: stored once per workspace by their hash, within a quota, gone with their last use."""
