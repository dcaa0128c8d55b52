"""What a mail says, and how that looks as text and as HTML."""

import html
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid, parseaddr

from convosphere.core.i18n import Message, t

_STYLE = "font:16px/1.5 system-ui,sans-serif;color:#1c1c28;max-width:34rem;margin:0 auto;padding:24px"
_QUIET = "font-size:13px;color:#60646c"
_BUTTON = "display:inline-block;background:#23224A;color:#fff;padding:12px 20px;border-radius:8px;text-decoration:none"
_END = t("Get no more mails like this")


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
    unsubscribe: str = ""
    """Where whoever got it ends such letters, without signing in."""


@dataclass(frozen=True)
class Mail:
    """A letter in words, as it waits to be sent."""

    to: str
    subject: str
    text: str
    html: str
    unsubscribe: str = ""


def write_mail(letter: Letter) -> Mail:
    """Put a letter into words."""
    above = [paragraph.in_locale(letter.locale) for paragraph in letter.paragraphs]
    below = [paragraph.in_locale(letter.locale) for paragraph in letter.closing]
    label = letter.link_label.in_locale(letter.locale) if letter.link_label else letter.link
    ending = _END.in_locale(letter.locale)
    lines = [*above, *([f"{label}:\n{letter.link}"] if letter.link else []), *below]
    lines += [f"{ending}:\n{letter.unsubscribe}"] if letter.unsubscribe else []
    button = f'<p><a href="{html.escape(letter.link)}" style="{_BUTTON}">{html.escape(label)}</a></p>'
    end = f'<p style="{_QUIET}"><a href="{html.escape(letter.unsubscribe)}">{html.escape(ending)}</a></p>'
    body = "".join(
        [
            *map(_paragraph, above),
            button if letter.link else "",
            *map(_paragraph, below),
            end if letter.unsubscribe else "",
        ]
    )
    page = f'<!doctype html><html lang="{letter.locale}"><body><div style="{_STYLE}">{body}</div></body></html>'
    subject = _one_line(letter.subject.in_locale(letter.locale))
    return Mail(letter.to, subject, "\n\n".join(lines) + "\n", page, letter.unsubscribe)


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
    if mail.unsubscribe:
        # One click in the mail program is enough (RFC 2369, section 3.2; RFC 8058).
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def _one_line(text: str) -> str:
    return " ".join(text.split())
