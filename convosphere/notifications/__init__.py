"""What people are told of: kept for them, shown by the bell and the browser, gathered into mails by choice."""
