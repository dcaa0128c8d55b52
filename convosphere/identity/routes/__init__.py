"""The routes about people; most set or take the session cookie, which no script may touch."""

from convosphere.identity.routes import entry, reauthentication

ROUTES = [
    *entry.ROUTES,
    *reauthentication.ROUTES,
]
