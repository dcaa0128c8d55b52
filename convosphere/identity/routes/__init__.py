"""The routes about people; most set or take the session cookie, which no script may touch."""

from convosphere.identity.routes import entry, links, looking, reauthentication, second_step

ROUTES = [
    *entry.ROUTES,
    *links.ROUTES,
    *looking.ROUTES,
    *reauthentication.ROUTES,
    *second_step.ROUTES,
]
