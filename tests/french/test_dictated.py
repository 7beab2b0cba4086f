"""Dictated values: those written by hand in dictations.yml, and random ones with noise."""

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

import french
from bench.dictating import dictated, recognised

TODAY = date(2026, 11, 21)
BY_HAND = yaml.safe_load((Path(__file__).parent / "dictations.yml").read_text(encoding="utf-8"))
LEAST_RIGHT = 0.97
LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
NAMES = "marie paul jean sophie luc nadia karim anne".split()
SURNAMES = "petit martin bernard moreau roux garnier faure".split()
DOMAINS = "gmail.com orange.fr free.fr laposte.net hotmail.fr outlook.com".split()
WAYS = ["rue des Lilas", "avenue Victor Hugo", "boulevard Gambetta", "place de la Mairie"]


def read(kind: str, said: str) -> french.Reading:
    return french.parse(kind, said, today=TODAY, spoken=True)


def outcome(reading: french.Reading, meant: str | None) -> str:
    if reading.value == meant:
        return "right"
    if reading.value is None:
        return "asked again"
    if not reading.doubt:
        return "wrong in silence"
    return "offered" if meant in reading.alternatives else "doubted"


def test_by_hand_nearly_all_are_right_at_once_and_none_is_wrong_in_silence() -> None:
    counts: Counter[str] = Counter()
    failed: list[Any] = []
    for kind, rows in BY_HAND.items():
        for said, meant in rows:
            got = outcome(read(kind, said), None if meant == "null" else meant)
            counts[got] += 1
            if got != "right":
                failed.append((got, kind, said))
    assert counts.total() >= 150
    assert counts["wrong in silence"] == 0, failed
    assert counts["right"] / counts.total() >= LEAST_RIGHT, failed


class Values:
    """Random values of every kind."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def _of(self, alphabet: str, size: int) -> str:
        return "".join(self.rng.choice(alphabet) for _ in range(size))

    def plate(self) -> str:
        if self.rng.random() < 0.25:
            place = self.rng.choice(["01", "13", "31", "59", "75", "2A", "2B", "33", "06"])
            return f"{self.rng.randint(1, 9999)} {self._of(LETTERS, 3)} {place}"
        ends = [self._of(LETTERS.replace("S", ""), 2) for _ in range(2)]
        return f"{ends[0]}-{self.rng.randint(1, 999):03d}-{ends[1]}"

    def phone(self) -> str:
        return "0" + self.rng.choice("12345679") + self._of("0123456789", 8)

    def date(self) -> str:
        return (TODAY - timedelta(days=self.rng.randint(20, 12_000))).isoformat()

    def email(self) -> str:
        joint = self.rng.choice(".-_")
        local = f"{self.rng.choice(NAMES)}{joint}{self.rng.choice(SURNAMES)}"
        return f"{local}{self.rng.choice(['', '', '75', '12'])}@{self.rng.choice(DOMAINS)}"

    def postcode(self) -> str:
        department = self.rng.choice([n for n in range(1, 96) if n != 20])
        return f"{department:02d}{self._of('0123456789', 3)}"

    def formule(self) -> str:
        digits = self._of("0123456789", 5)
        return f"{self.rng.randint(2009, 2026)}{self._of(LETTERS, 2)}{digits}"

    def code5(self) -> str:
        return self._of("0123456789", 5)

    def code_cession(self) -> str:
        return self._of("0123456789", 5) if self.rng.random() < 0.5 else self._of(LETTERS, 5)

    def file_code(self) -> str:
        return self._of(LETTERS + "23456789", 10)

    def address(self) -> str:
        number, way = self.rng.randint(1, 199), self.rng.choice(WAYS)
        return f"{number} {way}, {self.postcode()} {self.rng.choice(['Lyon', 'Nice', 'Lille'])}"


@pytest.mark.parametrize("kind", sorted(name for name in vars(Values) if name[0] != "_"))
@pytest.mark.parametrize(("noise", "least"), [(0.0, 0.97), (0.04, 0.85)])
def test_at_random(kind: str, noise: float, least: float) -> None:
    """Misheard words are mostly seen through; a value that is wrong is doubted or asked again."""
    values = Values(seed=20261121)
    counts: Counter[str] = Counter()
    failed: list[Any] = []
    for _ in range(150):
        meant = getattr(values, kind)()
        said = recognised(dictated(kind, meant, values.rng), values.rng, noise, dropped=0)
        got = outcome(read(kind, said), meant)
        counts[got] += 1
        if got != "right":
            failed.append((got, meant, said))
    assert (counts["right"] + counts["offered"]) / counts.total() >= least, failed
    assert counts["right"] / counts.total() >= least - 0.03, failed
    assert counts["wrong in silence"] <= (1 if noise else 0), failed


@pytest.mark.parametrize(
    ("kind", "said", "meant"),
    [
        ("plate", "dé ré quatre cent dix huit emme esse", "DR-418-MS"),
        ("name", "il faut écrire k o w a l s k i", "Kowalski"),
    ],
)
def test_words_that_do_not_fit_are_not_passed_over(kind: str, said: str, meant: str) -> None:
    assert outcome(read(kind, said), meant) in ("asked again", "doubted")


@pytest.mark.parametrize(
    ("kind", "value", "said", "amended"),
    [
        ("plate", "AP-123-CK", "b comme bravo", "AB-123-CK"),
        ("plate", "AB-123-CD", "cent vingt-quatre", "AB-124-CD"),
        ("plate", "AB-123-CM", "n comme nicolas", "AB-123-CN"),
        ("plate", "264 BXL 33", "trente-quatre", "264 BXL 34"),
        ("formule", "2019AB12345", "p comme paul", "2019AP12345"),
        ("phone", "0612345678", "soixante-dix-neuf", None),
        ("plate", "BP-123-DT", "v comme victor", "VP-123-DT"),
        ("plate", "AB-123-CD", "je ne sais pas", None),
    ],
)
def test_one_place_put_right(kind: str, value: str, said: str, amended: str | None) -> None:
    assert french.amend(kind, value, said) == amended
