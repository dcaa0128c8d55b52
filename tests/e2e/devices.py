"""Devices with a fingerprint reader that says yes: Chromium's own virtual authenticator."""

from typing import Any

from playwright.sync_api import Page

_KIND = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """What a page's browser keeps passkeys in."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        made = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": _KIND})
        self._id = {"authenticatorId": made["authenticatorId"]}

    def passkeys(self) -> list[dict[str, Any]]:
        """The passkeys in it."""
        return self._session.send("WebAuthn.getCredentials", self._id)["credentials"]

    def take_over(self, other: "Device") -> None:
        """Have the passkeys of another one, as devices of one person that are kept alike."""
        for key in other.passkeys():
            self._session.send("WebAuthn.addCredential", {**self._id, "credential": key})
