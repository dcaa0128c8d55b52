"""Folders of mailboxes, over IMAP (RFC 9051). The standard library speaks it, in a thread."""

import asyncio
import email.header
import imaplib
import re
import socket
import ssl
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final, ParamSpec, TypeVar

from convosphere.core.addresses import AddressNotAllowedError, GuardedResolver, allow_list, literal_address
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.lines import plain_line
from convosphere.core.settings import get_settings
from convosphere.files.names import clean_name
from convosphere.files.service import MEGABYTE
from convosphere.knowledge.sources.errors import EntryError, SourceBlockedError, SourceError
from convosphere.knowledge.sources.fetching import too_large
from convosphere.knowledge.sources.kinds.base import Kind, Option
from convosphere.knowledge.sources.schemas import Entry, Known, Options

MOST_MAIL_BYTES: Final = 50 * MEGABYTE
MOST_ANSWER_BYTES: Final = 64 * MEGABYTE
SILENCE_SECONDS: Final = 30.0
_AT_ONCE: Final = 200
P = ParamSpec("P")
Found = TypeVar("Found")
_HOST: Final = re.compile(r"[A-Za-z0-9.\-]{1,253}|[0-9a-fA-F:]{2,45}")
_UID: Final = re.compile(rb"UID (\d+)")


class _Mailbox(imaplib.IMAP4):
    """A connection to an address that was judged before, which answers no more than it may."""

    def __init__(self, host: str, port: int, address: str, *, is_encrypted: bool) -> None:
        self._address, self._is_encrypted = address, is_encrypted
        self.left = MOST_ANSWER_BYTES
        super().__init__(host, port, timeout=SILENCE_SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._address, self.port), timeout)
        if not self._is_encrypted:
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)

    def read(self, size: int) -> bytes:
        """So many bytes, if there may be so many."""
        self._spend(size)
        return super().read(size)

    def readline(self) -> bytes:
        """One line likewise."""
        line = super().readline()
        self._spend(len(line))
        return line

    def _spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise self.abort("too much")


class MailSource:
    """The mails of a folder, the newest so many. A mail never changes, so it is fetched once."""

    def __init__(self, mailbox: _Mailbox, host: str, folder: str, most: int) -> None:
        self.is_complete = True
        self._mailbox, self._host, self._folder, self._most = mailbox, host, folder, most

    async def entries(self, known: Mapping[str, Known]) -> AsyncGenerator[Entry]:
        """The newest first; subjects are asked only for those that are new."""
        validity, uids = await self._do(self._search)
        self.is_complete = len(uids) <= self._most
        uids = list(reversed(uids))[: self._most]
        for start in range(0, len(uids), _AT_ONCE):
            some = uids[start : start + _AT_ONCE]
            new = [uid for uid in some if f"{validity}:{uid}" not in known]
            subjects = await self._do(self._subjects, new) if new else {}
            for uid in some:
                key = f"{validity}:{uid}"
                name = known[key].name if key in known else clean_name(f"{subjects.get(uid) or uid}.eml")
                yield Entry(key, name, fingerprint=key)

    async def read(self, entry: Entry) -> AsyncGenerator[bytes]:
        """The whole mail with its attachments."""
        yield await self._do(self._fetch, int(entry.key.partition(":")[2]))

    async def _do(self, act: Callable[P, Found], *arguments: P.args, **named: P.kwargs) -> Found:
        self._mailbox.left = MOST_ANSWER_BYTES
        with _told(self._host):
            return await asyncio.to_thread(act, *arguments, **named)

    def _search(self) -> tuple[str, list[int]]:
        quoted = '"' + self._folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
        state, _ = self._mailbox.select(quoted, readonly=True)
        if state != "OK":
            raise SourceError(t("The mailbox has no folder {name}.", name=self._folder))
        validity = (self._mailbox.response("UIDVALIDITY")[1] or [b""])[0] or b"0"
        _, found = self._mailbox.uid("SEARCH", "ALL")
        return validity.decode("ascii", "replace"), sorted(
            {int(uid) for uid in (found[0] or b"").split() if uid.isdigit()}
        )

    def _subjects(self, uids: list[int]) -> dict[int, str]:
        names = ",".join(map(str, uids))
        _, answers = self._mailbox.uid("FETCH", names, "(UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        subjects: dict[int, str] = {}
        for answer in answers:
            if isinstance(answer, tuple) and (uid := _UID.search(answer[0])):
                subjects[int(uid[1])] = _subject(answer[1])
        return subjects

    def _fetch(self, uid: int) -> bytes:
        _, sizes = self._mailbox.uid("FETCH", str(uid), "(RFC822.SIZE)")
        said = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(each for each in sizes if isinstance(each, bytes)))
        if said and int(said[1][:15]) > MOST_MAIL_BYTES:
            raise EntryError(too_large(MOST_MAIL_BYTES))
        _, answers = self._mailbox.uid("FETCH", str(uid), "(BODY.PEEK[])")
        mail = next((each[1] for each in answers if isinstance(each, tuple)), b"")
        if not mail:
            raise EntryError(t("The mail is not there any more."))
        return mail


def _subject(header: bytes) -> str:
    text = " ".join(header.decode(errors="replace").partition(":")[2].split())
    with suppress(ValueError, LookupError):  # Of an encoding that nobody knows, the subject stays as it came.
        text = str(email.header.make_header(email.header.decode_header(text)))
    return plain_line(text).replace("/", "-")[:120]


@contextmanager
def _told(host: str) -> Iterator[None]:
    try:
        yield
    except ssl.SSLError:
        raise SourceError(
            t("The certificate of {host} is not trusted, so nothing was read from it.", host=host)
        ) from None
    except (imaplib.IMAP4.error, OSError, EOFError, ValueError):
        raise SourceError(t("{host} does not answer, or broke off. It is tried again later.", host=host)) from None


async def _address(host: str, port: int) -> str:
    allowed = allow_list(get_settings().source_hosts)
    if (literal := literal_address(host)) is not None:
        if not allowed.allows(host, port, str(literal)):
            raise SourceBlockedError(host, f"{host}:{port}")
        return str(literal)
    try:
        return (await GuardedResolver(allowed).resolve(host, port))[0]["host"]
    except AddressNotAllowedError:
        raise SourceBlockedError(host, f"{host}:{port}") from None
    except (OSError, UnicodeError):
        raise SourceError(
            t("No server of the name {host} is known. Please check how it is written.", host=host)
        ) from None


@asynccontextmanager
async def _open(options: Options, secret: str) -> AsyncGenerator[MailSource]:
    host, port = options["host"], int(options["port"])
    address = await _address(host, port)
    with _told(host):
        mailbox = await asyncio.to_thread(_Mailbox, host, port, address, is_encrypted=not options["plain"])
    try:
        await _sign_in(mailbox, host, options["user"], secret)
        yield MailSource(mailbox, host, options["folder"], int(options["mails"]))
    finally:
        with suppress(imaplib.IMAP4.error, OSError, EOFError, ValueError):
            await asyncio.to_thread(mailbox.shutdown)


async def _sign_in(mailbox: _Mailbox, host: str, user: str, secret: str) -> None:
    try:
        await asyncio.to_thread(mailbox.login, user, secret)
    except imaplib.IMAP4.abort:
        raise SourceError(t("{host} does not answer, or broke off. It is tried again later.", host=host)) from None
    except (imaplib.IMAP4.error, UnicodeError):
        raise SourceError(t("{host} does not take this name and password.", host=host)) from None
    except (OSError, EOFError):
        raise SourceError(t("{host} does not answer, or broke off. It is tried again later.", host=host)) from None


def _check(options: Options) -> Options:
    host, port = options["host"].lower().rstrip("."), int(options["port"])
    if not _HOST.fullmatch(host):
        raise InvalidInputError(t("Please enter a server such as imap.example.org."))
    if options["plain"] and not allow_list(get_settings().source_hosts).lists(host, port):
        raise InvalidInputError(t("Without encryption only servers are read that SOURCE_HOSTS lists."))
    return {**options, "host": host, "folder": options["folder"] or "INBOX"}


IMAP: Final = Kind(
    key="imap",
    label=t("Mailbox"),
    description=t("The mails of one folder, with their attachments. They are only read, never changed."),
    icon="mail",
    options=(
        Option("host", t("Mail server"), t("Such as imap.example.org."), is_required=True),
        Option("port", t("Port"), default="993", input="number", least=1, most=65_535),
        Option("user", t("User name"), is_required=True),
        Option("folder", t("Folder"), default="INBOX"),
        Option("mails", t("Most mails"), t("The newest ones."), default="500", input="number", least=1, most=10_000),
        Option("plain", t("Without encryption, inside one's own network"), input="switch"),
    ),
    place="host",
    open=_open,
    check=_check,
    secret=Option("secret", t("Password"), t("Many providers ask for an app password here."), is_required=True),
    secret_for=("host", "port", "user"),
)  # fmt: skip
