"""What must never be stored, logged or sent to the engine, masked in what people type."""

import re

CARD_MASK = "[numéro de carte masqué]"
ACCOUNT_MASK = "[numéro de compte masqué]"
SOCIAL_SECURITY_MASK = "[numéro de sécurité sociale masqué]"
SECRET_MASK = "[code secret masqué]"  # noqa: S105 - what replaces a secret, not one

_DIGIT_RUN = re.compile(r"(?<![\w])\d(?:[ .\-\u00a0\u202f]?\d){12,18}(?![\w])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,3})?\b", re.I)
_SOCIAL_SECURITY = re.compile(
    r"(?<!\d)[12][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d{2}|2[ab])[ .]?\d{3}[ .]?\d{3}"
    r"(?:[ .]?\d{2})?(?!\d)",
    re.I,
)
_CARD_CODE = re.compile(
    r"\b(cryptogramme|cvv2?|cvc2?|code (?:secret|pin)|mot de passe)"
    r"(\s*(?:est|c'est|:|=)?\s*)([^\s]*\d[^\s]*)",
    re.I,
)


def mask(text: str) -> str:
    """The text with card numbers (Luhn), IBANs, social security numbers and codes masked."""
    text = _DIGIT_RUN.sub(_mask_digits, text)
    text = _IBAN.sub(lambda m: ACCOUNT_MASK if _is_iban(m.group()) else m.group(), text)
    text = _SOCIAL_SECURITY.sub(SOCIAL_SECURITY_MASK, text)
    return _CARD_CODE.sub(lambda m: m.group(1) + m.group(2) + SECRET_MASK, text)


def passes_luhn(digits: str) -> bool:
    """Whether the digits end with the check digit that payment cards carry."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _mask_digits(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match.group())
    return CARD_MASK if passes_luhn(digits) else match.group()


def _is_iban(text: str) -> bool:
    compact = text.replace(" ", "").upper()
    if not 15 <= len(compact) <= 34:
        return False
    digits = "".join(str(int(c, 36)) for c in compact[4:] + compact[:4])
    return int(digits) % 97 == 1
