"""The pages of administration.

Each is a module of its own: the compiler puts all parts of a module's pages into one chunk.
"""

from convosphere.admin.pages.audit import audit_page
from convosphere.admin.pages.chat_rules import chat_rules_page
from convosphere.admin.pages.groups import groups_page
from convosphere.admin.pages.models import models_page
from convosphere.admin.pages.people import people_page
from convosphere.admin.pages.person import person_page
from convosphere.admin.pages.quality import quality_page
from convosphere.admin.pages.roles import roles_page
from convosphere.admin.pages.usage import usage_page

__all__ = [
    "audit_page",
    "chat_rules_page",
    "groups_page",
    "models_page",
    "people_page",
    "person_page",
    "quality_page",
    "roles_page",
    "usage_page",
]
