"""Which passwords are taken, and how strong they are said to be."""

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from convosphere.core.identifiers import new_id
from convosphere.identity.common_passwords import is_common
from convosphere.identity.errors import PasswordRefusedError
from convosphere.identity.passwords import hash_password, is_outdated, is_password
from convosphere.identity.recovery_codes import COUNT, hash_code, new_codes
from convosphere.identity.strength import check_password, measure_password

PERSON = ("Grace Hopper", "g.hopper@navy.example", "Rear Admirals")


@pytest.mark.parametrize(
    "password",
    ["password", "PASSWORD", "Password1!", "iloveyou", "passwort123", "qwertzuiop", "elephants", "12345678", "87654321",
     "abcdefghij", "aaaaaaaaaaaa", "abcabcabcabc", "sunshine2024", "schalke04", "convosphere"],
)  # fmt: skip
def test_common_ones_are_refused(password: str) -> None:
    with pytest.raises(PasswordRefusedError):
        check_password(password)


@pytest.mark.parametrize(
    "password",
    ["gracehopper", "Grace1906", "hopper!!", "ghopper1", "navy.example", "rearadmirals", "Admirals24", "HopperGrace"],
)
def test_those_made_of_ones_own_words_are_refused(password: str) -> None:
    with pytest.raises(PasswordRefusedError):
        check_password(password, *PERSON)


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "kartoffelsalat", "grace likes tulips", "no rules at all", "🦉🦊🐢🐝🦔🐌🦋🐞",
     "x" + "yz" * 60 + "q" * 7, "        a tab \t  ", "onlylowercaseletters"],
)  # fmt: skip
def test_there_are_no_rules_of_composition(password: str) -> None:
    check_password(password, *PERSON)


@pytest.mark.parametrize("password", ["", "7 signs", "🦉" * 7, "x y" * 43])
def test_only_the_length_counts_else(password: str) -> None:
    with pytest.raises(PasswordRefusedError):
        check_password(password)


def test_the_list_is_long_enough() -> None:
    common = FREQUENCY_LISTS["passwords"]
    assert len(common) >= 30_000
    assert all(is_common(password) for password in common[::100])


async def test_strength_rises_with_what_guessing_takes() -> None:
    passwords = ["password", "gqwx8231", "tulpe und bagger", "correct horse battery staple"]
    scores = [(await measure_password(password, *PERSON)).score for password in passwords]
    assert scores == sorted(scores)
    assert (scores[0], scores[-1]) == (0, 4)
    assert (await measure_password("Grace1906", *PERSON)).refusal is not None
    assert (await measure_password("x" * 10_000)).refusal is not None


def test_recovery_codes_are_read_however_they_are_typed() -> None:
    account_id, other = new_id(), new_id()
    codes = new_codes()
    assert len(set(codes)) == COUNT
    for code in codes:
        stored = hash_code(account_id, code)
        assert hash_code(account_id, f" {code.upper().replace('-', ' ')} ") == stored
        assert hash_code(other, code) != stored


# Of the reference implementation, with the parameters of before.
OLD_HASH = "$argon2id$v=19$m=12288,t=3,p=1$QQtl7tt4PK/Q4ILu874jSg$YRPC1IHzUnyZFEOakQMNbLFHbQsuedXUN6cyQJn/ZFw"


async def test_a_hash_opens_for_its_password_alone() -> None:
    stored = await hash_password("kartoffelsalät")
    assert await is_password("kartoffelsalät", stored)
    assert not is_outdated(stored)
    for wrong in ("kartoffelsalat", "", "kartoffelsalät\0", "x" * 129):
        assert not await is_password(wrong, stored)


async def test_hashes_of_former_times_are_good_until_they_are_renewed() -> None:
    assert await is_password("correct horse battery", OLD_HASH)
    assert not await is_password("correct horse", OLD_HASH)
    assert is_outdated(OLD_HASH)


@pytest.mark.parametrize("stored", [None, "", "!", "$argon2id$v=19$m=7168,t=5,p=1$"])
async def test_whoever_has_no_hash_has_no_password(stored: str | None) -> None:
    assert not await is_password("nobody has this password", stored)
    assert not await is_password("", stored)
