"""Tags: the words that a workspace files its documents under."""
