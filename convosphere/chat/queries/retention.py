"""When the conversation `c` goes by the rule of its workspace, inside the SQL of whoever asks."""

from typing import Final


def spared_by(rule: str) -> str:
    """Whether it stays for what it is, by the rule of this name: pinned by somebody, shared, or archived already."""
    return f"""(
        ({rule}.spares_pinned AND EXISTS (
            SELECT FROM conversation_view AS p WHERE p.conversation_id = c.id AND p.pinned_at IS NOT NULL
        )) OR ({rule}.spares_shared AND (EXISTS (
            SELECT FROM access_grant AS s
            WHERE s.object_type = 'conversation' AND s.object_id = c.id AND NOT s.is_deny
        ) OR EXISTS (
            SELECT FROM conversation_link AS l WHERE l.conversation_id = c.id AND l.revoked_at IS NULL
                AND (l.expires_at IS NULL OR l.expires_at > now())
        ))) OR ({rule}.retention_act = 'archive' AND EXISTS (
            SELECT FROM conversation_view AS a
            WHERE a.conversation_id = c.id AND a.account_id = c.owner_id AND a.archived_at IS NOT NULL
        ))
    )"""  # noqa: S608  # Of constants.


LEAVES_AT: Final = f"""(
    SELECT greatest(
        greatest(c.updated_at, c.kept_at) + make_interval(days => k.retention_days),
        k.retention_since + interval '7 days'
    )
    FROM chat_rule AS k WHERE k.retention_days IS NOT NULL AND NOT {spared_by("k")}
)"""  # noqa: S608
"""NULL where it stays. The seven days are `rules.NOTICE`."""
