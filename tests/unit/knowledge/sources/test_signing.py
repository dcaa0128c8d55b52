"""Signatures of S3, against the examples that AWS publishes ("Signature Calculations", Amazon S3 API)."""

from datetime import UTC, datetime

import pytest

from convosphere.knowledge.sources.signing import Key, signed_headers

KEY = Key("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
HOST = "https://examplebucket.s3.amazonaws.com"


@pytest.mark.parametrize(
    ("url", "headers", "signature"),
    [
        (
            f"{HOST}/test.txt",
            {"range": "bytes=0-9"},
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (f"{HOST}/?max-keys=2&prefix=J", {}, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
        (f"{HOST}/?lifecycle=", {}, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
    ],
)
def test_requests_are_signed_as_published(url: str, headers: dict[str, str], signature: str) -> None:
    signed = signed_headers(url, KEY, datetime(2013, 5, 24, tzinfo=UTC), headers)
    assert signed["Authorization"].endswith(f"Signature={signature}")
