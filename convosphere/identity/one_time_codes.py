"""One-time codes by time (RFC 6238: SHA-1, 6 figures, 30 seconds, as programs for phones expect), and their QR code."""

import hmac
from datetime import datetime
from io import BytesIO

import segno
from pyotp import random_base32
from pyotp.totp import TOTP

STEP_SECONDS = 30
_ISSUER = "ConvoSphere"
_DRIFT = (0, -1, 1)
"""Clocks may be one step apart (RFC 6238, section 5.2)."""


def new_seed() -> str:
    """A seed of 160 bits, in Base32, as people type it where they cannot scan."""
    return random_base32()


def matching_step(seed: str, code: str, now: datetime) -> int | None:
    """The time step that a code belongs to; None if it is of no step that counts now."""
    codes = TOTP(seed)
    current = int(now.timestamp()) // STEP_SECONDS
    for step in (current + drift for drift in _DRIFT):
        if hmac.compare_digest(codes.generate_otp(step).encode(), code.encode()):
            return step
    return None


def qr_code(seed: str, email: str) -> str:
    """An SVG for a program to scan: dark on light in every colour mode, since not all of them read the reverse."""
    address = TOTP(seed).provisioning_uri(name=email, issuer_name=_ISSUER)
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False, svgns=True, nl=False
    )
    return drawn.getvalue().decode()
