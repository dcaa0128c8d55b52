"""Mails with news, for those who chose them: once a day or once a week, of what they have not read."""

from typing import Final
from uuid import UUID

from convosphere.core.errors import NotFoundError
from convosphere.core.i18n import t
from convosphere.core.identifiers import hash_token, new_token
from convosphere.core.mail.letters import Letter
from convosphere.core.mail.sending import is_mail_possible, send_letter
from convosphere.core.page_routes import HOME, UNSUBSCRIBE
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service.memberships import resolve_person
from convosphere.notifications.queries import digests as queries
from convosphere.notifications.queries import notifications as notification_queries
from convosphere.notifications.schemas import DIGESTS, Digest, NotificationRow
from convosphere.notifications.service.describing import describe
from convosphere.notifications.service.reading import KEPT

SEND_TASK: Final = "notifications.send_digest"
MOST_LINES = 20
_MOST_WAITING = 500
_MOST_PEOPLE = 1_000


async def enqueue_due(workspace_id: UUID) -> int:
    """Have a mail made for everybody to whom one is due; gives how many."""
    if not is_mail_possible():
        return 0
    async with unit_of_work(system_actor(workspace_id)) as uow:
        due = [
            (period, account_id)
            for period in DIGESTS if period != "none"
            for account_id in await queries.list_due(uow, period, _MOST_PEOPLE)
        ]  # fmt: skip
        args = [
            {"workspace_id": str(workspace_id), "account_id": str(account_id), "period": period}
            for period, account_id in due
        ]
        await uow.enqueue_many(SEND_TASK, args, queue="mail")
    return len(due)


async def send_digest(workspace_id: UUID, account_id: UUID, period: Digest) -> bool:
    """Mail somebody what waits for it, as they may see it now; run again, there is nothing left to send."""
    try:
        actor = await resolve_person(workspace_id, account_id)
    except NotFoundError:
        return False
    token = new_token()
    async with unit_of_work(actor) as uow:
        waiting = await queries.list_waiting(uow, period, _MOST_WAITING)
        news = [row for row in await describe(uow, waiting) if not row.is_gone]
        queries.mark_mailed(uow, [row.id for row in waiting])
        if not news:
            return False
        queries.add_digest(uow, period, hash_token(token))
        await send_letter(uow, _letter(actor, period, news, f"{workspace_id.hex}.{token}"))
    return True


async def unsubscribe(token: str) -> None:
    """Send no more mails with news to whoever got the link.

    Raises:
        NotFoundError: there is no such link any more.
    """
    workspace, _, secret = token.partition(".")
    try:
        workspace_id = UUID(hex=workspace)
    except ValueError:
        raise NotFoundError from None
    async with unit_of_work(system_actor(workspace_id)) as uow:
        account_id = await queries.find_reader(uow, hash_token(secret))
        if account_id is None:
            raise NotFoundError
        queries.end_digests(uow, account_id)
        await uow.publish(notification_queries.topic_of(account_id))


async def forget_old(workspace_id: UUID) -> None:
    """Forget mails that are older than anything they told of, four times over."""
    async with unit_of_work(system_actor(workspace_id)) as uow:
        await queries.forget(uow, 4 * KEPT)


def _letter(actor: Actor, period: Digest, news: list[NotificationRow], token: str) -> Letter:
    address = get_settings().address
    more = len(news) - MOST_LINES
    rest = (t("And {count} more.", count=more),) if more > 0 else ()
    subject = t("Your day in ConvoSphere") if period == "daily" else t("Your week in ConvoSphere")
    return Letter(
        to=actor.email,
        subject=subject,
        paragraphs=(
            t("Hello {name},", name=actor.name),
            t("this is what you have not read yet:"),
            *(row.message for row in news[:MOST_LINES]),
            *rest,
        ),
        locale=actor.locale,
        link=f"{address}{HOME}",
        link_label=t("Open ConvoSphere"),
        unsubscribe=f"{address}{UNSUBSCRIBE}?token={token}",
    )
