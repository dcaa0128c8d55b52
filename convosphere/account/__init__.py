"""One's own account: profile, security, notifications."""
