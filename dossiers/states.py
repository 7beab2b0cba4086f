"""The states of a dossier, and who may move it from one to another, on what conditions.

The meanings of the site's statuses are the documents'; a state without sources is ours. A dossier
filed on the site (« ants ») is moved by what the person reports; one filed with the organisation
that runs Repère (« interne ») is decided by its agents.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

Register = Literal["ants", "interne"]


class State(StrEnum):
    EN_PREPARATION = "en_preparation"
    MISE_EN_ATTENTE = "mise_en_attente"
    PRETE_A_DEPOSER = "prete_a_deposer"
    DEPOSEE = "deposee"
    EN_COURS_ANALYSE = "en_cours_analyse"
    ATTENTE_INFORMATION = "attente_information"
    ATTENTE_TELEDECLARANT = "attente_teledeclarant"
    REJETEE = "rejetee"
    ABANDONNEE = "abandonnee"
    TERMINEE = "terminee"


FINAL = frozenset({State.REJETEE, State.ABANDONNEE, State.TERMINEE})


@dataclass(frozen=True)
class StateText:
    """What is said of a state. ``sheet`` is the sheet of the site's status, when it is one."""

    title: str
    meaning: str
    next: str
    sources: tuple[str, ...] = ()
    sheet: str | None = None


TEXTS: Mapping[State, StateText] = MappingProxyType(
    {
        State.EN_PREPARATION: StateText(
            "En préparation",
            "Votre dossier n'est pas encore complet.",
            "Répondez aux questions qui restent, puis joignez les pièces demandées.",
        ),
        State.MISE_EN_ATTENTE: StateText(
            "Mise en attente",
            "Votre demande est en pause : soit vous l'avez mise en attente, soit le service qui "
            "examine les demandes (le CERT) contrôle un document que vous avez envoyé.",
            "Si c'est vous qui l'avez mise en attente, reprenez-la pour la finaliser. "
            "Si un document est contrôlé, attendez la réponse, puis reprenez la demande.",
            (
                "finaliser/reprise-mise-en-attente",
                "teleprocedures/duplicata-vol-transmission",
                "teleprocedures/duplicata-vol-panier",
            ),
            "statut_mise_en_attente",
        ),
        State.PRETE_A_DEPOSER: StateText(
            "Prête à déposer",
            "Votre dossier est complet. Rien n'a encore été envoyé à l'administration.",
            "Déposez votre demande sur le site de l'ANTS en suivant les étapes du récapitulatif. "
            "Donnez-nous ensuite le numéro de votre démarche.",
        ),
        State.DEPOSEE: StateText(
            "Déposée",
            "Votre demande a été envoyée.",
            "Suivez son avancement, et dites-nous quand son statut change.",
        ),
        State.EN_COURS_ANALYSE: StateText(
            "En cours d'analyse",
            "Votre demande est examinée par le Centre d'Expertise et de Ressources Titres, "
            "le CERT.",
            "Vous n'avez rien à faire pour le moment.",
            ("occasion/statut-en-cours",),
            "statut_en_cours",
        ),
        State.ATTENTE_INFORMATION: StateText(
            "En attente d'information",
            "Votre demande a besoin de compléments.",
            "Reprenez la demande, lisez le message de l'instructeur (l'agent qui examine votre "
            "demande), répondez-lui et joignez le document demandé.",
            ("finaliser/reprise-attente-information", "teleprocedures/duplicata-vol-message-cert"),
            "statut_attente_information",
        ),
        State.ATTENTE_TELEDECLARANT: StateText(
            "En attente télédéclarant",
            "C'est à vous d'agir. Les documents donnent deux sens : finaliser la demande, "
            "notamment payer si elle est payante, ou fournir une information ou un document "
            "qui manque.",
            "Reprenez la demande et lisez ce qui est demandé : payez et finalisez, ou envoyez "
            "l'information ou le document.",
            (
                "finaliser/reprise-attente-teledeclarant",
                "occasion/statut-attente-teledeclarant",
                "teleprocedures/duplicata-vol-finalisation",
            ),
            "statut_attente_teledeclarant",
        ),
        State.REJETEE: StateText(
            "Rejetée",
            "Votre demande a été rejetée par le Centre d'Expertise et de Ressources Titres, "
            "le CERT.",
            "Les documents ne disent ni comment connaître le motif, ni comment contester. "
            "Demandez à parler à une personne.",
            ("occasion/statut-rejetee",),
            "statut_rejetee",
        ),
        State.ABANDONNEE: StateText(
            "Abandonnée",
            "La demande a été annulée à votre initiative.",
            "Vous n'avez rien à faire.",
            ("occasion/statut-abandonnee",),
            "statut_abandonnee",
        ),
        State.TERMINEE: StateText(
            "Terminée",
            "Votre demande est finalisée.",
            "Téléchargez les documents de fin de demande et gardez-les.",
            ("occasion/statut-terminee",),
            "statut_terminee",
        ),
    }
)


# Where the organisation that runs Repère examines the request itself, its agent answers here.
_HERE: Mapping[State, StateText] = MappingProxyType(
    {
        State.DEPOSEE: StateText(
            "Déposée",
            "Votre demande est déposée ici.",
            "Un agent va l'examiner : sa réponse viendra dans cette conversation.",
        ),
        State.MISE_EN_ATTENTE: StateText(
            "Mise en attente",
            "Un agent doit contrôler un document que vous avez envoyé.",
            "Attendez sa réponse : elle viendra dans cette conversation.",
        ),
        State.EN_COURS_ANALYSE: StateText(
            "En cours d'analyse",
            "Un agent examine votre demande.",
            "Vous n'avez rien à faire pour le moment : sa réponse viendra dans cette conversation.",
        ),
        State.ATTENTE_INFORMATION: StateText(
            "En attente d'information",
            "L'agent qui examine votre demande attend quelque chose de vous.",
            "Lisez son message, envoyez de nouveau le document demandé s'il y en a un, puis "
            "répondez-lui. Pour cela, dites : reprendre mon dossier.",
        ),
        State.ATTENTE_TELEDECLARANT: StateText(
            "En attente télédéclarant",
            "C'est à vous d'agir : votre demande est acceptée, il reste à payer.",
            "Payez comme l'organisme vous l'indique, puis dites-moi : c'est payé. Ne me donnez "
            "jamais votre numéro de carte.",
        ),
        State.REJETEE: StateText(
            "Rejetée",
            "L'agent qui a examiné votre demande l'a rejetée.",
            "Lisez son message. Pour en parler, demandez une personne.",
        ),
        State.TERMINEE: StateText(
            "Terminée",
            "Votre demande est acceptée et finalisée.",
            "Gardez votre récapitulatif. Pour savoir comment recevoir vos documents, demandez une "
            "personne.",
        ),
    }
)


# Before it is filed, only the person can have put a request aside.
_PAUSED = StateText(
    "Mise en attente",
    "Vous l'avez mise en pause. Rien n'a encore été envoyé à l'administration.",
    "Pour répondre aux questions qui restent, dites : reprendre mon dossier.",
)


def text_of(state: State, register: Register | None) -> StateText:
    """What is said of a state, for a request filed on the site or with this organisation."""
    if register is None and state is State.MISE_EN_ATTENTE:
        return _PAUSED
    return _HERE.get(state, TEXTS[state]) if register == "interne" else TEXTS[state]


def state_of_status(sheet: str) -> State | None:
    """The state that a status of the site stands for, by the id of its sheet."""
    return next((state for state, text in TEXTS.items() if text.sheet == sheet), None)


@dataclass(frozen=True)
class Facts:
    """What the guards look at. Fields and pièces are named by their labels, as shown."""

    missing_fields: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    missing_pieces: tuple[str, ...] = ()
    refused_pieces: tuple[str, ...] = ()
    unaccepted_pieces: tuple[str, ...] = ()
    clu_accepted: bool = False
    register: Register | None = None
    pays: bool = False
    control: bool = False
    paid: bool = False


@dataclass(frozen=True)
class Move:
    """A transition asked for: by whom (« citizen », « agent:12 », « system ») and why."""

    who: str
    why: str
    facts: Facts

    @property
    def kind(self) -> str:
        return self.who.partition(":")[0]


class TransitionError(Exception):
    """A transition that is not possible now; ``reason`` is French, for the person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Guard = Callable[[Move], str | None]


def _complete(move: Move) -> str | None:
    facts = move.facts
    if facts.obstacles:
        return facts.obstacles[0]
    if facts.missing_fields:
        return f"Il manque des réponses : {_listed(facts.missing_fields)}."
    if facts.missing_pieces:
        return f"Il manque des pièces : {_listed(facts.missing_pieces)}."
    return None


def _clu_accepted(move: Move) -> str | None:
    if move.facts.clu_accepted:
        return None
    return "Il reste à accepter les conditions légales d'utilisation."


def _not_filed(move: Move) -> str | None:
    return "La demande est déjà déposée." if move.facts.register else None


def _filed(move: Move) -> str | None:
    return None if move.facts.register else "La demande n'est pas encore déposée."


def _filed_on_the_site(move: Move) -> str | None:
    """Only who said that a request was filed on the site may say that it was not."""
    if move.facts.register == "ants":
        return None
    return "La demande a été déposée ici : demandez une personne pour revenir en arrière."


def _register_named(move: Move) -> str | None:
    return None if move.facts.register else "Il faut dire où la demande est déposée."


def _decided_by_register(move: Move) -> str | None:
    """A person reports what the site decided; here, the agents decide."""
    if move.kind == "citizen" and move.facts.register == "interne":
        return "Seul l'agent qui examine la demande peut en décider."
    return None


def _explained(move: Move) -> str | None:
    """An agent who asks for something, or rejects, says why."""
    if move.kind == "agent" and not move.why.strip():
        return "Un message expliquant la décision est nécessaire."
    return None


def _answered(move: Move) -> str | None:
    if move.facts.refused_pieces:
        return f"Envoyez de nouveau ces pièces : {_listed(move.facts.refused_pieces)}."
    return None


def _controlled(move: Move) -> str | None:
    """Under control, every pièce is accepted before payment."""
    facts = move.facts
    if facts.register == "interne" and facts.control and facts.unaccepted_pieces:
        return f"Ces pièces ne sont pas encore acceptées : {_listed(facts.unaccepted_pieces)}."
    return None


def _paid(move: Move) -> str | None:
    """On the site, a finished request is a paid one: the report is enough."""
    facts = move.facts
    if facts.register == "interne" and facts.pays and not facts.paid:
        return "Le paiement n'est pas encore enregistré."
    return None


def _listed(labels: tuple[str, ...]) -> str:
    return ", ".join(labels)


@dataclass(frozen=True)
class Transition:
    who: frozenset[str]
    guards: tuple[Guard, ...]


_ANYONE = frozenset({"citizen", "agent", "system"})
_PERSON = frozenset({"citizen", "agent"})
_REGISTER = (_filed, _decided_by_register)


def _transitions() -> dict[tuple[State, State], Transition]:
    s = State
    ready = (_not_filed, _complete, _clu_accepted)
    table = {
        (s.EN_PREPARATION, s.MISE_EN_ATTENTE): Transition(_ANYONE, (_not_filed,)),
        (s.PRETE_A_DEPOSER, s.MISE_EN_ATTENTE): Transition(_ANYONE, (_not_filed,)),
        (s.MISE_EN_ATTENTE, s.EN_PREPARATION): Transition(_ANYONE, (_not_filed,)),
        (s.PRETE_A_DEPOSER, s.EN_PREPARATION): Transition(_ANYONE, (_not_filed,)),
        (s.ABANDONNEE, s.EN_PREPARATION): Transition(_PERSON, (_not_filed,)),
        (s.EN_PREPARATION, s.PRETE_A_DEPOSER): Transition(_PERSON, ready),
        (s.PRETE_A_DEPOSER, s.DEPOSEE): Transition(
            _ANYONE, (_register_named, _complete, _clu_accepted)
        ),
    }
    # « je n'ai encore rien déposé »: what was reported by mistake is taken back.
    table[s.DEPOSEE, s.PRETE_A_DEPOSER] = Transition(_PERSON, (_filed_on_the_site,))
    # Once filed, the order in which the site's statuses are seen and reported is not ours.
    examined = (s.DEPOSEE, s.MISE_EN_ATTENTE, s.EN_COURS_ANALYSE)
    waiting = (s.ATTENTE_INFORMATION, s.ATTENTE_TELEDECLARANT)
    for start in (*examined, *waiting):
        reached: dict[State, tuple[Guard, ...]] = {
            s.MISE_EN_ATTENTE: _REGISTER,
            s.EN_COURS_ANALYSE: (_filed, _answered) if start in waiting else _REGISTER,
            s.ATTENTE_INFORMATION: (*_REGISTER, _explained),
            s.ATTENTE_TELEDECLARANT: (*_REGISTER, _controlled),
            s.REJETEE: (*_REGISTER, _explained),
            s.TERMINEE: (
                (_filed, _controlled, _paid)
                if start is s.ATTENTE_TELEDECLARANT
                else (*_REGISTER, _controlled, _paid)
            ),
        }
        for end, guards in reached.items():
            if end is not start:
                table[start, end] = Transition(_ANYONE, guards)
    for start in set(State) - FINAL:
        table[start, s.ABANDONNEE] = Transition(_PERSON, ())
    return table


TRANSITIONS: Mapping[tuple[State, State], Transition] = MappingProxyType(_transitions())


def check(start: State, end: State, move: Move) -> None:
    """Raise TransitionError when the move is not possible now."""
    transition = TRANSITIONS.get((start, end))
    if transition is None:
        raise TransitionError(
            f"Une demande « {TEXTS[start].title} » ne peut pas devenir « {TEXTS[end].title} »."
        )
    if move.kind not in transition.who:
        raise TransitionError("Vous ne pouvez pas faire avancer cette demande vous-même.")
    for guard in transition.guards:
        reason = guard(move)
        if reason:
            raise TransitionError(reason)


def reachable(start: State, move: Move) -> tuple[State, ...]:
    """The states to which the dossier could be moved now."""
    found = []
    for begin, end in TRANSITIONS:
        if begin is start:
            try:
                check(begin, end, move)
            except TransitionError:
                continue
            found.append(end)
    return tuple(found)
