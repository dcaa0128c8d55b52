"""The SQL of assistants; fetching is authorising."""
