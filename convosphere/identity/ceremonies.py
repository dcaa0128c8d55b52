"""Passkeys (Web Authentication level 3): what a browser is asked, and whether what it answers is true.

All of them are discoverable and verify their user, so that each serves as a second factor and as the only one.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import options_to_json_dict, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from convosphere.identity.errors import PasskeyRefusedError

CHALLENGE_BYTES = 32
_MILLISECONDS = 5 * 60 * 1000
_NAME = "ConvoSphere"
# What a hostile answer makes the library's parsers raise beside its own errors.
_NONSENSE = (WebAuthnException, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)

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
    options = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=_NAME,
        user_id=holder.handle,
        user_name=holder.email,
        user_display_name=holder.name,
        challenge=challenge,
        timeout=_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_descriptors(known),
    )
    return options_to_json_dict(options)


def verify_registration(site: Site, challenge: bytes, credential: str) -> NewPasskey:
    """The passkey that a browser made.

    Raises:
        PasskeyRefusedError: it was made for another site or question, or is no passkey at all.
    """
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
        transports = json.loads(credential)["response"].get("transports") or []
    except _NONSENSE as error:
        raise PasskeyRefusedError from error
    named = [name for name in transports if isinstance(name, str)][:8] if isinstance(transports, list) else []
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count, [name[:20] for name in named])


def authentication_options(site: Site, challenge: bytes, allowed: Sequence[bytes] = ()) -> Options:
    """What a browser needs to use a passkey; with none allowed the person chooses among those for this site."""
    options = generate_authentication_options(
        rp_id=site.rp_id,
        challenge=challenge,
        timeout=_MILLISECONDS,
        allow_credentials=_descriptors(allowed),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def parse_assertion(credential: str) -> Assertion:
    """Which passkey an answer is by; nothing of it is verified.

    Raises:
        PasskeyRefusedError: it is no answer.
    """
    try:
        parsed = parse_authentication_credential_json(credential)
    except _NONSENSE as error:
        raise PasskeyRefusedError from error
    return Assertion(parsed.raw_id, parsed.response.user_handle)


def verify_assertion(site: Site, challenge: bytes, credential: str, public_key: bytes) -> int:
    """The count of signatures that the device tells; comparing it is for whoever knows the last one.

    Raises:
        PasskeyRefusedError: it is by another passkey, for another site or question, or the person was not verified.
    """
    try:
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _NONSENSE as error:
        raise PasskeyRefusedError from error
    return verified.new_sign_count


def _descriptors(ids: Sequence[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=credential_id) for credential_id in ids]
