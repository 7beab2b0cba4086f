"""Someone who carries a démarche through whatever dies, and compares it with what she was told."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bench import patience
from bench.people import Person, same
from bench.persona import MOST_TURNS, OPENINGS, Body, Player
from dossiers.register import Dossiers
from repere.client import Conversation

CHANGES_PLACE = 0.05  # how often she goes on from another conversation


@dataclass
class Journal:
    """What people were told, and what was found to differ from it."""

    counted: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    longest_wait: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _citizens: list["Citizen"] = field(default_factory=list)

    def count(self, what: str, by: int = 1) -> None:
        with self._lock:
            self.counted[what] += by

    def waited(self, seconds: float) -> None:
        with self._lock:
            self.longest_wait = max(self.longest_wait, seconds)

    def problem(self, said: str) -> None:
        with self._lock:
            if said not in self.problems:
                self.problems.append(said)

    def begun(self, citizen: "Citizen") -> None:
        with self._lock:
            self._citizens.append(citizen)

    def ended(self, citizen: "Citizen") -> None:
        with self._lock:
            self._citizens.remove(citizen)

    def check_all(self) -> None:
        """Compare what everybody was told so far with the dossiers."""
        with self._lock:
            under_way = list(self._citizens)
        for citizen in under_way:
            citizen.check()

    def counts(self) -> list[tuple[str, int]]:
        lines = [*sorted(self.counted.items()), ("longest wait for a reply (s)", self.longest_wait)]
        return [(what, round(count)) for what, count in lines] + [
            ("problems (missing, doubled, misplaced…)", len(self.problems))
        ]


class Citizen:
    """A made-up person, her conversation and what she was told is noted."""

    def __init__(
        self, url: str, person: Person, random: Random, journal: Journal, kept: Dossiers
    ) -> None:
        self._url, self._random, self._journal, self._kept = url, random, journal, kept
        self._player = Player(person, random)
        self._person = person
        self._told: dict[str, str] = {}
        self._steps = 0
        self._number = self._secret = ""

    def carry_through(self) -> None:
        """From the first word to the complete dossier; problems go to the journal."""
        try:
            self.begin()
            while self.step():
                pass
            self.check_end()
        except Exception as error:
            self._problem(f"{type(error).__name__}: {error}")
        finally:
            self._journal.ended(self)

    def begin(self) -> None:
        self._conversation = self._new_conversation()
        self._journal.begun(self)
        self._hear(self._say({"text": OPENINGS[self._person.demarche]}))

    def step(self) -> bool:
        """Answer what is asked; False once there is nothing more to do."""
        if self._player.carried.complete or self._steps == MOST_TURNS:
            return False
        self._steps += 1
        return self._answer()

    def check(self) -> None:
        """What she was told is noted is in the dossier."""
        told = dict(self._told)
        if not self._number:
            return
        values = self._kept.numbered(self._number).values
        for slot, value in told.items():
            if not same(values.get(slot, "(missing)"), value):
                self._problem(f"missing: {slot} is {values.get(slot)!r}, she was told {value!r}")

    def _answer(self) -> bool:
        if self._number and self._random.random() < CHANGES_PLACE:
            self._change_place()
        body = self._player.body()
        if body is None:
            self._problem(f"no answer to: {self._player.carried.last['text'][:200]}")
            return False
        asked = (self._player.carried.last["card"] or {}).get("slot", "")
        self._hear(self._say(body))
        now = self._player.carried.last["card"] or {}
        if asked in self._person.values and now.get("slot") != asked:
            self._told[asked] = self._person.values[asked]
            self._journal.count("answers told to be noted")
        return True

    def _change_place(self) -> None:
        self._conversation.close()
        self._conversation = self._new_conversation()
        words = f"je veux reprendre mon dossier {self._number}, mon code est {self._secret}"
        self._hear(self._say({"text": words}))
        self._player.carried.slots.clear()
        self._journal.count("resumed from another conversation")

    def _hear(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            card = message["card"] or {}
            if card.get("secret"):
                self._number, self._secret = card["number"], card["secret"]
        self._player.hear(messages)

    def _say(self, body: Body) -> list[dict[str, Any]]:
        said = self._until_answered(lambda again: patience.send(self._conversation, body, again))
        self._journal.count("replies")
        return said

    def _new_conversation(self) -> Conversation:
        return self._until_answered(
            lambda again: patience.until_answered(lambda: Conversation(self._url), again)
        )

    def _until_answered[T](self, act: Callable[[Callable[[], None]], T]) -> T:
        started = time.monotonic()
        done = act(lambda: self._journal.count("messages sent again"))
        self._journal.waited(time.monotonic() - started)
        return done

    def check_end(self) -> None:
        """The dossier is complete, and holds what she answered, once each, and nothing else."""
        self.check()
        self._conversation.close()
        if not self._player.carried.complete:
            self._problem(f"not complete: {self._player.carried.last['text'][:200]}")
            return
        dossier = self._kept.numbered(self._number)
        noted = Counter(
            event.detail["slot"] for event in self._kept.events(dossier.id) if event.kind == "value"
        )
        for slot, value in dossier.values.items():
            if slot not in self._told:
                self._problem(f"misplaced: {slot} is {value!r}, and she never answered it")
            if noted[slot] != 1:
                self._problem(f"doubled: {slot} was noted {noted[slot]} times")
        if sorted(self._player.carried.pieces) != sorted(self._person.pieces):
            self._problem(f"pièces: {self._player.carried.pieces}, due {self._person.pieces}")
        self._journal.count("démarches carried through")

    def _problem(self, said: str) -> None:
        self._journal.problem(f"{self._person.demarche} {self._number}: {said}")
