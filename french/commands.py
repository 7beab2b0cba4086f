"""What is said to the guide rather than in answer to it: « répétez », « un conseiller ».

Each command is a list of patterns over words without accents, where an apostrophe is a space; a
message is a command only when one of them, politeness aside, is the whole of it.
"""

import re
from collections.abc import Sequence

from french.plain import plain
from french.tokens import word_set

_POLITE = re.compile(
    r"\b(?:s il (?:vous|te) plait|svp|stp|merci(?: beaucoup| bien)?|euh|heu|hum|hein|alors|bon|ben"
    r"|bah|eh|oh|ah|he|bonjour|excusez moi|desolee?|voila|donc|allo)\b"
)

# Named parts that patterns refer to between braces.
_PARTS = {
    "please": r"(?:(?:est ce que |est-ce que )?(?:(?:vous |tu |on |je )?(?:peux|peut|pouvez"
    r"|pourriez"
    r"|pourrais|puis)(?: vous| tu| je)? |c'est possible de )(?:me |encore )?)?",
    "want": r"(?:(?:je (?:veux|voudrais|souhaite|souhaiterais|prefere|prefererais|demande|peux)"
    r"|j'aimerais|passez moi|donnez moi|mettez moi avec|il me faut|j'ai besoin"
    r"|est ce que je peux|est-ce que je peux|puis je|on peut) (?:pouvoir )?)?",
    "talk": r"(?:(?:parler|discuter|avoir|joindre|voir|contacter|m'adresser|etre (?:mise? )?"
    r"(?:en relation|en contact|rappelee?)) )?(?:(?:a|avec|par|d'|de) )?",
    "person": r"(?:d'|a )?(?:(?:un|une|le|la|vrai|vraie|autre|etre) )*(?:d'un "
    r"|d'une )?(?:conseill\w+"
    r"|humaine?s?|agente?s?|operateur|operatrice|standardiste|quelqu'un|telephoniste|employee?"
    r"|interlocut\w+)(?: d'autre| humaine| reelle| physique)?",
    "now": r"(?: au telephone| en ligne| tout de suite| maintenant)?",
    "while": r"(?:(?:encore |juste )?(?:une?|deux|trois|cinq|dix|quelques"
    r"|[1235]) )?(?:petite?s? |toutes? "
    r"petites? )?(?:secondes?|minutes?|instants?|moments?)",
    "seek": r"je (?:cherche|regarde|reviens|verifie|vais (?:la |le |les )?(?:chercher|voir))"
    r"(?: (?:ma|mon|mes|la|le|les) \w+(?: \w+)?)?",
    "wish": r"je (?:veux|voudrais|souhaite|dois|vais)",
}

_COMMANDS: dict[str, Sequence[str]] = {
    "slower": (
        r"{please}(?:parle[rz]? |repete[rz]? |redire |allez |aller )?(?:un peu |beaucoup )?"
        r"(?:plus lentement|plus doucement|moins vite)",
        r"ralenti\w*|doucement|lentement|pas si vite",
        r"(?:vous (?:parlez|allez) |c'est |ca va )?(?:un peu |beaucoup )?trop (?:vite|rapide)"
        r"(?: pour moi)?",
    ),
    "repeat": (
        r"{please}(?:repete[rz]?|redites?|redire)(?: (?:moi|ca|cela|tout|la question"
        r"|la derniere phrase|plus fort|encore une fois))*",
        r"pardon|comment(?: ca)?|quoi|plait il|vous dites|c'est a dire|repetition",
        r"(?:vous avez dit|qu'est ce que vous (?:dites|avez dit)|qu'est-ce que vous avez dit)"
        r"(?: quoi)?",
        r"(?:je n'ai |j'ai |j' n'ai |n'ai )?(?:pas|rien|mal) (?:tout |bien "
        r"|tres bien )*(?:entendu|compris"
        r"|saisi|suivi)(?: la question| ce que vous (?:dites|avez dit))?",
        r"(?:je n'|j')(?:entends|entend) (?:rien|mal|pas|pas bien)",
        r"encore(?: une fois)?|une autre fois|(?:c'est quoi|quelle etait|quelle est) la question",
    ),
    "hold": (
        r"{while}(?: (?:et )?{seek})?",
        r"(?:attend(?:ez|s|re)|patientez|{please}patienter)(?: moi)?(?: un peu| {while})?"
        r"(?: {seek})?",
        r"(?:ne )?quittez pas|restez en ligne|{seek}",
    ),
    "agent": (
        r"(?:non )?{want}{talk}{person}{now}",
        r"(?:non )?{want}{talk}une (?:vraie |autre )?personne(?: humaine| reelle| physique)?{now}",
        r"{please}(?:passe[rz]|mettre en relation avec)(?: moi)? {person}{now}",
        r"(?:je (?:ne )?veux )?pas (?:parler )?(?:a |avec )?(?:un |une )?(?:robot|machine"
        r"|repondeur)",
    ),
    "cancel": (
        r"{please}(?:annule[rz]?|abandonne[rz]?|annulation)(?: (?:tout|ca|cela|la demarche"
        r"|la demande|ma demande))?",
        r"(?:laissez?|laisser) tomber|stop|arrete[rz]?(?: tout| la)?|on arrete(?: la)?|j'arrete",
        r"tant pis|j'abandonne|oubliez?(?: ca| tout)?|je (?:ne )?veux plus|quitter",
        r"{wish} (?:tout )?(?:annuler|arreter|abandonner)(?: la demarche| la demande)?",
    ),
    "correct": (
        r"efface[rz]?(?: tout)?|(?:je |on )?recommence[rz]?|je me trompe|je reprends",
        r"je (?:me suis|m'etais) trompee?s?|j'ai fait une (?:erreur|faute)",
        r"(?:c'est )?(?:une )?erreur(?: de ma part)?|correction",
        r"{please}(?:corrige[rz]?|rectifie[rz]?|modifie[rz]?)(?: ma reponse| la reponse)?",
        r"{wish} (?:corriger|modifier|recommencer|rectifier)(?: ma reponse)?",
    ),
    "next": (
        r"(?:et )?(?:la )?suite|(?:la )?(?:question |etape )?suivante?|(?:et )?(?:ensuite|apres)",
        r"(?:on |vous pouvez )?(?:continue[rz]?|poursuive[rz]|poursuivre)|allez y|l'etape suivante",
        r"passe[rz] a la suite",
    ),
    "back": (
        r"(?:retour|{please}reveni[rz]|revenez|{wish} revenir)?(?: ?en arriere)?",
        r"(?:la |l')?(?:question |etape )?precedente?",
    ),
    "help": (
        r"aide(?: moi)?|aidez moi|a l'aide|{please}m'aider|je suis perdue?",
        r"je (?:ne )?comprends (?:pas|rien|pas bien|pas la question)",
    ),
}

# « sa », « nom », « ouïe » are what recognisers write for « ça », « non », « oui ».
_YES: Sequence[str] = (
    r"v?oui+|ouie|ouais?|ouep|yes|o|y|ok|okay|d'accord|daccord|dac|si|mais oui|en effet",
    r"effectivement",
    r"exacte?|exactement|absolument|affirmatif|tout a fait|parfait|parfaitement|positif|carrement",
    r"bien sur|bien entendu|evidemment|certainement|volontiers|avec plaisir|pourquoi pas|certes",
    r"c'est (?:bien )?(?:[cs]a|cela|exact|correct|juste|bon|vrai|lui|elle|parfait)",
    r"bien [cs]a|correct|c bon|c'est (?:tout )?(?:bon|ok)(?: pour moi)?|(?:ca )?me (?:va|convient)",
    r"(?:tout )?juste|vrai|c'est (?:le|mon) cas|(?:je )?(?:confirme|valide)|valider|entendu",
    r"ca marche|ca va|je (?:veux|voudrais) bien|je suis d'accord|allez|vas y|il me semble|je l'ai",
    r"nickel|nikel|impec(?:cable)?|voila",
)
_NO: Sequence[str] = (
    r"non+|nom|nan+|n|nope|mais non|non plus|negatif|(?:pas )?du tout|absolument pas|surtout pas",
    r"jamais|aucunement|certainement pas|bien sur que non|evidemment non",
    r"pas (?:vraiment|encore|d'accord|tout a fait)",
    r"(?:ce |c')?(?:n'est|est) pas (?:du tout )?(?:[cs]a|cela|bon|exact|correct|juste|le cas"
    r"|mon cas|la bonne)",
    r"(?:c'est )?(?:faux|incorrect|inexact|pas [cs]a|pas cela|pas exactement|pas du tout ca)",
    r"c'est une erreur|je refuse|je (?:ne )?veux pas|je (?:ne )?(?:pense|crois) pas",
    r"je ne l'ai pas|je l'ai pas|je n'en ai pas|j'en ai pas|aucun",
)


def _any(patterns: Sequence[str]) -> str:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    for _ in range(2):
        for name, part in _PARTS.items():
            joined = joined.replace("{" + name + "}", f"(?:{part})")
    return _plain_pattern(joined)


def _plain_pattern(pattern: str) -> str:
    """A pattern for words that have lost their apostrophes: « s'il » is « s il »."""
    return re.sub(r"(?<=[a-z])'", " ", pattern).replace("  ", " ")


_COMPILED = {name: re.compile(_any(patterns)) for name, patterns in _COMMANDS.items()}
_YES_RE = re.compile(rf"(?:(?:{_any(_YES)})(?: |$))+")
_NO_RE = re.compile(rf"(?:(?:{_any(_NO)})(?: |$))+")
_MAX_WORDS = 14
_PARDONS = word_set("hein pardon")
_ANSWERS = frozenset({"quelqu un d autre", "pour quelqu un d autre"})  # not a call for a person


def yes_or_no(text: str) -> str | None:
    """« yes » or « no » when the whole message is one, None otherwise; a question is neither."""
    if "?" in text[:300]:
        return None
    # As it is, then without its politeness: « c'est bon » is no « c'est », bon.
    for said in (plain(text[:300]), _stripped(text)):
        if not said or len(said.split()) > _MAX_WORDS:
            return None
        if _NO_RE.fullmatch(said):
            return "no"
        if _YES_RE.fullmatch(said):
            return "yes"
    return None


def _stripped(text: str) -> str:
    said = plain(text[:300])
    return " ".join(_POLITE.sub(" ", said).split()) or said


def command(text: str) -> str | None:
    """The command that the whole message is, or None.

    One of repeat, slower, hold, agent, cancel, correct, next, back, help, yes, no.
    """
    said = _stripped(text)
    if not said or len(said.split()) > _MAX_WORDS:
        return None
    if said in _PARDONS:
        return "repeat"
    if said in _ANSWERS:
        return None
    for name, pattern in _COMPILED.items():
        if pattern.fullmatch(said):
            return name
    return yes_or_no(text)
