"""What an administrator can do about a provider that does not answer as it should."""

from convosphere.core.i18n import Message, t
from convosphere.llm.errors import ProviderError
from convosphere.llm.presets import find_preset

_ADVICE: dict[str, Message] = {
    "provider_key_refused": t(
        "Check the key: it must be whole, not expired, and of the account that pays. A new one is made quickly."
    ),
    "provider_forbidden": t("The key is right but may not do this. Check what it allows in your account there."),
    "provider_credit_used_up": t("Add credit, or a means of payment, in your account there."),
    "provider_rate_limited": t("The provider counts too many requests. Wait a minute, or raise the limit there."),
    "provider_model_missing": t(
        "The address is right for the server but not for its interface. It mostly ends in /v1; check that."
    ),
    "provider_host_unknown": t("Check how the name in the address is written, and whether the server knows it."),
    "provider_certificate": t("Have the certificate of that server renewed, or its issuer trusted on this server."),
    "provider_timeout": t("The server takes the connection and says nothing. Check whether it is busy, or asleep."),
    "provider_web_page": t("At this address is a web page, not a model server. It mostly ends in /v1; check that."),
    "provider_unreadable": t("Whatever answers there is no model server of this kind. Check the address."),
    "provider_stream_broken": t("Whatever answers there is no model server of this kind. Check the address."),
    "provider_unavailable": t("The provider has trouble of its own. Try again later, or look at its page of notices."),
}
_NOBODY_THERE = t("Nobody answers there. Check address and port, and whether the server runs.")
_OLLAMA_ALONE = t(
    "Nobody answers there. Check that Ollama runs, and that it listens to other machines: OLLAMA_HOST=0.0.0.0 on its "
    "own machine."
)


def advise(error: ProviderError, kind: str) -> Message | None:
    """The next step after an error, None if the error says all."""
    if error.code == "provider_unreachable":
        return _OLLAMA_ALONE if kind == "ollama" else _NOBODY_THERE
    preset = find_preset(kind)
    if error.code == "provider_model_missing" and preset and not preset.asks_url:
        return None
    return _ADVICE.get(error.code)
