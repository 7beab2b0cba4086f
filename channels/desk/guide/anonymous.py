"""Taking what names a person out of a question, before it is shown, grouped or counted.

A machine can't find every name: editors are told so, and figures show no text at all.
"""

import re

from channels.redaction import mask

NAME, ADDRESS, EMAIL, PHONE = "[nom]", "[adresse]", "[adresse électronique]", "[téléphone]"
PLATE, DOSSIER, DAY, NUMBER = "[plaque]", "[numéro de dossier]", "[date]", "[numéro]"

# Plates that only show the shape may stand in an example.
_SPECIMEN = re.compile(r"AA-?\d{3}-?AA|AB-?123-?CD|123 ?AB ?01|XX-?\d{3}-?XX", re.I)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w"), EMAIL),
    (re.compile(r"\bRP-[0-9A-Z]{4}-[0-9A-Z]{4}\b", re.I), DOSSIER),
    (re.compile(r"(?<!\d)(?:\+33|0033|0)[ .-]?[1-9](?:[ .-]?\d\d){4}(?!\d)"), PHONE),
    (
        re.compile(
            r"\b\d{1,4}\s*(?:bis|ter)?,?\s+(?:rue|avenue|av\.?|boulevard|bd|chemin|impasse|allée|"
            r"place|route|quai|cours|square)\s+[^,.;:?!\n]*",
            re.I,
        ),
        ADDRESS,
    ),
    (re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b"), DAY),
    (
        re.compile(
            r"\b\d{1,2}(?:er)?\s+(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|"
            r"octobre|novembre|décembre)\s+\d{4}\b",
            re.I,
        ),
        DAY,
    ),
    (re.compile(r"\d(?:[ .-]?\d){4,}"), NUMBER),
)
_PLATES = re.compile(
    r"\b[A-HJ-NP-TV-Z]{2}[ -]?\d{3}[ -]?[A-HJ-NP-TV-Z]{2}\b|\b\d{2,4}[ -]?[A-Z]{2,3}[ -]?\d{2}\b",
    re.I,
)
_WORD = r"[^\W\d_][\w'’-]*"
# « je m'appelle » says that a name follows; a title only when the name has its capital.
_TOLD_NAME = re.compile(
    rf"((?:m'appelle|m’appelle|mon nom est|mon nom c'est)\s+){_WORD}(?:\s+{_WORD})?", re.I
)
_TITLED_NAME = re.compile(
    rf"(\b(?:[Mm]onsieur|[Mm]adame|[Mm]me|MME|[Mm]r|M\.)\s+)[A-ZÉÈÀÇ]{_WORD}(?:\s+[A-ZÉÈÀÇ]{_WORD})?"
)


def anonymous(text: str) -> str:
    """The text with what may name a person masked."""
    text = mask(text)
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    text = _PLATES.sub(lambda m: m[0] if _SPECIMEN.fullmatch(m[0]) else PLATE, text)
    text = _TOLD_NAME.sub(rf"\g<1>{NAME}", text)
    return _TITLED_NAME.sub(rf"\g<1>{NAME}", text)
