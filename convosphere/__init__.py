"""ConvoSphere: an AI-assistant platform that a team hosts itself."""
