"""A talk at each of its stages, with a real dossier: where an act is measured."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from bot.dialogue.acts import Act, Kind
from bot.dialogue.scene import Hands, Scene
from bot.dialogue.state import Talk
from bot.dialogue.table import move_of, must_be_asked
from bot.dialogue.turn import Dialogue, acts_of
from bot.heard import heard_from, nothing_heard
from bot.questions.speech import Speech
from dossiers.register import Dossiers
from dossiers.states import State
from dossiers.teleservice import EmbeddedRegister
from knowledge.query import KnowledgeBase
from knowledge.search import LiveIndex
from repere.database import open_database, upgrade

TODAY = date(2026, 6, 15)
_PLATE = "answer:numero_immatriculation=AB-123-CD"
_OWN = ("answer:pour_qui=moi", "answer:compte=certifie")
_LOST = ("begin:duplicata", "answer:motif=perte", *_OWN, _PLATE)
_SOLD = ("begin:cession", *_OWN, _PLATE)
_BUYER = ("answer:acquereur_nom=Anne Roy",)
_ADDRESS = ("answer:acquereur_adresse=3 rue Pasteur, 67000 Strasbourg",)
_BOUGHT = ("begin:changement_titulaire", "answer:compte=certifie", "answer:pour_qui=moi", _PLATE)
_PUPIL = (
    "begin:permis_inscription", "answer:declarant=ecole", "answer:client_nom=Anne Roy",
    "answer:date_naissance=2000-05-04", "answer:tutelle=non", "answer:nature=premier",
    "answer:categorie_permis=b", "answer:etranger=non",
    "answer:code_photo=AB12CD34EF", "answer:region=autre",
)  # fmt: skip
_FILED = (*_LOST, "act:validate", "answer:clu=oui", "answer:paiement=compris")

# The choices that lead to each stage, as the examples of acts name it.
PATHS: dict[str, Sequence[str]] = {
    "idle": ("topic:etapes/duplicata",),
    "choice": ("begin:duplicata",),
    "plate": ("begin:changement_adresse", *_OWN),
    "name": _SOLD,
    "address": (*_SOLD, *_BUYER),
    "date": (*_SOLD, *_BUYER, *_ADDRESS),
    "code": (*_BOUGHT, "answer:avec_code=oui"),
    "contact": _PUPIL,
    "text": ("begin:vehicule_neuf", "answer:compte=certifie", "answer:acquis_etranger=non"),
    "doubt": (*_SOLD,),
    "obstacle": ("begin:changement_titulaire", "answer:compte=classique"),
    "piece": ("begin:duplicata_vol", *_OWN, _PLATE),
    "recap": _LOST,
    "which_line": _LOST,
    "conditions": (*_LOST, "act:validate"),
    "payment": (*_LOST, "act:validate", "answer:clu=oui"),
    "ready": _FILED,
    "filed": _FILED,
    "cancelling": (*_LOST[:3], "act:cancel"),
    "reply": _FILED,
}


class Stages:
    """Talks at every stage, over a database of their own in ``folder``."""

    def __init__(self, base: KnowledgeBase, folder: Path) -> None:
        database = open_database(f"sqlite:///{folder / 'stages.db'}")
        upgrade(database)
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self._dossiers = Dossiers(database, "une-clef-pour-les-essais", folder / "p", hasher=quick)
        speech = Speech(base, LiveIndex(base, database))
        self.hands = Hands(base, speech, self._dossiers, lambda: TODAY)
        self._dialogue = Dialogue(self.hands, lambda *_: True)
        self._talks = {stage: self._reached(stage) for stage in PATHS}

    def scene(self, stage: str, understood: dict[str, Any]) -> Scene:
        """A message in its place; ``understood`` is the engine's answer for it at that stage."""
        heard = heard_from(understood)
        return self.hands.scene(_name(stage), self._talks[stage], heard)

    def slot(self, stage: str) -> str:
        """The field asked at a stage; "" when it is none."""
        now = self.hands.scene(_name(stage), self._talks[stage], nothing_heard()).now
        return now.champ.id if now.champ else ""

    def moves(self, stage: str, understood: dict[str, Any]) -> list[tuple[Act, str, bool]]:
        """The acts heard, the move of each, and whether it is asked in so many words first."""
        scene = self.scene(stage, understood)
        return [
            _made(act, move_of(scene.now.stage, act.kind)) for act in acts_of(self.hands, scene)
        ]

    def _reached(self, stage: str) -> Talk:
        conversation = _name(stage)
        talk = Talk()
        for turn, choice in enumerate(PATHS[stage], 2):
            talk = self._dialogue.play(conversation, turn, _chosen(choice)).talk
        return self._arranged(stage, conversation, talk)

    def _arranged(self, stage: str, conversation: str, talk: Talk) -> Talk:
        """What no choice leads to: a doubt, a line to correct, what the site or an agent did."""
        if stage == "doubt":
            return replace(talk, doubted="acquereur_nom", doubt=("Anne Roi",))
        if stage == "which_line":
            return replace(talk, waiting="line")
        own = self._dossiers.of_conversation(conversation)
        if stage == "filed":
            self._dossiers.report(own[0].id, status=State.DEPOSEE)
        if stage == "reply":
            register = EmbeddedRegister(self._dossiers)
            register.file(own[0].id, "citizen")
            self._dossiers.move(own[0].id, State.ATTENTE_INFORMATION, "agent:1", "Photo floue.")
            return replace(talk.into(own[0].id), waiting="reply")
        return talk


# What an offer does when it is taken up, by the form of its value.
_OFFERED = {"begin:": "open_dossier", "report:": "report_filed"}


def _made(act: Act, name: str) -> tuple[Act, str, bool]:
    """An act and its move: an offer that is taken up is done, nothing more asked."""
    for form, done in _OFFERED.items():
        if act.kind is Kind.ANSWER and act.detail.startswith(form):
            return act, done, False
    return act, name, must_be_asked(name, act) is not None


def _name(stage: str) -> str:
    return stage.ljust(32, "0")


def _chosen(choice: str) -> dict[str, Any]:
    return {
        "intent": {"name": "choisir"},
        "entities": [{"entity": "choix", "value": choice}],
    }


def stages_of(talks: Stages) -> Iterator[tuple[str, str]]:
    """Each stage's name, and the stage that the talk is really at."""
    for stage in PATHS:
        nothing = {"text": "", "understanding": {}}
        yield stage, talks.scene(stage, nothing).now.learnt
