"""What the encoder is tuned on: the topics' examples, the dialogue acts, and the traps."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import yaml

ROOT = Path(__file__).parents[2]
TOPICS = ROOT / "bot/data"
SPOKEN = ROOT / "bot/data/acts"
PARTS = 6

# Neighbouring examples of a topic are often variants of one another: they are kept together.
BLOCK = 4
FOLDS = 5
GENUINE = "genuine"


@dataclass(frozen=True)
class Example:
    """A question and its topic, ``facet/subject`` or a talk intent."""

    text: str
    topic: str
    fold: int

    @property
    def facet(self) -> str:
        return self.topic.partition("/")[0]

    @property
    def subject(self) -> str:
        return self.topic.partition("/")[2] or self.topic


@dataclass(frozen=True)
class Act:
    """What somebody does by saying ``text`` at a stage of the dialogue."""

    text: str
    stage: str
    act: str
    part: str


@dataclass(frozen=True)
class Trap:
    """Whether ``text``, at a stage, really does a binding act, or which trap it is."""

    text: str
    stage: str
    binding: str
    kind: str
    part: str

    @property
    def genuine(self) -> bool:
        return self.kind == GENUINE


@dataclass(frozen=True)
class Data:
    examples: Sequence[Example]
    acts: Sequence[Act]
    traps: Sequence[Trap]

    def texts(self) -> Iterator[str]:
        for part in (self.examples, self.acts, self.traps):
            yield from (item.text for item in part)

    def without(self, fold: int | None, parts: Collection[str]) -> "Data":
        """All but one fold of the topics and some parts' acts and traps."""
        return Data(
            [e for e in self.examples if e.fold != fold],
            [a for a in self.acts if a.part not in parts],
            [t for t in self.traps if t.part not in parts],
        )

    def only(self, fold: int, parts: Collection[str]) -> "Data":
        """What ``without`` leaves out."""
        return Data(
            [e for e in self.examples if e.fold == fold],
            [a for a in self.acts if a.part in parts],
            [t for t in self.traps if t.part in parts],
        )

    def again(self, fold: int, parts: Collection[str], one_in: int) -> "Data":
        """What was held apart, and one in ``one_in`` of the rest, not to forget it."""
        rest, apart = self.without(fold, parts), self.only(fold, parts)
        return Data(
            [*apart.examples, *rest.examples[::one_in]],
            [*apart.acts, *rest.acts[::one_in]],
            [*apart.traps, *rest.traps[::one_in]],
        )


def load() -> Data:
    """All the training data, in an order that depends on nothing but the files."""
    return Data(list(_examples()), list(_acts()), list(_traps()))


def _examples() -> Iterator[Example]:
    rank: Counter[str] = Counter()
    for path in sorted(TOPICS.rglob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for entry in content.get("nlu") or []:
            for line in str(entry.get("examples", "")).splitlines() if "intent" in entry else []:
                if line.startswith("- "):
                    topic = entry["intent"]
                    yield Example(line[2:].strip(), topic, rank[topic] // BLOCK % FOLDS)
                    rank[topic] += 1


def _part(text: str) -> str:
    """The part of the acts and traps that a text is in, for what is held apart: « 0 » to « 5 »."""
    return str(crc32(text.encode()) % PARTS)


def _acts() -> Iterator[Act]:
    for path in sorted(SPOKEN.glob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for stage, said in sorted(content["examples"].items()):
            for text in map(str, said):
                yield Act(text, stage, content["act"], _part(text))


def _traps() -> Iterator[Trap]:
    for path in sorted((SPOKEN / "binding").glob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for kind, by_stage in sorted(content["examples"].items()):
            for stage, said in sorted(by_stage.items()):
                for text in map(str, said):
                    yield Trap(text, stage, content["binding"], kind, _part(text))
