"""Handing mails to the installation's mail server."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import aiosmtplib
import structlog

from convosphere.core.errors import UnavailableError
from convosphere.core.identifiers import new_id
from convosphere.core.mail.letters import Letter, Mail, as_message, write_mail
from convosphere.core.secrets.sealing import SealedPlace, seal_for_job, unseal_in_job
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork

SEND_TASK = "mail.send"
_PATIENCE_SECONDS = 20

log = structlog.get_logger()


def is_mail_possible() -> bool:
    """Whether there is a mail server; without one, links are shown to whoever asked for them."""
    return bool(get_settings().smtp_host)


async def send_letter(uow: UnitOfWork, letter: Letter) -> None:
    """Send a letter when the unit commits. Until then it waits sealed, since its link is a secret."""
    await send_letters(uow, [letter])


async def send_letters(uow: UnitOfWork, letters: Sequence[Letter]) -> None:
    """The same for many."""
    await uow.enqueue_many(SEND_TASK, [_sealed(letter) for letter in letters], queue="mail")


async def deliver(mail_id: str, sealed: str) -> None:
    """Hand a waiting mail to the server.

    Raises:
        UnavailableError: the server does not answer, or asks to come again later.
    """
    settings = get_settings()
    mail = Mail(**json.loads(unseal_in_job(sealed, _place(mail_id))))
    try:
        await aiosmtplib.send(
            as_message(mail, settings.mail_from),
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user or None,
            password=settings.smtp_password.get_secret_value() or None,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            timeout=_PATIENCE_SECONDS,
        )
    except aiosmtplib.SMTPRecipientsRefused as refused:
        _tell_refused(mail_id, refused.recipients[0].code)
    except aiosmtplib.SMTPResponseException as answer:
        if 500 <= answer.code < 600:
            _tell_refused(mail_id, answer.code)
            return
        raise UnavailableError from answer
    except (aiosmtplib.SMTPException, OSError) as failure:
        log.warning("mail_server_away", mail=mail_id, reason=type(failure).__name__)
        raise UnavailableError from failure


def _sealed(letter: Letter) -> dict[str, str]:
    mail_id = str(new_id())
    sealed = seal_for_job(json.dumps(asdict(write_mail(letter))).encode(), _place(mail_id))
    return {"mail_id": mail_id, "sealed": sealed}


def _tell_refused(mail_id: str, code: int) -> None:
    """Log that trying again is no use; address and text are nobody's business."""
    log.error("mail_refused", mail=mail_id, code=code)


def _place(mail_id: str) -> SealedPlace:
    return SealedPlace("mail", "installation", mail_id)
