"""Wishes to begin a démarche, told from questions and from mere names."""

import re

from french import plates

_HOW = re.compile(
    r"\b(comment|coment|cmt|que faire|quoi faire|koi fer|quelles? (est|sont|étapes?|démarches?)"
    r"|où|c'est quoi|est-ce qu|faut-il)\b",
    re.I,
)
# A wish, an order, or an infinitive that begins the message (« déclarer une vente »).
_WISH = re.compile(
    r"\b(je? ?v(eu[xt]?|x|oudr\w+|s)|j ?'?v(eu|oudr)\w*|jve|ve(ut|ux|ulez|ulons)|voul\w+|voudr\w+"
    r"|souhait\w*|aimer\w*|désir\w*|besoin|il me faut|dois|doit|dev(ons|rais)|il faut|faut que|fo"
    r"|on (fait|va|commence|lance|démarre|prépare|s'y met)|allons|ferons|faisons|faites|fais"
    r"|commen[cç]\w*|d[ée]marr\w*|lan[cç]\w*|pr[ée]par\w*|rempli\w*|demande à)\b"
    r"|^\W*((bonjour|bonsoir|slt|salut|bjr|euh|alors|oui|svp)\W+)*\w+(er|ir|re)\b",
    re.I,
)
_WITH_HELP = re.compile(
    r"\b(avec (vous|moi|toi)|aide[rz]?[- ]?moi|m'aider|ensemble|on peut)\b", re.I
)


_TOGETHER = re.compile(r"\b(av[ea]c (vous|moi|toi)|ensemble|on (la|le) fait)\b", re.I)


def wishes(text: str) -> bool:
    """Whether a text is a wish to begin, rather than a question or the mere name of a démarche."""
    if _WITH_HELP.search(text):
        return True
    return bool(_WISH.search(text)) and not _HOW.search(text)


def asks_for_company(text: str) -> bool:
    """« avec vous », « ensemble »: the démarche is to be done here, however that is said."""
    return bool(_TOGETHER.search(text)) and not _HOW.search(text)


def gives_a_plate(text: str) -> bool:
    """Whether a plate is given, and nothing asked: who gives one wants the démarche done."""
    return bool(plates.find(text)) and not _HOW.search(text) and "?" not in text
