"""For administrators: people, groups, roles, the audit trail."""
