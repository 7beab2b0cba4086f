"""Words of a message, folded, with their place in it."""

import re
import unicodedata
from dataclasses import dataclass

# Longer messages hold no value that could be told apart from the rest.
MAX_CHARS = 2000

_PIECE = re.compile(r"\d+|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*['’ʼ]?|[^\w\s]|_", re.UNICODE)
_HYPHENS = "-‐‑"
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "ʼ": "'", "ß": "ss"})


def word_set(words: str) -> frozenset[str]:
    """The words of a list written in one string."""
    return frozenset(words.split())


# Words said around a value, or while looking for it, that carry nothing of it.
FILLERS = word_set(
    """
    euh heu hum hem hm alors donc ben bah beh bon bonjour allo puis ensuite voila oui ouais ok
    merci le la les l' un une c'est c'etait est etait ma mon mes sa son votre notre ce cette
    plaque immatriculation immatricule immatriculee vehicule voiture auto moto scooter numero
    numeros chiffre chiffres lettre lettres code postal telephone portable mobile tel formule
    cession date departement majuscule majuscules minuscule minuscules espace suivi suivie de
    du apres et avec je j'ai dis note notez voici exactement toujours attendez c'est-a-dire
    svp s'il vous plait adresse mail email courriel mel e-mail d'accord dans le ca s'ecrit
    ecrit marque lis commence commencent finit finissent termine terminent par debut fin
    milieu partie l'autre
    """
)

HESITATIONS = frozenset({"euh", "heu", "hum"})

# What people say between a slip and its correction; longest first.
REPAIRS: tuple[tuple[str, ...], ...] = tuple(
    sorted(
        (
            tuple(phrase.split())
            for phrase in (
                "non pardon",
                "ah non pardon",
                "euh non pardon",
                "oh pardon",
                "pardon non",
                "euh pardon",
                "pardon",
                "non",
                "euh non",
                "ah non",
                "mais non",
                "non non",
                "non attendez",
                "non excusez moi",
                "excusez moi",
                "je me suis trompe",
                "je me suis trompee",
                "pardon je me suis trompe",
                "non je me suis trompe",
                "non je me trompe",
                "je me trompe",
                "je veux dire",
                "non je veux dire",
                "enfin non",
                "ou plutot",
                "plutot",
                "non plutot",
                "je corrige",
                "correction",
                "je reprends",
                "non je reprends",
                "je recommence",
                "non je recommence",
                "oups",
            )
        ),
        key=len,
        reverse=True,
    )
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of digits or a mark. ``glued``: a hyphen ties it to the one before."""

    word: str
    raw: str
    start: int
    end: int
    glued: bool = False

    @property
    def is_digits(self) -> bool:
        return self.word.isascii() and self.word.isdigit()

    @property
    def is_word(self) -> bool:
        return self.word[:1].isalpha()


def fold(text: str) -> str:
    """Lower case, without accents, ligatures or curly apostrophes."""
    lowered = text.lower().translate(_LIGATURES)
    bare = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in bare if not unicodedata.combining(char))


def tokenize(text: str) -> list[Token]:
    """Cut ``text``; a hyphen between two words becomes the second one's ``glued``."""
    tokens: list[Token] = []
    text = text[:MAX_CHARS]
    glued = False
    for match in _PIECE.finditer(text):
        raw = match.group()
        start, end = match.span()
        if raw in _HYPHENS and tokens and tokens[-1].end == start and end < len(text):
            before, after = tokens[-1].raw, text[end]
            if before[-1].isalnum() and after.isalnum():
                glued = True
                continue
        tokens.append(Token(fold(raw) or raw, raw, start, end, glued))
        glued = False
    return tokens


def repair_at(tokens: list[Token], index: int) -> int:
    """How many tokens from ``index`` on say that what was just said was wrong (0: none)."""
    for phrase in REPAIRS:
        end = index + len(phrase)
        if tuple(token.word for token in tokens[index:end]) == phrase:
            return len(phrase)
    return 0


def fluently(tokens: list[Token]) -> list[Token]:
    """What was said, without the hesitations."""
    return [token for token in tokens if token.word not in HESITATIONS]


def plain(text: str) -> str:
    """The folded words of ``text`` joined by single spaces, marks dropped."""
    return " ".join(token.word for token in tokenize(text) if token.word[:1].isalnum())
