"""What must never be stored, logged or sent to the engine, masked in what people type."""

import re

from channels import spoken_cards
from channels.spoken_cards import passes_luhn

CARD_MASK = "[numéro de carte masqué]"
ACCOUNT_MASK = "[numéro de compte masqué]"
SOCIAL_SECURITY_MASK = "[numéro de sécurité sociale masqué]"
SECRET_MASK = "[code secret masqué]"  # noqa: S105 - what replaces a secret, not one

RESUME_CODE_MASK = "[code de reprise masqué]"

_GAP = r"[ \t\u00a0\u2009\u202f._\-\u2010-\u2014]"
_DIGIT_RUN = re.compile(rf"\d(?:{_GAP}{{0,2}}\d){{12,}}")
_IBAN = re.compile(rf"(?<![A-Z0-9])[A-Z]{{2}}\d{{2}}(?:{_GAP}?[A-Z0-9]){{11,30}}", re.I)
_SOCIAL_SECURITY = re.compile(
    rf"(?<!\d)[12]{_GAP}?\d{{2}}{_GAP}?(?:0[1-9]|1[0-2]|[2-9]\d){_GAP}?(?:\d{{2}}|2[ab])"
    rf"{_GAP}?\d{{3}}{_GAP}?\d{{3}}(?:{_GAP}?\d{{2}})?(?!\d)",
    re.I,
)
_CARD_CODE = re.compile(
    r"\b(cryptogramme|cvv2?|cvc2?|code (?:secret|pin)|mot de passe)"
    r"((?:\s+de\s+(?:la|ma)\s+carte)?\s*(?:est|c'est|:|=)?\s*(?:le\s+)?)(\S*\d\S*)",
    re.I,
)

_LEAST_CARD_DIGITS = 13
_MOST_CARD_DIGITS = 19
_CARD_STARTS = frozenset("23456")
# The expiry date and the security code that people add to a card's number.
_MOST_DIGITS_AFTER_CARD = 8
_IBAN_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18,
    "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22,
    "IT": 27, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28,
    "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24,
}  # fmt: skip


def mask(text: str) -> str:
    """The text with card numbers (Luhn), IBANs, social security numbers and codes masked."""
    text = _IBAN.sub(_mask_iban, text)
    text = _DIGIT_RUN.sub(_mask_cards, text)
    for start, end in reversed(spoken_cards.find(text)):
        text = text[:start] + CARD_MASK + text[end:]
    text = _SOCIAL_SECURITY.sub(SOCIAL_SECURITY_MASK, text)
    return _CARD_CODE.sub(lambda m: m.group(1) + m.group(2) + SECRET_MASK, text)


def _mask_cards(match: re.Match[str]) -> str:
    """A run of digits with the cards in it masked, wherever they start and end among its groups."""
    run = match.group()
    found = _card_in(run)
    if found is None:
        return run
    start, end = found
    rest = _DIGIT_RUN.sub(_mask_cards, run[end:])
    if sum(c.isdigit() for c in rest) <= _MOST_DIGITS_AFTER_CARD:
        rest = ""
    return run[:start] + CARD_MASK + rest


def _card_in(run: str) -> tuple[int, int] | None:
    """Where the first card of a run is, the longest first."""
    groups = [group.span() for group in re.finditer(r"\d+", run)]
    for first, (start, _) in enumerate(groups):
        digits, found = "", None
        for left, right in groups[first:]:
            digits += run[left:right]
            if len(digits) > _MOST_CARD_DIGITS:
                break
            card_like = digits[0] in _CARD_STARTS or (start, right) == (0, len(run))
            if len(digits) >= _LEAST_CARD_DIGITS and card_like and passes_luhn(digits):
                found = start, right
        if found:
            return found
    return None


def _mask_iban(match: re.Match[str]) -> str:
    """The IBAN at the start of a match masked, and what follows it kept."""
    text = match.group()
    compact = [(i, c.upper()) for i, c in enumerate(text) if c.isalnum()]
    length = _IBAN_LENGTHS.get(text[:2].upper(), len(compact))
    if len(compact) < length:
        return text
    account = "".join(c for _, c in compact[:length])
    digits = "".join(str(int(c, 36)) for c in account[4:] + account[:4])
    if int(digits) % 97 != 1:
        return text
    return ACCOUNT_MASK + text[compact[length - 1][0] + 1 :]
