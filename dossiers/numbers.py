"""A dossier's number and its resume secret: made to be read aloud, copied and typed again.

A number is « RP-7K3M-92QD »: seven random characters and a check character. The alphabet has 29
characters, none of 0 O 1 I L U S; 29 is prime, so that the check finds any wrong character and any
two neighbours swapped. A secret is eight characters of the same alphabet, in two groups.
"""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRTVWXYZ"
PREFIX = "RP"

_RANK = {character: rank for rank, character in enumerate(ALPHABET)}
_LENGTH = 8
_CHARACTER = rf"[{ALPHABET}]"
_FIND = re.compile(
    rf"(?<![A-Z0-9])R[\s.]?P[\s.\-–_]*((?:{_CHARACTER}[\s.\-–_]*){{{_LENGTH - 1}}}{_CHARACTER})"
    r"(?![A-Z0-9])"
)

_LIKE = re.compile(r"(?<![A-Z0-9])R[\s.]?P[\s.\-–_]*[A-Z0-9]{4}[\s.\-–_]*[A-Z0-9]{4}(?![A-Z0-9])")


def new_number() -> str:
    """A random number, in normal form."""
    body = [secrets.choice(ALPHABET) for _ in range(_LENGTH - 1)]
    return _normal("".join(body) + _check(body))


def new_secret() -> str:
    """A random secret: about 39 bits, which limited tries make enough."""
    bare = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
    return f"{bare[:4]}-{bare[4:]}"


def parse_number(text: str) -> str | None:
    """The number that ``text`` is, in normal form; None when it is not one, or has a mistake.

    Case, spaces and dashes don't matter, nor whether « RP » is there.
    """
    bare = _bare(text)
    if len(bare) == len(PREFIX) + _LENGTH and bare.startswith(PREFIX):
        bare = bare.removeprefix(PREFIX)
    if len(bare) != _LENGTH or not set(bare) <= set(ALPHABET):
        return None
    return _normal(bare) if _weighed(bare) == 0 else None


def find_number(text: str) -> str | None:
    """The first right number written with its « RP » inside a longer text."""
    for match in _FIND.finditer(text.upper()):
        number = parse_number(match.group(1))
        if number:
            return number
    return None


def has_mistake(text: str) -> bool:
    """Whether a text gives a number with its « RP », but not a right one."""
    return _LIKE.search(text.upper()) is not None and find_number(text) is None


# Read at every place of a text in capitals, so that a word before a code does not hide it.
_SECRET = re.compile(rf"(?<![0-9A-Z])(?=({_CHARACTER}{{4}}[ .-]?{_CHARACTER}{{4}})(?![0-9A-Z]))")
_CALLED = re.compile(r"\bCODE\b(?: DE REPRISE| SECRET)?(?: EST| C['’]EST)?\s*:?")
_RESUMING = re.compile(r"\bCODE (?:DE REPRISE|SECRET|DU DOSSIER)\b")


def find_secret(text: str, number: str) -> str | None:
    """The code that stands beside a number: said to be one, or written like one."""
    letters = number.replace("-", "")
    rest = re.sub(r"\W*".join(letters), " ", text, flags=re.IGNORECASE)
    called = _CALLED.search(rest.upper())
    after = _SECRET.findall(rest.upper(), called.end() if called else len(rest))
    # A code may have no digit; a word of eight letters has no dash, and is rarely in capitals.
    found = _SECRET.findall(rest.upper())
    dashed = [one for one in found if "-" in one]
    likely = [one for one in found if any(c.isdigit() for c in one) or one in rest]
    return next(iter([*after[:1], *dashed, *likely[-1:]]), None)


def find_called_secret(text: str) -> str | None:
    """A code said to be one, without the number of its dossier (« mon code est ABCD-2345 »)."""
    called = _RESUMING.search(text.upper())
    found = _SECRET.findall(text.upper(), called.end()) if called else []
    return next((one for one in found if "-" in one or any(c.isdigit() for c in one)), None)


def without_secret(text: str, secret: str, mark: str) -> str:
    """A text with a code that it gives replaced by a mark."""
    letters = r"\W*".join(re.escape(char) for char in parse_secret(secret))
    return re.sub(letters, mark, text, flags=re.IGNORECASE)


def parse_secret(text: str) -> str:
    """A secret as it is hashed: without separators, in capitals."""
    return _bare(text)


def say(code: str) -> str:
    """« RP-7K3M-92QD » -> « R, P. 7, K, 3, M. 9, 2, Q, D », to be read aloud."""
    return ". ".join(", ".join(group) for group in code.split("-"))


def _bare(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper()[:64])


def _normal(bare: str) -> str:
    return f"{PREFIX}-{bare[:4]}-{bare[4:]}"


def _weighed(bare: str) -> int:
    total = sum(weight * _RANK[char] for weight, char in enumerate(bare, start=1))
    return total % len(ALPHABET)


def _check(body: list[str]) -> str:
    """The character which, after ``body``, brings the weighed sum to zero."""
    partial = _weighed("".join(body))
    inverse = pow(_LENGTH, -1, len(ALPHABET))
    return ALPHABET[(-partial * inverse) % len(ALPHABET)]
