"""E-mails as they are sent (RFC 5322, MIME)."""

from collections.abc import Iterator
from email.message import EmailMessage

from convosphere.knowledge.parsing.blocks import Block, Draft
from convosphere.knowledge.parsing.errors import TooComplexError
from convosphere.knowledge.parsing.mail.bodies import body_blocks, head_blocks
from convosphere.knowledge.parsing.mail.messages import (
    SHOWN,
    attachments_of,
    body_of,
    bytes_of,
    field_of,
    message_of,
)
from convosphere.knowledge.parsing.mail.parts import Parts
from convosphere.knowledge.parsing.sources import Source


def read_eml(source: Source, parts: Parts) -> Draft:
    """Read an e-mail with what is attached to it.

    Raises:
        TooComplexError: its parts are nested beyond reason.
    """
    try:
        message = message_of(source)
        blocks = list(_blocks(message, parts))
    except RecursionError:
        raise TooComplexError from None
    metadata = {"author": field_of(message, "From"), "created": field_of(message, "Date")}
    title = field_of(message, "Subject")
    return Draft(blocks, title, warnings=parts.warnings, metadata=metadata, is_named_by_file=True)


def _blocks(message: EmailMessage, parts: Parts) -> Iterator[Block]:
    yield from head_blocks({name: field_of(message, name) for name in SHOWN})
    yield from body_blocks(body_of(message, "plain"), body_of(message, "html"), parts.limits)
    for part in attachments_of(message):
        if part.get_content_type() == "message/rfc822":
            inner = part.get_content()
            if isinstance(inner, EmailMessage):
                yield from parts.nested(field_of(inner, "Subject"), lambda inner=inner: _blocks(inner, parts))
        elif name := part.get_filename():
            yield from parts.attached(name, bytes_of(part))
