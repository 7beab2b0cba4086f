"""Every démarche, for oneself and for others, with each account, by people made up at random.

They know the answers, not the démarche: what they say follows from the cards alone. Some err at
first, ask something in the middle, and put their answers right at the end.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from bench.patience import send
from bench.people import DEMARCHES, Person, other_answer, person, same
from bench.persona import MOST_TURNS, OPENINGS, Body, Player
from dossiers.form import Form, form_of
from dossiers.progress import progress
from dossiers.register import Dossiers
from knowledge.query import KnowledgeBase
from repere.client import Conversation
from repere.settings import Settings

TODAY = Settings().calendar.today()
ASIDES = (
    "pourquoi ?",
    "pouvez-vous répéter ?",
    "où j'en suis ?",
    "combien de temps est valable un CPI ?",
    "comment on paie une carte grise ?",
    "c'est quoi un compte certifié ?",
)
VEHICLE = ("duplicata", "changement_adresse", "cession", "changement_titulaire", "complementaire")
CASES = [
    (demarche, {"pour_qui": who, "compte": account})
    for demarche in VEHICLE
    for who in ("moi", "autrui")
    for account in ("certifie", "classique")
    # The documents ask for a certified account there.
    if account == "certifie" or demarche not in ("changement_titulaire", "complementaire")
]
DRIVING = [
    (demarche, {"nature": nature, "etranger": foreign})
    for demarche in DEMARCHES
    if demarche not in VEHICLE
    for nature, foreign in (("premier", "oui"), ("extension", "non"))
]


@dataclass
class Wanderer(Player):
    """Someone who errs on some answers, asks something in the middle, then corrects herself."""

    form: Form | None = None
    wrong: dict[str, tuple[str, str]] = field(default_factory=dict)
    asides: int = 2

    def astray(self, card: dict[str, Any]) -> str | None:
        """A question of hers in the middle of a question of the guide's."""
        asked = card.get("kind") == "question" and card["slot"] in self.person.values
        if self.asides and asked and self.random.random() < 0.3:
            self.asides -= 1
            return self.random.choice(ASIDES)
        return None

    def body(self) -> Body | None:
        card = self.carried.last.get("card") or {}
        if card.get("kind") == "recap":
            return self._put_right(card) or super().body()
        slot = card.get("slot", "")
        offered = [choice["value"] for choice in card.get("choices") or []]
        if slot in self.wrong and "act:again" not in offered:
            return self._say(offered, slot, *self.wrong[slot])
        if slot not in self.person.values and self._asked_by_error(slot):
            return self._say(offered, slot, *self._anything(slot))
        return super().body()

    def _say(self, offered: list[str], slot: str, value: str, spelled: str) -> Body:
        choice = f"answer:{slot}={value}"
        return {"choice": choice} if choice in offered else {"text": spelled}

    def _asked_by_error(self, slot: str) -> bool:
        """A field that only applies because of a wrong answer."""
        return self.form is not None and self.form.field(slot) is not None

    def _anything(self, slot: str) -> tuple[str, str]:
        assert self.form is not None
        return other_answer(self.form, slot, self.person, self.random, TODAY)

    def _put_right(self, card: dict[str, Any]) -> Body | None:
        shown = {line["slot"] for line in card["fields"]}
        slot = next((slot for slot in self.wrong if slot in shown), None)
        if slot is None:
            return None
        del self.wrong[slot]
        return {"choice": f"act:edit={slot}"}


def finished(conversation: Conversation, player: Player) -> list[dict[str, Any]]:
    """The pièces of the last récapitulatif, once everything has been answered."""
    pieces: list[dict[str, Any]] = []
    player.hear(send(conversation, {"text": OPENINGS[player.person.demarche]}))
    for _ in range(2 * MOST_TURNS):
        if player.carried.complete:
            return pieces
        card = player.carried.last["card"] or {}
        if card.get("kind") == "recap":
            pieces = card["pieces"]
        check_question(card, player.person.demarche)
        aside = player.astray(card) if isinstance(player, Wanderer) else None
        if aside is not None:
            said = send(conversation, {"text": aside})[-1]
            assert said["card"]["slot"] == card["slot"], f"{aside}: {said['text']}"
            continue
        body = player.body()
        assert body is not None, player.carried.last
        player.hear(send(conversation, body))
    raise AssertionError(f"still not complete: {player.carried.last['text']}")


def check_question(card: dict[str, Any], demarche: str) -> None:
    """A client can be driven by the card alone."""
    if card["kind"] == "question":
        assert card["demarche"] == demarche
        assert card["slot"]
        assert 0 <= card["progress"]["done"] <= card["progress"]["total"]
        assert card["choices"] or card["format"] not in ("choice", "file")


def check_dossier(
    kept: Dossiers, base: KnowledgeBase, number: str | None, who: Person, pieces: list[Any]
) -> None:
    dossier = kept.numbered(number or "")
    assert dossier.values.keys() == who.values.keys()
    for slot, value in who.values.items():
        assert same(dossier.values[slot], value), (slot, dossier.values[slot], value)
    due = progress(form_of(base, who.demarche), who.values, TODAY).pieces
    assert {piece["id"] for piece in pieces} == {piece.id for piece in due}


@pytest.mark.parametrize(("demarche", "case"), CASES + DRIVING, ids=str)
def test_every_case_by_someone_unknown(
    demarche: str,
    case: dict[str, str],
    base: KnowledgeBase,
    kept: Dossiers,
    conversation: Conversation,
) -> None:
    random = Random(f"{demarche}{case}")
    who = person(form_of(base, demarche), random, TODAY, **case)
    player = Player(who, random)
    pieces = finished(conversation, player)
    check_dossier(kept, base, player.carried.number, who, pieces)
    assert sorted(player.carried.pieces) == sorted(who.pieces)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("demarche", DEMARCHES)
def test_whoever_errs_and_asks_in_the_middle_ends_with_the_same_dossier(
    demarche: str, seed: int, base: KnowledgeBase, kept: Dossiers, conversation: Conversation
) -> None:
    form, random = form_of(base, demarche), Random(f"{demarche}{seed}")
    who = person(form, random, TODAY)
    slots = random.sample([slot for slot, value in who.values.items() if value], 2)
    wrong = {slot: other_answer(form, slot, who, random, TODAY) for slot in slots}
    wrong = {slot: given for slot, given in wrong.items() if given[0] != who.values[slot]}
    player = Wanderer(who, random, form=form, wrong=wrong)
    pieces = finished(conversation, player)
    check_dossier(kept, base, player.carried.number, who, pieces)
