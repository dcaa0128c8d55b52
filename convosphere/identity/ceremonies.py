"""Passkeys (Web Authentication level 3): what a browser is asked, and whether what it answers is true.

All of them are discoverable and verify their user, so that each serves as a second factor and as the only one.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from convosphere.core.late_modules import LateModule
from convosphere.identity.errors import PasskeyRefusedError

if TYPE_CHECKING:
    import webauthn
    from webauthn import helpers
    from webauthn.helpers import exceptions, structs
else:  # 6 MB with all that they load.
    webauthn = LateModule("webauthn")
    helpers = LateModule("webauthn.helpers")
    exceptions, structs = LateModule("webauthn.helpers.exceptions"), LateModule("webauthn.helpers.structs")

CHALLENGE_BYTES = 32
_MILLISECONDS = 5 * 60 * 1000
_NAME = "ConvoSphere"
Options = dict[str, Any]


@dataclass(frozen=True)
class Site:
    """The site that passkeys are bound to, as browsers know it."""

    origin: str

    @property
    def rp_id(self) -> str:
        """The host without a port (Web Authentication, section 4, relying party identifier)."""
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True)
class Holder:
    """Whose passkey it is; the handle comes back when they sign in without a name, and tells others nothing."""

    handle: bytes
    email: str
    name: str


@dataclass(frozen=True)
class NewPasskey:
    """What is kept of a new passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


@dataclass(frozen=True)
class Assertion:
    """An answer that is not verified yet: which passkey, and whose it claims to be."""

    credential_id: bytes
    user_handle: bytes | None


def registration_options(site: Site, challenge: bytes, holder: Holder, known: Sequence[bytes]) -> Options:
    """What a browser needs to make a passkey; devices that have one of the known ones make no second."""
    options = webauthn.generate_registration_options(
        rp_id=site.rp_id,
        rp_name=_NAME,
        user_id=holder.handle,
        user_name=holder.email,
        user_display_name=holder.name,
        challenge=challenge,
        timeout=_MILLISECONDS,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return helpers.options_to_json_dict(options)


def verify_registration(site: Site, challenge: bytes, credential: str) -> NewPasskey:
    """The passkey that a browser made.

    Raises:
        PasskeyRefusedError: it was made for another site or question, or is no passkey at all.
    """
    with _nonsense_refused():
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
        transports = json.loads(credential)["response"].get("transports") or []
    named = [name for name in transports if isinstance(name, str)][:8] if isinstance(transports, list) else []
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count, [name[:20] for name in named])


def authentication_options(site: Site, challenge: bytes, allowed: Sequence[bytes] = ()) -> Options:
    """What a browser needs to use a passkey; with none allowed the person chooses among those for this site."""
    options = webauthn.generate_authentication_options(
        rp_id=site.rp_id,
        challenge=challenge,
        timeout=_MILLISECONDS,
        allow_credentials=_descriptors(allowed),
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return helpers.options_to_json_dict(options)


def parse_assertion(credential: str) -> Assertion:
    """Which passkey an answer is by; nothing of it is verified.

    Raises:
        PasskeyRefusedError: it is no answer.
    """
    with _nonsense_refused():
        parsed = helpers.parse_authentication_credential_json(credential)
        return Assertion(parsed.raw_id, parsed.response.user_handle)


def verify_assertion(site: Site, challenge: bytes, credential: str, public_key: bytes) -> int:
    """The count of signatures that the device tells; comparing it is for whoever knows the last one.

    Raises:
        PasskeyRefusedError: it is by another passkey, for another site or question, or the person was not verified.
    """
    with _nonsense_refused():
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        return verified.new_sign_count


@contextmanager
def _nonsense_refused() -> Iterator[None]:
    try:
        yield
    # What a hostile answer makes the library's parsers raise beside its own errors.
    except (
        exceptions.WebAuthnException,
        ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError,
    ) as error:  # fmt: skip
        raise PasskeyRefusedError from error


def _descriptors(ids: Sequence[bytes]) -> "list[structs.PublicKeyCredentialDescriptor]":
    return [structs.PublicKeyCredentialDescriptor(id=credential_id) for credential_id in ids]
