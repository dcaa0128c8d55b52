"""Who may do what with a conversation, inside the SQL of whoever fetches it, of the table `c`; takes `:account_id`."""

from typing import Final

from convosphere.chat.access import OBJECT_TYPE
from convosphere.identity.grants import LEVELS, Level, access_text

MAY: Final[dict[Level, str]] = {level: access_text(OBJECT_TYPE, "c.id", "c.owner_id", level) for level in LEVELS}


def may_of(account: str, level: Level) -> str:
    """The same for whoever is named by a column, in place of the actor."""
    return MAY[level].replace(":account_id", account)


IS_SHARED: Final = f"""(c.owner_id <> :account_id OR EXISTS (
    SELECT FROM access_grant AS g WHERE g.object_type = '{OBJECT_TYPE}' AND g.object_id = c.id AND NOT g.is_deny
))"""  # Of constants.
GIVEN: Final = f"""c.owner_id <> :account_id AND c.id IN (
    SELECT g.object_id FROM access_grant AS g WHERE g.object_type = '{OBJECT_TYPE}' AND NOT g.is_deny AND (
        g.subject_type = 'everyone' OR g.subject_id = :account_id
        OR g.subject_id IN (SELECT e.group_id FROM effective_group AS e WHERE e.account_id = :account_id)
    )
) AND {MAY["view"]}"""  # noqa: S608
"""Of conversations that others have shared with the actor: what was given is found first, then all rules are asked."""
