"""What an administrator enters of a provider, and what of that can be used."""

from dataclasses import dataclass, field
from typing import Any

from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.lines import plain_line
from convosphere.llm.addresses import check_url
from convosphere.llm.gateway import current_gateway
from convosphere.llm.presets import REGION, Preset, find_preset

LONGEST_NAME = 60
MOST_AT_ONCE = 10_000


@dataclass(frozen=True)
class ProviderDraft:
    """What an administrator enters; an empty key leaves the stored one as it is."""

    kind: str
    name: str = ""
    base_url: str = ""
    key: str = field(default="", repr=False)
    region: str = ""
    parallel_limit: int | None = None
    requests_per_minute: int | None = None


def preset_of(draft: ProviderDraft) -> Preset:
    """Its kind.

    Raises:
        InvalidInputError: there is none like that.
    """
    preset = find_preset(draft.kind)
    if preset is None:
        raise InvalidInputError(t("Please choose a provider."))
    return preset


async def checked_url(preset: Preset, base_url: str) -> str:
    """Its address as it is stored: empty where the preset has a fixed one, whatever was entered.

    Raises:
        AddressRefusedError: the server may not call it.
    """
    if not preset.asks_url:
        return ""
    return await check_url(base_url, current_gateway().connector.allowed)


def options_of(preset: Preset, draft: ProviderDraft) -> dict[str, Any]:
    """What the preset wants to know beside address and key.

    Raises:
        InvalidInputError: that is missing.
    """
    if not preset.asks_region:
        return {}
    region = draft.region.strip().lower()
    if not REGION.fullmatch(region):
        raise InvalidInputError(t("Please enter a region such as eu-central-1."))
    return {"region": region}


def name_of(draft: ProviderDraft, preset: Preset) -> str:
    """What it is called, by the preset if nobody says."""
    return plain_line(draft.name)[:LONGEST_NAME] or preset.label


def checked_limit(number: int | None) -> int | None:
    """A limit, None for none.

    Raises:
        InvalidInputError: it is no number of questions.
    """
    if number is not None and not 0 < number <= MOST_AT_ONCE:
        raise InvalidInputError(t("A limit is a number from 1 to {count}, or nothing.", count=MOST_AT_ONCE))
    return number
