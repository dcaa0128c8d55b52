"""E-mails as Outlook saves them."""

from collections.abc import Iterator

from oxmsg import Message

from convosphere.knowledge.parsing.blocks import Block, Draft
from convosphere.knowledge.parsing.errors import DamagedFileError
from convosphere.knowledge.parsing.mail.bodies import body_blocks, head_blocks
from convosphere.knowledge.parsing.mail.parts import Parts
from convosphere.knowledge.parsing.sources import Source


def read_msg(source: Source, parts: Parts) -> Draft:
    """Read an e-mail with the files attached to it.

    Raises:
        DamagedFileError: it is none.
    """
    try:
        message = Message.load(source.open())
        blocks = list(_blocks(message, parts))
    except (OSError, KeyError, ValueError, IndexError):
        raise DamagedFileError from None
    sent = message.sent_date
    metadata = {"author": message.sender or "", "created": sent.isoformat(" ", "minutes") if sent else ""}
    return Draft(blocks, message.subject, warnings=parts.warnings, metadata=metadata, is_named_by_file=True)


def _blocks(message: Message, parts: Parts) -> Iterator[Block]:
    sent = message.sent_date
    receivers = ", ".join(f"{person.name} <{person.email_address}>" for person in message.recipients)
    yield from head_blocks(
        {
            "From": message.sender or "",
            "To": receivers,
            "Date": sent.isoformat(" ", "minutes") if sent else "",
            "Subject": message.subject,
        }
    )
    yield from body_blocks(message.body or "", message.html_body or "", parts.limits)
    for attachment in message.attachments:
        if attachment.attached_by_value and (data := attachment.file_bytes):
            yield from parts.attached(attachment.file_name or "", data)
