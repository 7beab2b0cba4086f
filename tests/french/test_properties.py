"""What holds for any value and any text."""

import random
from datetime import date

import pytest
import voices
from hypothesis import given, settings
from hypothesis import strategies as st

from french import KINDS, Choice, command, find, parse, say, show

TODAY = date(2026, 3, 18)
CHOICES = (Choice("a", "Perte"), Choice("b", "Vol", ("volée",)))

letter = st.sampled_from(voices.LETTERS)
digits = st.text("0123456789", min_size=5, max_size=5)


def _random_value(kind: str) -> st.SearchStrategy[str]:
    return st.integers(0, 2**32).map(lambda seed: voices.random_value(kind, random.Random(seed)))


VALUES: dict[str, st.SearchStrategy[str]] = {
    kind: _random_value(kind)
    for kind in ("plate", "formule", "code5", "code_cession", "postcode", "phone", "date")
} | {
    "email": st.from_regex(
        r"[a-z][a-z0-9]{0,8}([._-][a-z0-9]{1,6})?@(gmail\.com|free\.fr|sfr\.fr|my-club\.org)",
        fullmatch=True,
    ),
    "number": st.integers(0, 999_999).map(str),
    "yes_no": st.sampled_from(["yes", "no"]),
}


@pytest.mark.parametrize("kind", VALUES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_value_shown_is_read_back(kind: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])
    assert parse(kind, show(kind, value), today=TODAY).value == value


@pytest.mark.parametrize("kind", VALUES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_value_said_is_heard(kind: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])
    reading = parse(kind, say(kind, value), today=TODAY, spoken=True)
    assert reading.value == value or (reading.doubt and value in reading.alternatives), reading


_VOCABULARY = """
a b cent vingt trois zéro six deux fois double comme non pardon point arobase tiret gmail com
le 12 mars 2019 hier rue 75011 AB-123-CD et mille quatre-vingts . , @ + c'est j'ai euh x ses
sans un lundi dernier il y a jours premier de la
"""
WORDS = st.lists(st.sampled_from(_VOCABULARY.split()), max_size=25).map(" ".join)


@settings(max_examples=250, deadline=None)
@given(text=st.one_of(st.text(max_size=80), WORDS), spoken=st.booleans())
def test_no_text_is_an_error(text: str, spoken: bool) -> None:
    for kind in KINDS:
        reading = parse(kind, text, today=TODAY, choices=CHOICES, spoken=spoken)
        assert (reading.value is None) == (reading.problem is not None)
        assert reading.value is not None or reading.doubt is None
        assert reading.value not in reading.alternatives
        if reading.value is not None:
            assert show(kind, reading.value)
            assert say(kind, reading.value)
        for found in find(kind, text, TODAY):
            assert 0 <= found.start < found.end <= len(text)
    command(text)


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(["plate", "date", "phone", "formule", "email"]), data=st.data())
def test_a_value_written_in_a_message_is_found(kind: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])
    if kind == "plate" and "-" not in value:
        return  # older plates have no mark of their own: the search is more careful
    text = f"bonjour, voici : {show(kind, value)}, merci"
    assert [found.value for found in find(kind, text, TODAY)] == [value]


@pytest.mark.parametrize("kind", voices.KINDS)
def test_dictated_values_are_never_wrong_in_silence(kind: str) -> None:
    """Some thousands of dictations, half of them without hyphens, some with a homophone."""
    rng = random.Random(20260318)
    silent: list[tuple[str, str, str | None]] = []
    right = missed = 0
    total = 2000
    for _ in range(total):
        value = voices.random_value(kind, rng)
        said = voices.noisy(kind, voices.voice(kind, value, rng), rng)
        reading = parse(kind, said, today=TODAY, spoken=True)
        if reading.value == value or value in reading.alternatives:
            right += 1
        elif reading.value is None or reading.doubt:
            missed += 1
        else:
            silent.append((value, said, reading.value))
    assert len(silent) <= 1, silent
    assert right >= total * 0.99, (right, missed)
