"""What a person wants next: what they did last, what goes on, what others gave them, and what is left."""
