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
    "act": t("What becomes of them"),
    "action": t("Action"),
    "address": t("Address"),
    "allows_anyone": t("Links for anybody"),
    "amount": t("Amount"),
    "broken_at": t("First broken entry"),
    "bytes": t("Bytes of files"),
    "cached_price": t("Price of remembered input"),
    "capabilities": t("Abilities"),
    "characters": t("Characters of text"),
    "count": t("Number"),
    "currency": t("Currency"),
    "damaged_heads": t("Damaged heads"),
    "days": t("Days"),
    "megabytes": t("Megabytes"),
    "default_for": t("Default for"),
    "done": t("Of these done"),
    "dropped": t("Keys dropped"),
    "email": t("E-mail address"),
    "entries": t("Entries that are right"),
    "expires_at": t("Works until"),
    "factor": t("Second factor"),
    "fallbacks": t("Replaced by"),
    "fault": t("What is wrong"),
    "fields": t("Details"),
    "format": t("Format"),
    "has_new_credential": t("New key"),
    "heads_since": t("Heads since"),
    "heir": t("Gets what was shared"),
    "input_price": t("Price of input"),
    "installation_broken_at": t("First broken entry of the installation"),
    "installation_entries": t("Entries of the installation that are right"),
    "installation_fault": t("What is wrong in the installation's chain"),
    "is_denied": t("Denied"),
    "is_enabled": t("Switched on"),
    "is_hard": t("Refuses what is more"),
    "is_kept": t("Unanswered questions are kept"),
    "is_manager": t("Manages the group"),
    "is_per_person": t("For each person"),
    "is_restricted": t("Only for some"),
    "kind": t("Kind"),
    "label": t("Called"),
    "level": t("Right"),
    "member": t("Person"),
    "method": t("Proved by"),
    "minute_price": t("Price of a minute"),
    "picture_price": t("Price of a picture"),
    "model": t("Model"),
    "name": t("Name"),
    "newest_head": t("Newest head"),
    "object": t("Object"),
    "of_installation": t("Of the installation"),
    "outcome": t("Outcome"),
    "output_price": t("Price of output"),
    "owner": t("Owner"),
    "place": t("Place"),
    "parts": t("Conditions"),
    "passages": t("Passages"),
    "size": t("Size in tokens"),
    "overlap": t("Overlap in tokens"),
    "by_section": t("Sections stay apart"),
    "period": t("Period"),
    "permission": t("Permission"),
    "permissions": t("Permissions"),
    "person": t("Person"),
    "price_source": t("Price taken from"),
    "purpose": t("Used for"),
    "reason": t("Reason"),
    "requires_second_factor": t("Needs a second factor"),
    "review_on": t("To be looked at again on"),
    "rewrapped": t("Secrets under the new key"),
    "role": t("Role"),
    "scopes": t("Scopes"),
    "shared_with": t("Shared with"),
    "since": t("From"),
    "source": t("Taken from"),
    "spares_pinned": t("Pinned ones stay"),
    "spares_shared": t("Shared ones stay"),
    "state": t("State"),
    "subject": t("For whom"),
    "temporary": t("Temporary chats"),
    "time_zone": t("Time zone"),
    "total": t("How many"),
    "until": t("Until"),
    "vectors": t("Vectors"),
    "previews": t("Previews"),
    "version": t("Version"),
    "versions": t("Versions"),
    "warn_at": t("Warns at"),
    "when_full": t("When a conversation gets too long"),
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
