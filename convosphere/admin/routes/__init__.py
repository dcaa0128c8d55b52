"""Ways in of administration without a page."""

from convosphere.admin.routes.audit import ROUTES as AUDIT_ROUTES

ROUTES = [*AUDIT_ROUTES]
