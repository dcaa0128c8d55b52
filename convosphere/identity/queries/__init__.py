"""The SQL of people and their rights."""
