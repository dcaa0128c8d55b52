"""People: accounts, workspaces, memberships, sessions, roles and grants."""
