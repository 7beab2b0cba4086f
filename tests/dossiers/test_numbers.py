"""Numbers and secrets: typed any way, read aloud, and a slip always noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.numbers import (
    ALPHABET,
    find_number,
    new_number,
    new_secret,
    parse_number,
    parse_secret,
    say,
)

numbers = st.builds(new_number)


def test_the_alphabet_has_no_look_alikes_and_a_prime_size() -> None:
    assert not set("0O1ILUS") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET) == 29


@given(numbers)
def test_a_number_is_read_however_it_is_written(number: str) -> None:
    bare = number.replace("-", "")
    for text in (number, bare.lower(), number[3:], f" rp {bare[2:6]} {bare[6:]}. ", number + "\n"):
        assert parse_number(text) == number
    assert find_number(f"bonjour, c'est le dossier {number.lower()} svp") == number
    assert find_number(f"numéro R P {bare[2:6]} {bare[6:]}, merci") == number


@given(numbers, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(number: str, place: int, other: str) -> None:
    bare = number[3:].replace("-", "")
    wrong = bare[:place] + other + bare[place + 1 :]
    assert (parse_number(wrong) is None) == (wrong != bare)


@given(numbers, st.integers(0, 6))
def test_two_neighbours_swapped_are_noticed(number: str, place: int) -> None:
    bare = number[3:].replace("-", "")
    swapped = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]
    assert (parse_number(swapped) is None) == (swapped != bare)


@given(st.text(max_size=80))
def test_any_text_is_looked_at_without_error(text: str) -> None:
    assert parse_number(text) is None or parse_number(text) == parse_number(text.upper())
    find_number(text)
    parse_secret(text)


@pytest.mark.parametrize("text", ["", "RP", "RP-", "AB-123-CD", "RP-7K3M-92Q", "RP-0000-0000"])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert parse_number(text) is None


def test_a_secret_is_compared_without_its_separators() -> None:
    secret = new_secret()
    assert parse_secret(f" {secret.lower().replace('-', ' ')} ") == parse_secret(secret)
    assert len(parse_secret(secret)) == 8


def test_a_number_is_said_in_groups() -> None:
    assert say("RP-7K3M-92QD") == "R, P. 7, K, 3, M. 9, 2, Q, D"
