"""The use cases of people and their rights."""
