"""What the facts of entries say, in plain words: roles, permissions, ways to prove oneself, reasons, yes and no."""

from collections.abc import Mapping
from functools import cache

from convosphere.core.audit.actions import ACTIONS, Fact, Outcome
from convosphere.core.audit.labels import OUTCOMES
from convosphere.core.audit.verification import Fault
from convosphere.core.errors import ExpectedError
from convosphere.core.i18n import Message, t
from convosphere.identity.allowances import AREAS

MOMENTS = frozenset({"expires_at", "heads_since", "newest_head", "since", "until"})
"""Facts that are points in time, in ISO 8601."""
SUBJECTS = frozenset({"heir", "member", "owner", "person", "subject"})
"""Facts that are the id of a person or a group."""

_FACTORS: Mapping[str, Message] = {
    "password": t("Password"),
    "totp": t("One-time code"),
    "passkey": t("Passkey"),
    "recovery": t("Recovery code"),
    "all": t("All of them"),
}
_LEVELS: Mapping[str, Message] = {"view": t("View"), "use": t("Use"), "edit": t("Edit"), "manage": t("Manage")}
_SUBJECTS: Mapping[str, Message] = {
    "everyone": t("Everyone"),
    "nobody": t("Nobody"),
    "person": t("A person"),
    "group": t("A group"),
}
_FAULTS: Mapping[str, Message] = {
    Fault.CHANGED: t("Changed"),
    Fault.REMOVED: t("Removed"),
    Fault.MOVED: t("Moved"),
    Fault.CUT_OFF: t("Cut off"),
    Fault.FOREIGN_KEY: t("Sealed with another key"),
    Fault.REWRITTEN: t("Written anew"),
}
_REASONS: Mapping[str, Message] = {
    "too_many_attempts": t("Too many attempts"),
    "too_many_requests": t("Too many requests"),
    "sign_count": t("The passkey looks like a copy"),
}
_ACTS: Mapping[str, Message] = {"archive": t("Archive"), "delete": t("Delete")}
_TEMPORARY: Mapping[str, Message] = {"allowed": t("Allowed"), "required": t("Required"), "forbidden": t("Forbidden")}
_PERMISSIONS = {allowance.permission.value: allowance.label for area in AREAS for allowance in area.allowances}
_ACTIONS = {name: action.label for name, action in ACTIONS.items()}
_OUTCOMES: Mapping[str, Message] = {outcome.value: OUTCOMES[outcome] for outcome in Outcome}
_WORDS = {
    "act": _ACTS,
    "action": _ACTIONS,
    "level": _LEVELS,
    "outcome": _OUTCOMES,
    "shared_with": _SUBJECTS,
    "temporary": _TEMPORARY,
}


def words_of(name: str, value: Fact, names: Mapping[str, Message]) -> list[Message]:
    """What a fact says; what has no words of its own, such as a name, stands as it is.

    Args:
        names: what roles are called by their keys, and people and groups by their ids.
    """
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return [t("Yes") if value else t("No")]
    known = _known(name, names)
    return [known.get(part) or Message(part) for part in _parts(name, str(value))]


def _parts(name: str, value: str) -> list[str]:
    match name:
        case "permissions" | "scopes":
            return value.replace(",", " ").split()
        case "method":
            return value.split("+")
        case _:
            return [value]


def _known(name: str, names: Mapping[str, Message]) -> Mapping[str, Message]:
    if name == "role" or name in SUBJECTS:
        return names
    match name:
        case "permission" | "permissions" | "scopes":
            return _PERMISSIONS
        case "method" | "factor":
            return _FACTORS
        case "reason":
            return _reasons()
        case "fault" | "installation_fault":
            return _FAULTS
        case _:
            return _WORDS.get(name, {})


@cache
def _reasons() -> dict[str, Message]:
    """What each error says when it is raised without anything more exact, by its code."""
    said = {kind.code: kind.default_message() for kind in _all_errors(ExpectedError)}
    return {**{code: message for code, message in said.items() if "{" not in message.text}, **_REASONS}


def _all_errors(kind: type[ExpectedError]) -> list[type[ExpectedError]]:
    return [kind, *(each for child in kind.__subclasses__() for each in _all_errors(child))]
