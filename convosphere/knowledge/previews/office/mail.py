"""E-mails: who wrote what to whom, and the files that came with it."""

from collections.abc import Callable, Iterable, Mapping
from email.message import EmailMessage
from html import escape
from typing import Final

from oxmsg import Message

from convosphere.knowledge.parsing.cleaning import clean_line
from convosphere.knowledge.parsing.errors import DamagedFileError
from convosphere.knowledge.parsing.mail.messages import SHOWN, attachments_of, body_of, bytes_of, field_of, message_of
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.previews.office.html import cleaned, whole_page, words
from convosphere.knowledge.previews.office.pictures import Pictures

_LONGEST_BODY: Final = 1_000_000
_LONGEST_FIELD: Final = 2_000
_MOST_FILES: Final = 100


def eml_page(source: Source, _number: int) -> bytes:
    """An e-mail as it is sent, as a page."""
    message = message_of(source)
    fields = {name: field_of(message, name) for name in SHOWN}
    pictures, within = Pictures(), _pictures_of(message)
    files = [_file_of(part) for part in attachments_of(message) if _content_id(part) not in within]

    def picture(reference: str) -> str:
        data = within.get(reference.removeprefix("cid:"))
        return pictures.address(data) if data is not None else ""

    return _page(fields, body_of(message, "html"), body_of(message, "plain"), files, picture)


def msg_page(source: Source, _number: int) -> bytes:
    """An e-mail as Outlook saves it, as a page.

    Raises:
        DamagedFileError: it is none.
    """
    try:
        message = Message.load(source.open())
        sent = message.sent_date
        receivers = ", ".join(f"{person.name} <{person.email_address}>" for person in message.recipients)
        fields = {
            "From": message.sender or "", "To": receivers, "Subject": message.subject,
            "Date": sent.isoformat(" ", "minutes") if sent else "",
        }  # fmt: skip
        files = [(file.file_name or "?", file.size) for file in message.attachments]
        return _page(fields, message.html_body or "", message.body or "", files, lambda _: "")
    except (OSError, KeyError, ValueError, IndexError, AssertionError):
        raise DamagedFileError from None


def _page(
    fields: Mapping[str, str], markup: str, text: str, files: Iterable[tuple[str, int]], picture: Callable[[str], str]
) -> bytes:
    told = {name: clean_line(value)[:_LONGEST_FIELD] for name, value in fields.items()}
    title = f"<h1>{escape(told.pop('Subject', ''))}</h1>"
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in told.items() if value)
    body = cleaned(markup[:_LONGEST_BODY], picture) if markup.strip() else _plain(text[:_LONGEST_BODY])
    return whole_page(f'<header class="mail">{title}<dl>{rows}</dl></header>{body}{_files(files)}')


def _plain(text: str) -> str:
    return f'<div class="plain">{words(text.strip())}</div>'


def _files(files: Iterable[tuple[str, int]]) -> str:
    told = [f"<li>{escape(clean_line(name))} <small>{_size(size)}</small></li>" for name, size in files]
    return f'<ul class="attached">{"".join(told[:_MOST_FILES])}</ul>' if told else ""


def _size(count: int) -> str:
    if count < 1_000_000:
        return f"{-(-count // 1_000)} kB"
    return f"{count / 1_000_000:.1f} MB"


def _file_of(part: EmailMessage) -> tuple[str, int]:
    """Name and bytes of what is attached; an e-mail within this one goes by its subject."""
    if part.get_content_type() == "message/rfc822":
        inner = part.get_content()
        name = field_of(inner, "Subject") if isinstance(inner, EmailMessage) else ""
        return name or "?", len(part.as_bytes())
    return part.get_filename() or "?", len(bytes_of(part))


def _content_id(part: EmailMessage) -> str:
    return field_of(part, "Content-ID").strip("<> ")


def _pictures_of(message: EmailMessage) -> dict[str, bytes]:
    """Those that stand in the page that was sent, by what it calls them."""
    pictures = (part for part in message.walk() if isinstance(part, EmailMessage))
    within = (part for part in pictures if part.get_content_maintype() == "image" and _content_id(part))
    return {_content_id(part): bytes_of(part) for part in within}
