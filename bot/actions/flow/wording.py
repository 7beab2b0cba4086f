"""Telling a name, a few words or a code from a remark, where any text could be the answer."""

import re

from bot.actions.flow.acts import bare

# Words of sentences, which no name of a person or of a firm is made of.
_OF_SENTENCES = frozenset(
    """
    je j tu il elle on nous vous ils elles me te se ce ca cela c est sont suis es etes etait serait
    ai avons avez ont pas ne ni que qui quoi comment pourquoi quand combien quel quelle quels
    quelles oui ouais non nan bonjour bonsoir merci svp stp tout tous rien faut faire fait dois
    doit peux peut pouvez veux veut voulez voudrais sais sait savez pense crois vais va allez dit
    dire deja encore maintenant apres avant hier demain alors donc mais parce exact exactement
    voiture vehicule carte grise plaque immatriculation permis dossier demarche adresse numero nom
    prenom question reponse attendez attends minute minutes seconde secondes instant aide comprends
    compris comprend trouve trouver toi lui meme quelqu acheteur vendeur titulaire client importe
    n quelque chose truc machin pardon desole desolee okay d accord ok suivant retour revenir
    annuler continuer plus moins trop tres bien mal sur avec sans aucun aucune idee perdu perdue
    vole volee vends vendu vendue achete idem pareil euh hein voila jsp connais connait
    inconnu inconnue particulier jamais toujours demande prendre mettre ecrire ecris note notez
    """.split()
)
_KIN = (
    r"(?:mari|femme|[ée]poux|[ée]pouse|conjointe?|compagne|compagnon|m[èe]re|p[èe]re|fils|fille"
    r"|fr[èe]re|s(?:œ|oe)ur|cousine?|tante|oncle|voisine?|amie?|copine|copain|neveu|ni[èe]ce|filleule?"
    r"|gendre|beau-(?:p[èe]re|fr[èe]re|fils)|belle-(?:m[èe]re|s(?:œ|oe)ur|fille)"
    r"|grand-mère|grand-père|coll[èe]gue|patronn?e?|[ée]l[èe]ve|cliente?|acheteu(?:r|se)"
    r"|acqu[ée]reur|titulaire|vendeu(?:r|se))"
)
# What introduces a name: « l'acheteur s'appelle … », « c'est ma sœur … ».
_INTRODUCED = re.compile(
    r"^.{0,60}?\b(?:s['’ ]?appelle|se nomme"
    r"|(?:nom|pr[ée]nom)s?(?: complets?)?(?: est| c['’]est| :|:)"
    rf"|(?:c['’ ]?est|pour|à|a) (?:mon|ma|notre|un|une|l['’]|le|la) ?{_KIN}(?:,| :)?"
    rf"|(?:mon|ma|l['’]|le|la) ?{_KIN}(?: est| c['’]est| :|:|,)?)\s+(?=\S)",
    re.I,
)
_TITLE = re.compile(r"^\s*(?:m\.?|mr\.?|mme\.?|mlle\.?|monsieur|madame)\s+(?=\S)", re.I)
_MYSELF = re.compile(
    r"(c est |ben |pour )?(moi( meme)?|lui( meme)?|elle( meme)?|a mon nom|mon nom)"
)
_CODE_LEAD = re.compile(
    r"^\W*(?:(?:euh|alors|oui|bonjour|voici|voilà|c['’ ]?est|il s['’]agit de|le|la|mon|son|code"
    r"|photo|numérique|numéro|est|:|n°)\b[\s:]*)+",
    re.I,
)
_CODE = re.compile(r"[A-Z0-9](?:[ .-]?[A-Z0-9]){3,39}")
# … and one that stands in a sentence has both letters and figures.
_CODE_INSIDE = re.compile(r"\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{6,24}\b")
_EMPTY = re.compile(
    r"(oui|non|ok|ouais|d accord|bonjour|merci|salut|euh|ben|bah|je l ai pas|je n en ai pas|[a-z])"
    r" ?(oui|non|ok|merci)?"
)
_CATEGORY = re.compile(r"[abcdm]")  # a licence's category is a single letter
_POLITE_LEAD = re.compile(
    r"^((bonjour|euh|heu|alors|oui|donc|ben|voila|c est|il s agit de|je suis|je m appelle"
    r"|je me nomme|il s appelle|elle s appelle|ca s ecrit|monsieur|madame|m|mme|mr"
    r"|(mon|son|le|notre) (nom|prenom)( de famille| de naissance)?( est| c est)?|au nom de|nom"
    r"|prenom|svp|merci) )+"
)

_WAYS = (
    r"rue|r\.|avenue|av\.?|boulevard|bd|place|pl\.?|chemin|all[ée]es?|impasse|route|rte|quai|cours"
    r"|square|passage|lotissement|r[ée]sidence|hameau|sentier|villa|voie|mont[ée]e|esplanade"
    r"|faubourg|fg|clos|ruelle|lieu-dit"
)
_ADDRESS = re.compile(
    rf"\b\d{{1,4}} ?(?:bis|ter|quater|[a-d]\b)?,? ?(?:{_WAYS})\b"
    r"[^;:!?\n]{2,60}?\b\d{2} ?\d{3}(?: [a-zà-ÿœ'’-]+){1,4}",
    re.I,
)
# Words that end a city when a sentence goes on after it.
_AFTER_CITY = re.compile(
    r"\s(?:et|le|hier|aujourd['’]hui|depuis|pour|avec|je|il|elle|c['’]est)\b.*$", re.I
)

UNREAD_NAME = "Je n'ai pas reconnu de nom. Donnez le prénom puis le nom, en lettres."
UNREAD_WORDS = "Je n'ai pas reconnu de réponse. Répondez avec quelques mots."
UNREAD_CODE = "Je n'ai pas reconnu de code. Recopiez ses lettres et ses chiffres."


def who_is_meant(text: str) -> str:
    """The part of a sentence that should be a name: what follows « s'appelle », « ma sœur »…"""
    text = _TITLE.sub("", text)
    for _ in range(2):  # « l'acheteur, c'est ma sœur … »
        text = _INTRODUCED.sub("", text, count=1).strip() or text
    return _TITLE.sub("", text)


def written_address(text: str) -> re.Match[str] | None:
    """An address that is written out in a longer text, up to its city."""
    found = _ADDRESS.search(text)
    if found is None:
        return None
    end = found.start() + len(_AFTER_CITY.sub("", found.group()))
    return _ADDRESS.search(text[:end]) or found


def address_said(text: str) -> str:
    """The address of a sentence (« je vis maintenant au … »), else the text as it is."""
    found = written_address(text)
    before = set(bare(text[: found.start()]).split()) if found else set()
    return found.group() if found and before & _OF_SENTENCES else text


def not_a_name(text: str) -> str:
    """Why a text is no name ("" when it may be one)."""
    plain = bare(text)
    if _MYSELF.fullmatch(plain):
        return "Il me faut le nom en toutes lettres, même si c'est le vôtre."
    said = [word for word in _POLITE_LEAD.sub("", plain).split() if word in _OF_SENTENCES]
    return (
        UNREAD_NAME
        if said and not (capitalised(text) and len(said) == 1 and plain != said[0])
        else ""
    )


def capitalised(text: str) -> bool:
    """Whether every word begins as names do."""
    return all(word[:1].isupper() for word in re.findall(r"[^\W\d_]+", text))


def not_words(text: str) -> str:
    """Why a text says nothing ("" when it may say something)."""
    plain = bare(text)
    empty = not plain or _EMPTY.fullmatch(plain)
    return UNREAD_WORDS if empty and not _CATEGORY.fullmatch(plain) else ""


def not_a_code(text: str) -> tuple[str, str]:
    """The code that a text gives, or why it gives none."""
    told = _CODE_LEAD.sub("", text).strip(" .,;:!?").upper()
    words = told.split()
    sentence = len(words) > 1 and any(len(w) > 3 and w.isalpha() for w in words)
    if not _CODE.fullmatch(told) or sentence or bare(told) in _OF_SENTENCES:
        inside = _CODE_INSIDE.findall(text.upper())
        return (inside[0], "") if len(inside) == 1 else ("", UNREAD_CODE)
    return re.sub(r"[ .-]", "", told), ""
