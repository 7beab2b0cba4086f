"""The same sentence as others would type or say it: no accents, no capitals, typos, « koi »."""

import re

import numpy as np

from bot.encoder.vocabulary import without_accents

# Whole words only; what people write for them on a telephone.
SHORT_FORMS = {
    "bonjour": ("bjr", "slt"),
    "c'est": ("c", "cé"),
    "combien": ("cb", "combi1"),
    "comment": ("cmt", "coment"),
    "dans": ("ds",),
    "est-ce que": ("esque", "es ke"),
    "j'ai": ("jai", "g", "gé"),
    "je ne": ("je", "j"),
    "je suis": ("jsuis", "chui"),
    "je vais": ("jv", "jvais"),
    "maintenant": ("mtn",),
    "merci": ("mci", "mrc"),
    "pour": ("pr",),
    "pourquoi": ("pk", "pq"),
    "quand": ("qd",),
    "que": ("ke", "q"),
    "quel": ("kel",),
    "quelle": ("kelle",),
    "quoi": ("koi",),
    "tout": ("tt",),
    "toujours": ("tjs",),
    "vous": ("vs",),
}
HESITATIONS = ("euh", "ben", "alors", "donc voilà", "oui euh", "ah", "bah", "en fait")
_WORDS = "|".join(map(re.escape, sorted(SHORT_FORMS, key=len, reverse=True)))
_LONG = re.compile(rf"(?<!\w)({_WORDS})(?!\w)", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[.,;:!?«»\"()…–-]+")

UNTOUCHED = 0.4
LETTERS_A_TYPO = 15


def varied(text: str, random: np.random.Generator) -> str:
    """The text as it is, four times out of ten; otherwise changed in one way or several."""
    if random.random() < UNTOUCHED:
        return text
    changed = text
    if random.random() < 0.15:
        changed = _shortened(changed, random)
    if random.random() < 0.1:
        changed = f"{random.choice(HESITATIONS)} {changed}"
    if random.random() < 0.4:
        changed = _PUNCTUATION.sub(" ", changed)
    if random.random() < 0.15:
        changed = re.sub(r"['’]", " " if random.random() < 0.5 else "", changed)
    if random.random() < 0.35:
        changed = without_accents(changed)
    if random.random() < 0.25:
        changed = _mistyped(changed, random)
    if random.random() < 0.4:
        changed = changed.lower() if random.random() < 0.9 else changed.upper()
    return changed if changed.strip() else text


def _shortened(text: str, random: np.random.Generator) -> str:
    def shorter(found: re.Match[str]) -> str:
        forms = SHORT_FORMS[found[1].lower()]
        return forms[random.integers(len(forms))] if random.random() < 0.7 else found[1]

    return _LONG.sub(shorter, text)


def _mistyped(text: str, random: np.random.Generator) -> str:
    """One slip for some fifteen letters: two exchanged, one left out, one doubled."""
    signs = list(text)
    for _ in range(1 + len(signs) // (2 * LETTERS_A_TYPO)):
        at = int(random.integers(max(1, len(signs) - 1)))
        if not "".join(signs[at : at + 2]).isalpha():
            continue
        slip = random.integers(3)
        if slip == 0:
            signs[at : at + 2] = signs[at : at + 2][::-1]
        elif slip == 1:
            del signs[at]
        else:
            signs.insert(at, signs[at])
    return "".join(signs)
