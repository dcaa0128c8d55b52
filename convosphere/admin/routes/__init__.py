"""Ways in of administration without a page."""

from convosphere.admin.routes.audit import ROUTES as AUDIT_ROUTES
from convosphere.admin.routes.lists import ROUTES as LIST_ROUTES

ROUTES = [*AUDIT_ROUTES, *LIST_ROUTES]
