"""The job that sends mail."""

from convosphere.core.jobs import Patience, jobs
from convosphere.core.mail.sending import SEND_TASK, deliver


# Servers ask strangers to come again after some minutes (greylisting, RFC 6647); it is given up after some three hours.
@jobs.task(name=SEND_TASK, queue="mail", retry=Patience(attempts=9, growth=3))
async def send_mail(mail_id: str, sealed: str) -> None:
    """Send one mail."""
    await deliver(mail_id, sealed)
