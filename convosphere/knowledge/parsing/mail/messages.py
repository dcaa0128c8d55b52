"""The parts of an e-mail as it is sent (RFC 5322, MIME), whatever is wrong with them."""

import email
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Final

from convosphere.knowledge.parsing.sources import Source

SHOWN: Final = ("From", "To", "Cc", "Date", "Subject")
"""The fields of a head that say something to people."""


def message_of(source: Source) -> EmailMessage:
    """An e-mail; whoever goes through its parts may meet a `RecursionError`."""
    return email.message_from_bytes(source.read(source.size), policy=default)


def attachments_of(message: EmailMessage) -> Iterator[EmailMessage]:
    """Parts that stand beside the body; pictures within a page have names as well."""
    if not message.is_multipart():
        return
    for part in message.iter_parts():
        if not isinstance(part, EmailMessage):
            continue
        if part.get_content_maintype() == "multipart":
            yield from attachments_of(part)
        elif part.is_attachment() or part.get_filename() or part.get_content_type() == "message/rfc822":
            yield part


def body_of(message: EmailMessage, kind: str) -> str:
    """The body as `plain` or `html`; "" if it has none of that kind."""
    body = message.get_body((kind,))
    if body is None:
        return ""
    try:
        return str(body.get_content())
    except (LookupError, KeyError, ValueError):  # A charset that nobody knows.
        data = body.get_payload(decode=True)
        return data.decode("utf-8", errors="replace") if isinstance(data, bytes) else ""


def field_of(message: EmailMessage, name: str) -> str:
    """A field of the head; "" if it has none, or one that is none."""
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError):  # What is no date or address breaks its parser.
        return ""


def bytes_of(part: EmailMessage) -> bytes:
    """What a part that is no e-mail itself holds."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
