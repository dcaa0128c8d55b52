"""The SQL of chats. Whatever is fetched, the actor may see; somebody else's looks like nothing at all."""
