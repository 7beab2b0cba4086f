"""What people must not leave behind: card, account and social security numbers, secret codes."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.redaction import (
    ACCOUNT_MASK,
    CARD_MASK,
    SECRET_MASK,
    SOCIAL_SECURITY_MASK,
    mask,
)
from channels.spoken_cards import passes_luhn

# Numbers that payment companies publish for tests.
CARDS = ["4970101234567893", "5555555555554444", "378282246310005", "30569309025904"]


@pytest.mark.parametrize(
    "written",
    [
        "4970101234567893",
        "4970 1012 3456 7893",
        "4970-1012-3456-7893",
        "4970.1012.3456.7893",
        "4970\u00a01012\u00a03456\u00a07893",
        "4970\u202f1012\u202f3456\u202f7893",
        "4970 – 1012 – 3456 – 7893".replace(" – ", "–"),
        "4970  1012  3456  7893",
        "49 70 10 12 34 56 78 93",
        "4 9 7 0 1 0 1 2 3 4 5 6 7 8 9 3",
        "3782 822463 10005",
    ],
)
def test_card_in_any_spacing(written: str) -> None:
    said = f"ma carte est {written}, merci"
    assert mask(said) == f"ma carte est {CARD_MASK}, merci"


@pytest.mark.parametrize(
    "written",
    [
        "4970/1012/3456/7893",
        "4970, 1012, 3456, 7893",
        "4970 puis 1012 puis 3456 puis 7893",
        "4970\n1012\n3456\n7893",
        "4970 - 1012 - 3456 - 7893",
        "3782 | 822463 | 10005",
        "quatre neuf sept zéro, euh, un zéro un deux, trois quatre cinq six, sept huit neuf trois",
        "quarante-neuf soixante-dix dix douze trente-quatre cinquante-six soixante-dix-huit "
        "quatre-vingt-treize",
        "quatre mille neuf cent soixante-dix mille douze trois mille quatre cent cinquante-six "
        "sept mille huit cent quatre-vingt-treize",
        "4970 mille douze 3456 7893",
    ],
)
def test_card_dictated_or_cut_up(written: str) -> None:
    assert mask(f"ma carte est le {written}.") == f"ma carte est le {CARD_MASK}."


@pytest.mark.parametrize(
    "said",
    [
        "né le 25/03/1980, carte du 12/11/2020",
        "06 12 34 56 78 ou 06 98 76 54 32",
        "zéro six douze trente-quatre cinquante-six soixante-dix-huit",
        "deux mille vingt-quatre, deux mille vingt-cinq",
        "quatre cent mille " * 80,
        "vingt-quatre " * 120,
    ],
)
def test_other_numbers_dictated_are_kept(said: str) -> None:
    if len(said) < 100:
        assert mask(said) == said
    else:  # whatever it is, it is read in no time
        begun = time.monotonic()
        mask(said)
        assert time.monotonic() - begun < 1


@pytest.mark.parametrize("card", CARDS)
def test_card_stuck_to_words(card: str) -> None:
    assert mask(f"CB{card}merci") == f"CB{CARD_MASK}merci"


@pytest.mark.parametrize(
    "added", ["12 27 123", "123", "1227", " 12 27"], ids=["all", "code", "date", "spaced"]
)
def test_card_followed_by_its_date_and_code(added: str) -> None:
    masked = mask(f"voici : 4970 1012 3456 7893 {added}")
    assert masked == f"voici : {CARD_MASK}"


def test_card_after_another_number() -> None:
    masked = mask("demande 12 4970 1012 3456 7893 !")
    assert CARD_MASK in masked
    assert "7893" not in masked


def test_two_cards() -> None:
    masked = mask("5555555555554444 ou 4970101234567893")
    assert masked == f"{CARD_MASK} ou {CARD_MASK}"


def test_phone_after_a_card_is_kept() -> None:
    masked = mask("4970 1012 3456 7893 et au 06 12 34 56 78")
    assert masked == f"{CARD_MASK} et au 06 12 34 56 78"


@pytest.mark.parametrize(
    "account",
    [
        "FR7630006000011234567890189",
        "FR76 3000 6000 0112 3456 7890 189",
        "fr76 3000 6000 0112 3456 7890 189",
        "FR76-3000-6000-0112-3456-7890-189",
        "BE68 5390 0754 7034",
        "DE89 3704 0044 0532 0130 00",
    ],
)
def test_account_number(account: str) -> None:
    assert mask(f"IBAN {account} pour lui") == f"IBAN {ACCOUNT_MASK} pour lui"


@pytest.mark.parametrize(
    "number",
    ["1 85 05 78 006 084 36", "185057800608436", "2 99 12 2A 123 456", "1-85-05-78-006-084-36"],
)
def test_social_security_number(number: str) -> None:
    masked = mask(f"mon numéro : {number}.")
    assert masked in (f"mon numéro : {SOCIAL_SECURITY_MASK}.", f"mon numéro : {CARD_MASK}.")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("le cryptogramme est 123", "le cryptogramme est"),
        ("cryptogramme de la carte : 123", "cryptogramme de la carte :"),
        ("CVV 123", "CVV"),
        ("mon mot de passe est Soleil2018!", "mon mot de passe est"),
        ("code secret 1234", "code secret"),
    ],
)
def test_secret_code(said: str, kept: str) -> None:
    assert mask(said) == f"{kept} {SECRET_MASK}"


@pytest.mark.parametrize(
    "text",
    [
        "ma plaque est AB-123-CD, l'ancienne 123 AB 01",
        "appelez-moi au 06 12 34 56 78 ou au +33 6 12 34 56 78",
        "06 12 34 56 78 01 23 45 67 89",
        "le numéro de ma démarche est 20180312-123456",
        "numéro de formule 2018AB12345",
        "numéro de série VF1BB05CF27654321",
        "les cerfas 13749, 13750, 13756 et 13757",
        "vendue le 12-03-2018, à 14 h 30, 1 250 euros, 75012 Paris",
        "mon code confidentiel est 12345",
        "j'ai oublié mon mot de passe",
    ],
)
def test_what_a_demarche_needs_is_kept(text: str) -> None:
    assert mask(text) == text


def test_a_long_run_of_digits_is_read_at_once() -> None:
    started = time.perf_counter()
    mask("1 " * 250)
    mask("1" * 500)
    mask("FR76" + "A" * 496)
    assert time.perf_counter() - started < 1


def _with_check_digit(digits: str) -> str:
    return next(digits + str(last) for last in range(10) if passes_luhn(digits + str(last)))


card_numbers = st.builds(
    lambda first, rest: _with_check_digit(first + rest),
    st.sampled_from("3456"),
    st.text("0123456789", min_size=11, max_size=17),
)
separators = st.sampled_from(["", " ", "-", ".", "\u00a0", "\u202f"])
# Words that hold neither digits nor what could be part of a number.
words = st.text("abcdefghijklmnopqrstuvwxyzéèàç' ,!?", max_size=30).map(lambda text: f" {text} ")


@given(before=words, card=card_numbers, after=words, size=st.integers(1, 6), gap=separators)
def test_no_card_survives(before: str, card: str, after: str, size: int, gap: str) -> None:
    """Whatever the groups and what stands around, no digit of a card is left."""
    written = gap.join(card[i : i + size] for i in range(0, len(card), size))
    masked = mask(before + written + after)
    assert not re.search(r"\d", masked)
    assert masked.startswith(before)
    assert masked.endswith(after)


@given(st.text(max_size=200))
def test_text_without_long_numbers_is_kept(text: str) -> None:
    """A text with fewer digits than any of those numbers has is left as it is."""
    if sum(c.isdigit() for c in text) == 0:
        assert mask(text) == text


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once) == once
