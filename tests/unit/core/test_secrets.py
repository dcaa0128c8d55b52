"""Sealed secrets open in their place, with their key, unchanged, and not otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convosphere.core.errors import ConfigurationError
from convosphere.core.secrets.keyring import add_key, drop_keys, key_ring, keys_path
from convosphere.core.secrets.sealing import SealBrokenError, SealedPlace, rewrap, seal, unseal
from convosphere.core.settings import get_settings

PLACE = SealedPlace("totp_secret.sealed_secret", "ada", "1")


@given(st.binary(max_size=300))
def test_a_secret_comes_back(secret: bytes) -> None:
    sealed = seal(secret, PLACE)
    assert unseal(sealed, PLACE) == secret
    assert len(secret) < 8 or secret not in sealed


@pytest.mark.parametrize(
    "elsewhere",
    [
        SealedPlace("totp_secret.sealed_secret", "ada", "2"),
        SealedPlace("totp_secret.sealed_secret", "bob", "1"),
        SealedPlace("provider.sealed_key", "ada", "1"),
        SealedPlace("totp_secret.sealed_secreta", "da", "1"),
    ],
)
def test_a_secret_in_another_row_does_not_open(elsewhere: SealedPlace) -> None:
    with pytest.raises(SealBrokenError):
        unseal(seal(b"seed", PLACE), elsewhere)


@given(st.data())
def test_a_changed_secret_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(seal(b"seed", PLACE))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBrokenError):
        unseal(bytes(sealed), PLACE)


@given(st.binary(max_size=200))
def test_noise_does_not_open(noise: bytes) -> None:
    with pytest.raises(SealBrokenError):
        unseal(noise, PLACE)


def test_a_new_key_seals_while_the_old_one_still_opens() -> None:
    path = keys_path(get_settings())
    before = seal(b"seed", PLACE)
    add_key(path)
    assert unseal(before, PLACE) == b"seed"
    after = rewrap(before, PLACE)
    assert after is not None
    assert rewrap(after, PLACE) is None, "it is under the newest key already"
    newest, oldest = key_ring().ids
    assert drop_keys(path, [newest]) == 0, "the newest key stays"
    assert drop_keys(path, [oldest]) == 1
    assert unseal(after, PLACE) == b"seed"
    with pytest.raises(SealBrokenError):
        unseal(before, PLACE)


def test_the_file_of_keys_is_nobody_elses_business() -> None:
    key_ring()
    path = keys_path(get_settings())
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["keys"]


@pytest.mark.parametrize("text", ["short", "zz" * 32, "ab" * 32 + " cdcd", ","])
def test_wrong_keys_say_so(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SECRET_KEYS", text)
    get_settings.cache_clear()
    try:
        with pytest.raises(ConfigurationError, match="SECRET_KEYS"):
            key_ring()
    finally:
        get_settings.cache_clear()
