"""Simulated callers: whole démarches by voice, through the telephone adapter of a running Repère.

``python -m bench.callers --url http://127.0.0.1:8000 --token T`` lets every persona of the tests
call. They answer what they hear, dictate in mixed styles, are misheard, fall silent, press keys,
hang up and call back. The sheets tell a caller which question is asked; the guide's answers and
what it kept are only known by what it says, and at the end by the dossier taken up on the web.
"""

import argparse
import os
import random
import re
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx
import yaml

from bench.dictating import dictated, recognised
from bench.hearing import bare, brief, characters, spoken_characters
from bench.persona import OPENINGS
from bot.dialogue.cards import shown
from channels.phone.spoken import MORE
from dossiers.form import Form, form_of
from french.numerals import words
from french.tokens import plain
from french.verbal import verbal
from knowledge.query import KnowledgeBase
from knowledge.schema import Champ
from knowledge.sheets_reader import read
from repere.client import Conversation
from repere.phone_client import Heard, PhoneCall

PERSONAS = Path("tests/dossiers/personas")
MOST_TURNS = 110
MOST_CALLS = 3
WANTED = 0.9


class End(StrEnum):
    COMPLETE = "complete"
    PERSON = "person"
    PAUSED = "paused"
    DEAD_END = "dead end"


@dataclass(frozen=True)
class Habits:
    """How a caller speaks, and how well the line carries it."""

    noise: float = 0.03
    dropped: float = 0.01
    silence: float = 0.03
    keys: float = 0.2
    hang_up: float = 0.15
    slip: float = 0.06


@dataclass
class Outcome:
    """What became of a caller's démarche. ``wrong``: what was kept and is not what was meant."""

    persona: str
    demarche: str
    end: End
    turns: int
    calls: int
    seconds: list[float]
    wrong: list[str] = field(default_factory=list)
    talk: list[str] = field(default_factory=list)


class Caller:
    """One person on the telephone."""

    def __init__(
        self,
        base: KnowledgeBase,
        name: str,
        persona: dict[str, Any],
        rng: random.Random,
        habits: Habits = Habits(),
    ) -> None:
        self.name, self.persona, self.rng, self.habits = name, persona, rng, habits
        self.form: Form = form_of(base, persona["demarche"])
        self.values = {slot: str(value) for slot, value in persona["values"].items()}
        self.talk: list[str] = []
        self.number = self.code = ""
        self._tries: Counter[str] = Counter()
        self._asked: Champ | None = None
        self._last = ""

    def calls(self, url: str, token: str) -> Outcome:
        """Call, and call back after a hang-up, until the démarche ends somehow."""
        seconds: list[float] = []
        turns, end, calls = 0, End.DEAD_END, 0
        breaks = self.rng.randrange(4, 8) if self.rng.random() < self.habits.hang_up else 0
        for calls in range(1, MOST_CALLS + 1):
            number = f"+336{self.rng.randrange(10**8):08d}"
            with httpx.Client(base_url=url, timeout=30, trust_env=False) as http:
                call = PhoneCall(http, token, number)
                done, used = self._one_call(call, breaks, resumes=calls > 1)
                turns += used
                seconds += call.seconds
            if done is not None:
                end = done
                break
            breaks = 0
        wrong = self._differences(url) if end is End.COMPLETE else []
        return Outcome(self.name, self.form.demarche, end, turns, calls, seconds, wrong, self.talk)

    def _one_call(self, call: PhoneCall, breaks: int, *, resumes: bool) -> tuple[End | None, int]:
        """A call's end, None when it broke before; and its turns."""
        heard = call.welcome
        opening = "je veux reprendre mon dossier" if resumes else self._opening()
        for turn in range(1, MOST_TURNS):
            self._listen(heard)
            if "transfer" in heard.events or "personne peut prendre la suite" in heard.text:
                return End.PERSON, turn
            if "hangup" in heard.events:
                return (End.PAUSED if self.number else End.DEAD_END), turn
            if "est complet" in heard.text:
                return End.COMPLETE, turn
            if turn == breaks and self.number and self.code:
                call.hang_up()
                self.talk.append("(raccroche)")
                return None, turn
            if self.rng.random() < self.habits.silence:
                self.talk.append("(silence)")
                heard = call.silence()
                continue
            said = opening if turn == 1 else self._reply(heard)
            opening = "" if turn == 1 else opening
            heard = self._speak(call, said)
        return End.DEAD_END, MOST_TURNS

    # -- hearing -----------------------------------------------------------------------------

    def _listen(self, heard: Heard) -> None:
        self.talk += [f"< {line}" for line in heard.lines]
        spoken = characters(heard.text)
        number = re.search(r"(?<!\w)(RP[A-Z0-9]{8})(?!\w)", spoken)
        code = re.search(r"code de reprise\D{0,40}?[:.,] ([A-Z0-9]{8})(?!\w)", spoken)
        if number:
            self.number = number.group(1)
        if code:
            self.code = code.group(1)
        lines = brief(heard.lines)
        for champ in self.form.flow.fields:
            [question] = brief([verbal(champ.question)])
            if question.split(" ?")[0] in " ".join(lines) or any(
                len(line.split()) > 4 and line.rstrip(" ?.") in question for line in lines
            ):
                self._asked = champ

    # -- answering -----------------------------------------------------------------------------

    def _opening(self) -> str:
        return OPENINGS[self.persona["demarche"]].replace(",", "").lower()

    def _reply(self, heard: Heard) -> str:
        """What is said to what was heard; « #1 » is a key."""
        text = heard.text
        last = heard.lines[-1] if heard.lines else ""
        if re.search(r"le numéro du dossier|ce numéro\.", text):
            return "r p " + " ".join(spoken_characters(self.number[2:]))
        if re.search(r"Dites maintenant le code|ce code\.", text):
            return " ".join(spoken_characters(self.code))
        for pattern, answer in _ANSWERS:
            if re.search(pattern, text):
                return self.rng.choice(answer)
        if MORE.split(" pour")[0] in last:
            return self.rng.choice(("suite", "continuez", "oui"))
        if re.search(r"C'est bien cela|Est-ce bien|Est-ce la bonne|Est-ce bien écrit", text):
            return self._confirm(text)
        return self._answer(heard)

    def _confirm(self, text: str) -> str:
        """Yes if what is read back is what was meant, else the value again."""
        if re.search(r"J'ai entendu", text):
            return "oui"
        spelled = re.search(r"(?<!\w)[A-Z0-9]{8}(?!\w)", characters(text))
        if spelled and not re.search(
            r"s'écrit|arobase", text
        ):  # the code of a dossier that is being taken up
            return "oui" if spelled.group() == self.code else "non"
        champ = self._asked
        if champ is None:
            return "oui"
        value = verbal(shown(champ, self.values.get(champ.id, "")))
        meant, said = (plain(line) for line in brief([value, text]))
        first = said.split("mais ce pourrait")[0]
        if meant and f" {bare(meant)} " in f" {bare(first)} ":
            return "#1" if self.rng.random() < self.habits.keys / 2 else self.rng.choice(_YES)
        self._tries[champ.id] += 1
        if champ.kind == "choice":
            return self._label(champ)
        if champ.id not in self.values or self.rng.random() < 0.5:
            return "non"
        return f"non c'est {self._dictated(champ)}"

    def _answer(self, heard: Heard) -> str:
        champ = self._asked
        if champ is None:
            return self._opening()
        if champ.id not in self.values:
            return "passer"
        if champ.kind != "choice":
            self._tries[champ.id] += 1
            return self._dictated(champ)
        return self._choice(champ, heard)

    def _choice(self, champ: Champ, heard: Heard) -> str:
        wanted = next(c for c in champ.choices if c.value == self.values[champ.id])
        rank = champ.choices.index(wanted) + 1
        self._tries[champ.id] += 1
        told = f"{words(rank).capitalize()} : " in heard.text
        if (
            told
            and rank <= 9
            and (self.rng.random() < self.habits.keys or self._tries[champ.id] > 2)
        ):
            return f"#{rank}"
        answer = str(self.persona["answers"].get(champ.id, wanted.label))
        return answer if self._tries[champ.id] == 1 else self._label(champ)

    def _label(self, champ: Champ) -> str:
        """The choice that is meant, as the guide calls it."""
        wanted = self.values.get(champ.id)
        labels = [choice.label.split("(")[0] for choice in champ.choices if choice.value == wanted]
        return labels[0] if labels else "passer"

    def _dictated(self, champ: Champ) -> str:
        """A value aloud; after two failures, slowly and one sign at a time."""
        value = self.values[champ.id]
        slip = self.habits.slip if self._tries[champ.id] <= 2 else 0.0
        return dictated(champ.kind, value, self.rng, slip)

    # -- speaking -----------------------------------------------------------------------------

    def _speak(self, call: PhoneCall, said: str) -> Heard:
        if said.startswith("#"):
            self.talk.append(f"> [{said[1:]}]")
            return call.press(said[1:])
        heard = recognised(said, self.rng, self.habits.noise, self.habits.dropped)
        clean = recognised(said, self.rng, 0.0, 0.0)
        spoilt = plain(heard) != plain(clean)
        others = (clean,) if spoilt and self.rng.random() < 0.5 else ()
        confidence = self.rng.uniform(0.4, 0.85) if spoilt else self.rng.uniform(0.62, 0.98)
        self.talk.append(f"> {heard} ({confidence:.2f})")
        return call.say(heard, round(confidence, 2), others)

    # -- afterwards ---------------------------------------------------------------------------

    def _differences(self, url: str) -> list[str]:
        """What the dossier, taken up on the web, holds otherwise than it was meant."""
        conversation = Conversation(url)
        try:
            said = conversation.say(
                f"je reprends le dossier {self.number} avec le code {self.code}"
            )
            if not any(self.number[2:6] in message["text"] for message in said):
                return [f"dossier {self.number} not found on the web"]
            said = conversation.say("récapitulatif")
            return self._compared(said)
        finally:
            conversation.close()

    def _compared(self, said: list[dict[str, Any]]) -> list[str]:
        kept = {
            line["slot"]: line["value"]
            for message in said
            for line in (message.get("card") or {}).get("fields", [])
        }
        wrong = []
        for champ in self.form.flow.fields:
            if champ.kind in ("choice", "text", "name", "address") or champ.id not in kept:
                continue
            meant = shown(champ, self.values.get(champ.id, ""))
            if meant != kept[champ.id]:
                wrong.append(f"{champ.id}: {meant} → {kept[champ.id]}")
        return wrong


_YES = ("oui", "oui c'est ça", "exact", "oui tout à fait")
_ANSWERS: list[tuple[str, tuple[str, ...]]] = [
    (r"Tout est-il exact", ("oui", "tout est exact", "oui c'est bon")),
    (r"cceptez-vous", ("j'accepte", "oui j'accepte")),
    (r"Est-ce clair|C'est bien clair", ("oui", "c'est compris")),
    (r"L'avez-vous déjà|Il faut cette pièce", ("oui je l'ai", "je l'ai déjà")),
    (r"Voulez-vous continuer avec moi", ("oui",)),
]


def personas(per_demarche: int | None = None) -> list[tuple[str, dict[str, Any]]]:
    """The personas of the tests: all, or those of each démarche who have the least to say."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for path in sorted(PERSONAS.glob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        found[data["demarche"]].append((path.stem, data))
    if per_demarche is None:
        return [entry for listed in found.values() for entry in listed]
    return [
        entry
        for listed in found.values()
        for entry in sorted(listed, key=lambda entry: len(entry[1]["answers"]))[:per_demarche]
    ]


def run(
    url: str, token: str, seed: int, rounds: int = 1, per_demarche: int | None = None
) -> list[Outcome]:
    """Let the personas call, each ``rounds`` times."""
    base = KnowledgeBase(read())
    outcomes = []
    for turn in range(rounds):
        for name, persona in personas(per_demarche):
            rng = random.Random(f"{seed}/{turn}/{name}")  # noqa: S311
            outcomes.append(Caller(base, name, persona, rng).calls(url, token))
    return outcomes


def least_completed(outcomes: list[Outcome]) -> float:
    """The share of callers who got to the end, in the démarche where it is the smallest."""
    ends: dict[str, list[bool]] = defaultdict(list)
    for outcome in outcomes:
        ends[outcome.demarche].append(outcome.end is End.COMPLETE)
    return min((sum(done) / len(done) for done in ends.values()), default=0.0)


def quantile(values: list[float], share: float) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def report(outcomes: list[Outcome]) -> str:
    by_demarche: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_demarche[outcome.demarche].append(outcome)
    lines = [
        f"{'démarche':<24}{'complete':>10}{'person':>8}{'paused':>8}{'dead end':>10}{'turns':>7}"
    ]
    for demarche, found in by_demarche.items():
        ends = Counter(outcome.end for outcome in found)
        turns = sum(outcome.turns for outcome in found) / len(found)
        share = f"{ends[End.COMPLETE] / len(found):.0%}"
        lines.append(
            f"{demarche:<24}{share:>10}{ends[End.PERSON]:>8}{ends[End.PAUSED]:>8}"
            f"{ends[End.DEAD_END]:>10}{turns:>7.0f}"
        )
    seconds = [second for outcome in outcomes for second in outcome.seconds]
    wrong = [f"{outcome.persona}: {what}" for outcome in outcomes for what in outcome.wrong]
    lines.append(f"wrong in silence: {len(wrong)} {wrong[:5]}")
    lines.append(
        f"{len(outcomes)} callers, {len(seconds)} turns, p50 {quantile(seconds, 0.5):.3f} s, "
        f"p95 {quantile(seconds, 0.95):.3f} s"
    )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--token", default=os.environ.get("REPERE_PHONE_AUDIOCODES_TOKEN", ""))
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--each", type=int, help="personas of each démarche (all by default)")
    parser.add_argument("--talks", type=Path, help="a file for the talks that were not completed")
    given = parser.parse_args()
    outcomes = run(given.url, given.token, given.seed, given.rounds, given.each)
    print(f"seed {given.seed}\n{report(outcomes)}")
    if given.talks:
        failed = [o for o in outcomes if o.end is not End.COMPLETE or o.wrong]
        told = [f"== {o.persona} ({o.end}) {o.wrong}\n" + "\n".join(o.talk) for o in failed]
        given.talks.write_text("\n\n".join(told), encoding="utf-8")
    lost = [outcome for outcome in outcomes if outcome.end is End.DEAD_END]
    wrong = [outcome for outcome in outcomes if outcome.wrong]
    return 1 if lost or wrong or least_completed(outcomes) < WANTED else 0


if __name__ == "__main__":
    sys.exit(main())
