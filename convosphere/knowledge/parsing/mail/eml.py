"""E-mails as they are sent (RFC 5322, MIME)."""

import email
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default

from convosphere.knowledge.parsing.blocks import Block, Draft
from convosphere.knowledge.parsing.errors import TooComplexError
from convosphere.knowledge.parsing.mail.bodies import body_blocks, head_blocks
from convosphere.knowledge.parsing.mail.parts import Parts
from convosphere.knowledge.parsing.sources import Source

_SHOWN = ("From", "To", "Cc", "Date", "Subject")


def read_eml(source: Source, parts: Parts) -> Draft:
    """Read an e-mail with what is attached to it.

    Raises:
        TooComplexError: its parts are nested beyond reason.
    """
    try:
        message = email.message_from_bytes(source.read(source.size), policy=default)
        blocks = list(_blocks(message, parts))
    except RecursionError:
        raise TooComplexError from None
    metadata = {"author": _field(message, "From"), "created": _field(message, "Date")}
    return Draft(blocks, _field(message, "Subject"), warnings=parts.warnings, metadata=metadata, is_named_by_file=True)


def _blocks(message: EmailMessage, parts: Parts) -> Iterator[Block]:
    yield from head_blocks({name: _field(message, name) for name in _SHOWN})
    yield from body_blocks(_body(message, "plain"), _body(message, "html"), parts.limits)
    for part in _attachments(message):
        if part.get_content_type() == "message/rfc822":
            inner = part.get_content()
            if isinstance(inner, EmailMessage):
                yield from parts.nested(_field(inner, "Subject"), lambda inner=inner: _blocks(inner, parts))
        elif name := part.get_filename():
            yield from parts.attached(name, part.get_payload(decode=True) or b"")  # pyright: ignore[reportArgumentType]


def _attachments(message: EmailMessage) -> Iterator[EmailMessage]:
    """Parts that stand beside the body; pictures within a page have names as well."""
    if not message.is_multipart():
        return
    for part in message.iter_parts():
        if not isinstance(part, EmailMessage):
            continue
        if part.get_content_maintype() == "multipart":
            yield from _attachments(part)
        elif part.is_attachment() or part.get_filename() or part.get_content_type() == "message/rfc822":
            yield part


def _body(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    if body is None:
        return ""
    try:
        return str(body.get_content())
    except (LookupError, KeyError, ValueError):  # A charset that nobody knows.
        data = body.get_payload(decode=True)
        return data.decode("utf-8", errors="replace") if isinstance(data, bytes) else ""


def _field(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError):  # What is no date or address breaks its parser.
        return ""
