"""What calls cost in the words of the ledger, before they are made and when they have ended."""

from convosphere.llm.schemas import Completion, Price
from convosphere.usage.schemas import CallPurpose, CallRecord, PlannedPrice


def planned_price(price: Price | None) -> PlannedPrice | None:
    """The price as budgets take it, with a prompt that the provider may write down to remember."""
    if price is None:
        return None
    return PlannedPrice(max(price.input_nanos, price.written_nanos or 0), price.output_nanos, price.currency)


def record_of(purpose: CallPurpose, completion: Completion, total_ms: int) -> CallRecord:
    """What a whole reply has used; where its cost is not known for sure, budgets count what the price makes of it."""
    usage, price = completion.usage, planned_price(completion.model.price)
    counted, currency = usage.cost_nanos, usage.currency
    if counted is None and price:
        counted, currency = price.nanos(usage.prompt_tokens, usage.completion_tokens), price.currency
    return CallRecord(
        purpose=purpose,
        model=completion.model.id,
        provider=completion.model.provider,
        status="done",
        total_ms=total_ms,
        prompt_tokens=usage.prompt_tokens,
        cached_tokens=usage.cached_tokens,
        completion_tokens=usage.completion_tokens,
        thinking_tokens=usage.thinking_tokens,
        is_estimated=usage.estimated,
        cost_nanos=usage.cost_nanos,
        currency=currency,
        counted_nanos=counted,
    )
