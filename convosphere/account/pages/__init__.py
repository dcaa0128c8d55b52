"""The pages of one's own account.

Each is a module of its own: the compiler puts all parts of a module's pages into one chunk.
"""

from convosphere.account.pages.notifications import notifications_page
from convosphere.account.pages.profile import profile_page
from convosphere.account.pages.security import security_page
from convosphere.account.pages.usage import own_usage_page

__all__ = [
    "notifications_page",
    "own_usage_page",
    "profile_page",
    "security_page",
]
