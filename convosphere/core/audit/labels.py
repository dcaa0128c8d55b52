"""What the facts of entries, their outcomes and their ways are called."""

from convosphere.core.audit.actions import Outcome
from convosphere.core.audit.verification import Fault
from convosphere.core.i18n import Message, t
from convosphere.core.origin import Means

OUTCOMES: dict[Outcome, Message] = {
    Outcome.DONE: t("Done"),
    Outcome.REFUSED: t("Refused"),
    Outcome.FAILED: t("Failed"),
}

MEANS: dict[Means, Message] = {
    Means.BROWSER: t("Browser"),
    Means.TOKEN: t("Key of a program"),
    Means.JOB: t("Background job"),
    Means.TERMINAL: t("Terminal of the server"),
}

FACTS: dict[str, Message] = {
    "account": t("Account"),
    "action": t("Action"),
    "broken_at": t("First broken entry"),
    "count": t("Number"),
    "damaged_heads": t("Damaged heads"),
    "days": t("Days"),
    "dropped": t("Keys dropped"),
    "default_for": t("Default for"),
    "email": t("E-mail address"),
    "entries": t("Entries that are right"),
    "expires_at": t("Works until"),
    "factor": t("Second factor"),
    "fault": t("What is wrong"),
    "format": t("Format"),
    "heads_since": t("Heads since"),
    "heir": t("Gets what was shared"),
    "installation_broken_at": t("First broken entry of the installation"),
    "installation_entries": t("Entries of the installation that are right"),
    "installation_fault": t("What is wrong in the installation's chain"),
    "is_denied": t("Denied"),
    "is_manager": t("Manages the group"),
    "label": t("Called"),
    "level": t("Right"),
    "member": t("Person"),
    "method": t("Proved by"),
    "name": t("Name"),
    "newest_head": t("Newest head"),
    "object": t("Object"),
    "of_installation": t("Of the installation"),
    "outcome": t("Outcome"),
    "owner": t("Owner"),
    "permission": t("Permission"),
    "permissions": t("Permissions"),
    "person": t("Person"),
    "reason": t("Reason"),
    "requires_second_factor": t("Needs a second factor"),
    "rewrapped": t("Secrets under the new key"),
    "role": t("Role"),
    "scopes": t("Scopes"),
    "shared_with": t("Shared with"),
    "since": t("From"),
    "state": t("State"),
    "subject": t("For whom"),
    "until": t("Until"),
    "version": t("Version"),
}
"""By the names of their fields in `actions.py`."""


def explain(fault: Fault, number: int) -> Message:
    """What is wrong with an entry, in a sentence."""
    match fault:
        case Fault.CHANGED:
            return t(
                "Entry {number} was changed after it was written, or was written by somebody without the key.",
                number=number,
            )
        case Fault.REMOVED:
            return t("Entry {number} was removed.", number=number)
        case Fault.MOVED:
            return t("Where entry {number} belongs, another one stands that was moved there.", number=number)
        case Fault.CUT_OFF:
            return t("Entry {number} and all after it were cut off.", number=number)
        case Fault.FOREIGN_KEY:
            return t("Entry {number} was sealed with another key.", number=number)
        case Fault.REWRITTEN:
            return t("Entry {number} was written anew: the file of heads knows another one.", number=number)
