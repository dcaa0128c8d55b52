"""What people thought of answers, for whoever tells how answers did."""

from convosphere.chat.queries import quality as queries
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.usage.service.ratings import RatingSums, Span


class RatingsOfAnswers:
    """Thumbs, reasons and answers asked for once more; a `usage.service.ratings.RatingSource`."""

    async def sum_up(self, uow: UnitOfWork, span: Span, *, has_words: bool) -> RatingSums:
        """What was thought of answers in a span."""
        sums = await queries.sum_up(uow, span)
        return RatingSums(
            cells=[one for one in sums if one.period == 0],
            periods=[one for one in sums if one.period > 0],
            reasons=await queries.count_reasons(uow, span),
            hidden=sum(one.bad for one in sums if one.period < 0),
            said=await queries.list_words(uow, span) if has_words else (),
        )
