"""Conversations: questions, streamed answers, and the lists that lead to them."""
