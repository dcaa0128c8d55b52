"""The routes about people; most set or take the session cookie, which no script may touch."""

from convosphere.identity.routes import (
    avatars,
    entry,
    factors,
    links,
    looking,
    me,
    reauthentication,
    second_step,
    tokens,
)

ROUTES = [
    *avatars.ROUTES,
    *entry.ROUTES,
    *factors.ROUTES,
    *links.ROUTES,
    *looking.ROUTES,
    *me.ROUTES,
    *reauthentication.ROUTES,
    *second_step.ROUTES,
    *tokens.ROUTES,
]
