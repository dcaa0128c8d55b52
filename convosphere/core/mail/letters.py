"""What a mail says, and how that looks as text and as HTML."""

import html
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid, parseaddr

from convosphere.core.i18n import Message

_STYLE = "font:16px/1.5 system-ui,sans-serif;color:#1c1c28;max-width:34rem;margin:0 auto;padding:24px"
_BUTTON = "display:inline-block;background:#23224A;color:#fff;padding:12px 20px;border-radius:8px;text-decoration:none"


@dataclass(frozen=True)
class Letter:
    """A mail to one person: words still to be translated, and at most one thing to do."""

    to: str
    subject: Message
    paragraphs: tuple[Message, ...]
    locale: str
    link: str = ""
    link_label: Message | None = None
    closing: tuple[Message, ...] = ()
    """Stands below the link: how long it works, what to do if one did not ask for it."""


@dataclass(frozen=True)
class Mail:
    """A letter in words, as it waits to be sent."""

    to: str
    subject: str
    text: str
    html: str


def write_mail(letter: Letter) -> Mail:
    """Put a letter into words."""
    above = [paragraph.in_locale(letter.locale) for paragraph in letter.paragraphs]
    below = [paragraph.in_locale(letter.locale) for paragraph in letter.closing]
    label = letter.link_label.in_locale(letter.locale) if letter.link_label else letter.link
    lines = [*above, *([f"{label}:\n{letter.link}"] if letter.link else []), *below]
    button = f'<p><a href="{html.escape(letter.link)}" style="{_BUTTON}">{html.escape(label)}</a></p>'
    body = "".join([*map(_paragraph, above), button if letter.link else "", *map(_paragraph, below)])
    page = f'<!doctype html><html lang="{letter.locale}"><body><div style="{_STYLE}">{body}</div></body></html>'
    return Mail(letter.to, _one_line(letter.subject.in_locale(letter.locale)), "\n\n".join(lines) + "\n", page)


def as_message(mail: Mail, sender: str) -> EmailMessage:
    """The message that is handed to a server (RFC 5322), with text and HTML (RFC 2046, section 5.1.4).

    Raises:
        ValueError: an address would end a header and begin another.
    """
    name, address = parseaddr(sender)
    message = EmailMessage()
    message["From"] = formataddr((name, address))
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=address.partition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def _one_line(text: str) -> str:
    return " ".join(text.split())
