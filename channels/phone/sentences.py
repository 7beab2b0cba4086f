"""What the phone channel says of itself; the guide's own messages come from the conversation."""

from french.numerals import words
from french.verbal import spelled, verbal

WELCOME = (
    "Bonjour, ici Repère, un guide automatique, non officiel, pour la carte grise et le permis.",
    "Nos échanges sont enregistrés par écrit.",
    "Posez votre question, ou dites : un conseiller.",
)
ASK = "Quelle est votre question ?"
EXAMPLE_QUESTION = "Par exemple : j'ai perdu ma carte grise, que faire ?"
ANOTHER = "Avez-vous une autre question ?"
SLOWER = "D'accord, je parle plus lentement."
WAITING = "D'accord, je vous attends. Dites : je suis prêt, quand vous voulez continuer."
STILL_WAITING = "Je vous attends toujours. Dites : je suis prêt, ou raccrochez : tout est gardé."
NOTHING_MORE = "C'est tout ce que j'avais à dire."
MORE_OR_ANOTHER = "Dites suite pour continuer, ou posez une autre question."

SILENCE = "Je ne vous ai pas entendu."
SILENCE_AGAIN = "Je ne vous entends toujours pas."
SILENCE_END = "Je ne vous entends pas. Je raccroche, rappelez quand vous voulez. Au revoir."
MISHEARD = "D'accord. Redites-le, plus près du téléphone."
MISHEARD_AGAIN = "Je vous entends mal."
TOO_LONG = "C'était un peu long. Redites l'essentiel en une phrase."
KEYS = "Tapez étoile pour répéter, ou zéro pour parler à une personne."
BAD_KEY = "Cette touche ne correspond à rien ici."
LETTERS_ONLY_SPOKEN = "Ce code contient des lettres : dites-le, caractère par caractère."

PASSING = "Je vous passe une personne. Ne quittez pas."
NO_ANSWER = "Personne ne peut vous répondre pour le moment."
LINE_BUSY = "Toutes nos lignes sont occupées."
TRANSFER_FAILED = "Je n'ai pas pu vous mettre en relation."
NOTED = "Votre demande est notée, avec notre échange."
GO_ON = "Voulez-vous continuer avec moi ? Dites oui ou non."
GOING_ON = "Très bien, continuons."
NO_PERSON = (
    "Je ne peux pas vous passer une personne pendant cet appel. Votre demande est notée. "
    "Restez en ligne, ou continuez avec moi."
)
CALLED = "Votre demande est notée : une personne peut prendre la suite de cet échange."
IN_QUEUE = "Vous êtes toujours en attente d'une personne. Vous pouvez aussi continuer avec moi."
TOLD_AGENT = "C'est transmis. Restez en ligne, la réponse arrive."
AGENT_WRITES = "La personne prépare sa réponse. Restez en ligne."
FAULT = "Je ne peux pas répondre pour le moment. Redites-le dans quelques instants."
MOMENT = "Un instant, je cherche."
ERASED = "Cet échange a été effacé. Rappelez pour une nouvelle question. Au revoir."
BYE = "Merci de votre appel. Au revoir."

ONLINE = (
    "Vos documents ne peuvent pas être envoyés par téléphone.",
    "Pour la suite, ouvrez Repère sur Internet et écrivez : reprendre mon dossier.",
    "Donnez ensuite le numéro et le code. Un agent peut aussi vous aider.",
)
AGAIN = "Voulez-vous que je répète le numéro et le code ?"
AGAIN_NUMBER = "Voulez-vous que je répète le numéro ?"

RECALL_NUMBER = (
    "Dites le numéro du dossier, caractère par caractère. Il commence par R, P.",
    "Par exemple : R, P, sept, K, trois, M.",
)
RECALL_CODE = "Dites maintenant le code de reprise, caractère par caractère."
RECALL_NO_NUMBER = "Je n'ai pas reconnu ce numéro. Il a huit caractères, après R, P."
RECALL_NO_CODE = "Je n'ai pas reconnu ce code. Il a huit caractères."
RECALL_ALPHABET = "Épelez avec des mots : par exemple, K comme Kléber, sept, M comme Marie."
RECALL_LEFT = "D'accord, laissons ce dossier."


def dictated(code: str) -> str:
    """« RP-7K3M-92QD » -> « R, P. sept, K, trois, M. neuf, deux, Q, D »: groups, then a pause."""
    return ". ".join(spelled(group) for group in code.split("-"))


def heard(text: str) -> str:
    """A transcript said back, because the recogniser was not sure of it."""
    return f"J'ai cru entendre : {verbal(text).rstrip(' .?!')}. Est-ce bien cela ?"


def confirmed(value: str) -> str:
    """A value said back."""
    return f"J'ai compris : {value}. Est-ce bien cela ?"


def kept(number: str) -> str:
    return f"Votre dossier est gardé, sous le numéro {dictated(number)}."


def number_is(number: str) -> str:
    return f"Votre numéro de dossier est : {dictated(number)}."


def code_is(code: str) -> str:
    return f"Votre code de reprise est : {dictated(code)}."


def again(code: str) -> str:
    return f"Je répète : {dictated(code)}."


def menu(options: list[list[str]]) -> list[str]:
    """« Tapez un pour … », a sentence each."""
    return [f"Tapez {words(int(key))} pour : {verbal(label)}." for key, label, _ in options]


def summary(why: str, title: str, number: str, last: str) -> str:
    """What a person who takes the call over hears first."""
    parts = ["Appel transféré par Repère.", why]
    if number:
        parts.append(f"Dossier {dictated(number)}, {title}.")
    if last:
        parts.append(f"Dernière phrase de l'appelant : {verbal(last).rstrip(' .?!')}.")
    return " ".join(part for part in parts if part)
