"""A turn of a flow is played once, whatever the engine remembers or sends again."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from bot.actions.server import ActionServer
from bot.dialogue.scene import Hands
from bot.dialogue.turn import Dialogue
from bot.questions.speech import Speech
from dossiers.register import Dossiers
from dossiers.retention import erase
from knowledge.query import KnowledgeBase
from knowledge.search import LiveIndex
from repere.database import open_database, upgrade

CONVERSATION = "c" * 32
Slots = dict[str, Any]
Said = list[dict[str, Any]]


class Engine:
    """The engine's side of the protocol: what its slots mirror, and what it calls."""

    def __init__(self, server: ActionServer) -> None:
        self._server = server
        self.slots: Slots = {}

    def turn(
        self,
        seq: int,
        text: str = "",
        choice: str = "",
        act: str = "answer",
        binds: dict[str, float] | None = None,
    ) -> Said:
        """One message, understood as an act that binds so surely; what was said."""
        entities = [{"entity": "choix", "value": choice}] if choice else []
        message = {
            "text": text,
            "intent": {"name": "choisir" if choice else "nlu_fallback", "confidence": 1.0},
            "entities": entities,
            "metadata": {"turn": seq, "channel": "web"},
            "understanding": {
                "text": text, "topics": [["nlu_fallback", 1.0]], "facets": {}, "subjects": {},
                "similarity": 1.0, "known": 1.0, "parts": [],
            },
            "dialogue_acts": {"whole": {act: 1.0}, "clauses": [], "binds": binds or {}},
        }  # fmt: skip
        call = {
            "next_action": "action_tour",
            "sender_id": CONVERSATION,
            "tracker": {
                "sender_id": CONVERSATION,
                "slots": dict(self.slots),
                "latest_message": message,
                "events": [{"event": "user", **message}],
                "latest_input_channel": "repere",
                "active_loop": {},
            },
        }
        result = asyncio.run(self._server.run(call))
        for event in result["events"]:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        return [said["custom"] for said in result["responses"]]


@pytest.fixture
def dossiers(tmp_path: Path) -> Iterator[Dossiers]:
    database = open_database(f"sqlite:///{tmp_path / 'repere.db'}")
    upgrade(database)
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield Dossiers(database, "une-clef-pour-les-essais", tmp_path / "pieces", hasher=quick)
    database.dispose()


def always(_: str, __: int) -> bool:
    return True


@pytest.fixture
def engine_of(
    base: KnowledgeBase, dossiers: Dossiers
) -> Callable[[Callable[[str, int], bool]], Engine]:
    index = LiveIndex(base, dossiers.ledger.database)
    return lambda playing: Engine(
        ActionServer(Dialogue(Hands(base, Speech(base, index), dossiers, dossiers.today), playing))
    )


@pytest.fixture
def engine(engine_of: Callable[[Callable[[str, int], bool]], Engine]) -> Engine:
    return engine_of(always)


def begun(engine: Engine) -> list[dict[str, Any]]:
    engine.turn(2, choice="begin:cession")
    engine.turn(5, choice="answer:pour_qui=moi")
    engine.turn(7, choice="answer:compte=classique")
    return engine.turn(9, text="AB-123-CD")


def values(dossiers: Dossiers) -> dict[str, str]:
    (dossier,) = dossiers.of_conversation(CONVERSATION)
    return dict(dossier.values)


def test_a_turn_played_again_says_the_same_and_changes_nothing(
    engine: Engine, dossiers: Dossiers
) -> None:
    begun(engine)
    before = dict(engine.slots)
    said = engine.turn(11, text="Inès Moreau")
    kept = values(dossiers)
    assert kept["acquereur_nom"] == "Inès Moreau"
    engine.slots = before  # the engine died before it wrote down the turn
    assert engine.turn(11, text="Inès Moreau") == said
    assert engine.turn(11, text="Inès Moreau") == said
    assert values(dossiers) == kept
    assert said[-1]["card"]["slot"] == "acquereur_adresse"


def test_a_beginning_played_again_is_the_same_dossier(engine: Engine, dossiers: Dossiers) -> None:
    said = engine.turn(2, choice="begin:cession")
    engine.slots = {}
    again = engine.turn(2, choice="begin:cession")
    assert again == said
    assert again[0]["card"]["secret"]
    assert len(dossiers.of_conversation(CONVERSATION)) == 1
    assert engine.turn(5, choice="answer:pour_qui=moi")[-1]["card"]["slot"] == "compte"


@pytest.mark.parametrize(
    ("demarche", "slot", "value"),
    [("duplicata_vol", "motif", "vol"), ("vehicule_neuf", "sous_categorie", "vehicule_neuf")],
)
def test_what_the_name_of_a_demarche_says_is_not_asked(
    engine: Engine, dossiers: Dossiers, demarche: str, slot: str, value: str
) -> None:
    engine.turn(2, choice=f"begin:{demarche}")
    assert values(dossiers) == {slot: value}


def test_what_a_flow_tells_of_the_documents_names_its_sources(engine: Engine) -> None:
    opening = begun(engine)
    engine.turn(11, text="Inès Moreau")
    engine.turn(13, text="12 rue des Lilas, 75011 Paris")
    engine.turn(15, text="hier")
    conditions = engine.turn(17, choice="act:validate")
    refused = engine.turn(19, choice="answer:clu=non")
    ready = engine.turn(21, choice="answer:clu=oui")
    engine.turn(23, choice="begin:changement_titulaire")
    obstacle = engine.turn(25, choice="answer:compte=classique")
    for said in (opening, conditions, refused, ready, obstacle):
        assert said[-1]["card"]["sources"], said[-1]["text"]
    assert ready[-1]["card"]["status"] == "Prête à déposer"
    assert "certifié" in obstacle[-1]["text"]


def at_recap(engine: Engine) -> Said:
    begun(engine)
    engine.turn(11, text="Inès Moreau")
    engine.turn(13, text="12 rue des Lilas, 75011 Paris")
    return engine.turn(15, text="hier")


@pytest.mark.parametrize(("sure", "kind"), [(0.6, "question"), (0.4, "recap")])
def test_a_validation_asked_for_is_said_again_less_surely(
    engine: Engine, sure: float, kind: str
) -> None:
    """``kind``: of the card that follows; the conditions' question when it was validated."""
    at_recap(engine)
    asked = engine.turn(17, text="ça me va", act="affirm", binds={"validate": 0.6})
    assert asked[-1]["card"]["kind"] == "recap"
    again = engine.turn(19, text="ça me va", act="affirm", binds={"validate": sure})
    assert again[-1]["card"]["kind"] == kind


def test_what_was_asked_for_is_forgotten_when_something_else_is_said(engine: Engine) -> None:
    at_recap(engine)
    engine.turn(17, text="ça me va", act="affirm", binds={"validate": 0.6})
    engine.turn(19, text="redites", act="repeat")
    again = engine.turn(21, text="ça me va", act="affirm", binds={"validate": 0.6})
    assert again[-1]["card"]["kind"] == "recap"


def test_a_question_never_validates(engine: Engine) -> None:
    at_recap(engine)
    for turn in (17, 19):
        said = engine.turn(turn, text="ça va ?", act="affirm", binds={"validate": 0.99})
        assert said[-1]["card"]["kind"] == "recap"


def test_an_engine_that_lost_everything_goes_on_at_the_same_field(
    engine: Engine, dossiers: Dossiers
) -> None:
    begun(engine)
    engine.slots = {}
    said = engine.turn(11, text="Inès Moreau")
    assert said[-1]["card"]["slot"] == "acquereur_adresse"
    assert values(dossiers)["acquereur_nom"] == "Inès Moreau"
    assert engine.slots["champ"] == "acquereur_adresse"
    engine.slots = {}
    said = engine.turn(13, choice="act:edit=numero_immatriculation")
    assert said[-1]["card"]["slot"] == "numero_immatriculation"


def test_an_engine_that_remembers_an_older_state_goes_on_from_the_dossier(
    engine: Engine, dossiers: Dossiers
) -> None:
    engine.turn(2, choice="begin:cession")
    old = dict(engine.slots)
    engine.turn(5, choice="answer:pour_qui=moi")
    engine.turn(7, choice="answer:compte=classique")
    doubtful = engine.turn(9, text="le 0I-123-CD")
    engine.slots = old
    said = engine.turn(11, text="AB-123-CD")
    assert said[-1]["card"]["slot"] == "acquereur_nom", doubtful
    assert values(dossiers)["numero_immatriculation"] == "AB-123-CD"


def test_the_last_turn_of_a_flow_is_not_entered_again(engine: Engine, dossiers: Dossiers) -> None:
    begun(engine)
    before = dict(engine.slots)
    said = engine.turn(11, choice="act:pause")
    assert engine.slots.get("champ") is None
    engine.slots = before
    assert engine.turn(11, choice="act:pause") == said
    assert engine.slots.get("champ") is None
    assert engine.turn(11, choice="act:pause") == said  # outside the form
    assert engine.slots.get("champ") is None


def test_a_turn_given_up_for_another_does_nothing(
    engine_of: Callable[[Callable[[str, int], bool]], Engine], dossiers: Dossiers
) -> None:
    waited = {"turn": 2}
    engine = engine_of(lambda _, turn: turn == waited["turn"])
    for waited["turn"], choice in ((2, "begin:cession"), (5, "answer:pour_qui=moi")):
        engine.turn(waited["turn"], choice=choice)
    engine.turn(5, choice="answer:compte=classique")  # the same turn: its outcome again
    assert "compte" not in values(dossiers)
    waited["turn"] = 9
    assert engine.turn(7, choice="answer:compte=classique") == []
    assert "compte" not in values(dossiers)
    said = engine.turn(9, choice="answer:compte=certifie")
    assert values(dossiers)["compte"] == "certifie"
    assert said[-1]["card"]["slot"] == "numero_immatriculation"


def test_what_fails_in_the_middle_of_a_turn_leaves_nothing_of_it(
    engine: Engine, dossiers: Dossiers
) -> None:
    begun(engine)
    kept = values(dossiers)

    def fails() -> None:
        dossiers.set_value(dossiers.of_conversation(CONVERSATION)[0].id, "acquereur_nom", "Paul")
        raise RuntimeError("killed here")

    with pytest.raises(RuntimeError), dossiers.turns.whole(CONVERSATION):
        fails()
    assert values(dossiers) == kept
    said = engine.turn(11, text="Inès Moreau")
    assert said[-1]["card"]["slot"] == "acquereur_adresse"


def test_what_is_kept_of_turns_is_little_unreadable_and_erased(
    engine: Engine, dossiers: Dossiers
) -> None:
    begun(engine)
    for seq in range(11, 60, 2):
        engine.turn(seq, choice="act:repeat")
    with dossiers.ledger.database.connect() as db:
        kept = db.exec_driver_sql("SELECT outcome FROM dossier_turn").fetchall()
    assert len(kept) <= 11
    assert not any(b"AB-123-CD" in row[0] or b"cession" in row[0] for row in kept)
    (dossier,) = dossiers.of_conversation(CONVERSATION)
    erase(dossiers, dossier.id)
    with dossiers.ledger.database.connect() as db:
        assert not db.exec_driver_sql("SELECT id FROM dossier_turn").fetchall()
