"""Finding what the base says from a citizen's words, when no topic was recognised.

Sheets' facets are indexed with their titles, names and citizens' questions; imported passages
with their headings. French stems, accents removed after stemming; BM25 ranks. Sheets come above
passages: a passage is only proposed where no sheet speaks.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import bm25s
import numpy as np
import snowballstemmer
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from knowledge.query import Citation, KnowledgeBase
from knowledge.store import ImportRow, PassageRow

# A moment kept in UTC, in the time of who reads.
Local = Callable[[datetime], datetime]

_STEMMER = snowballstemmer.stemmer("french")
# The stemmer works on a word that it keeps: one thread at a time.
_STEMMING = Lock()
_STOP_WORDS = frozenset(
    (
        "a ai ait ais alors au aux avec bonjour c ce cela ces cet cette comme comment d dans de"
        " des donc du elle en est et eu euh fait faire faut il ils j je l la le les leur lui m ma"
        " mais me merci mes moi mon n ne nos notre nous on ont ou par pas peut peux plus pour qu"
        " quand que quel quelle quelles quels qui quoi s sa sans se ses si son sont suis sur t te"
        " tu un une va veux voudrais vos votre vous y"
    ).split()
)


@dataclass(frozen=True)
class Hit:
    """Something found: a topic of a sheet, or a passage (``topic`` None) with its citation.

    ``score`` is BM25's; ``share`` is the part of the question's weight that the hit contains.
    """

    topic: str | None
    text: str
    citation: Citation | None
    score: float
    share: float


def analyse(text: str) -> list[str]:
    """The stems of a text: stemmed with accents, then stripped of them (périmé = périmée)."""
    found = re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())
    words = [
        word
        for word in found
        if _plain(word) not in _STOP_WORDS and (len(word) > 1 or word.isdigit())
    ]
    with _STEMMING:
        return [_plain(stem) for stem in _STEMMER.stemWords(words)]


class SearchIndex:
    """A BM25 index over the sheets' facets and the imported passages."""

    def __init__(self, base: KnowledgeBase, passages: Iterable[tuple[str, Citation]] = ()) -> None:
        self._entries: list[tuple[str | None, str, Citation | None]] = []
        documents: list[list[str]] = []
        for topic, text, indexed in _facets(base):
            self._entries.append((topic, text, None))
            documents.append(analyse(indexed))
        for text, citation in passages:
            self._entries.append((None, text, citation))
            documents.append(analyse(f"{citation.title} {citation.section} {text}"))
        self._stems = [frozenset(document) for document in documents]
        self._weights = _inverse_frequencies(self._stems)
        self._highest = max(self._weights.values(), default=1.0)
        self._bm25 = bm25s.BM25()
        self._bm25.index([document or ["∅"] for document in documents], show_progress=False)

    def find(self, question: str, most: int = 5) -> list[Hit]:
        """The best hits of a question; sheets first, then imported passages."""
        stems = [stem for stem in analyse(question) if stem in self._weights]
        if not stems:
            return []
        scores = self._bm25.get_scores(stems)
        ranked = [int(i) for i in np.argsort(-scores)[: 4 * most] if scores[i] > 0]
        hits = [self._hit(i, float(scores[i]), question) for i in ranked]
        sheets = [hit for hit in hits if hit.topic is not None]
        passages = [hit for hit in hits if hit.topic is None]
        return [*sheets[:most], *passages[:most]]

    def weight(self, stem: str) -> float:
        """How much a stem tells: the rarer in the base the more, most when the base lacks it."""
        return self._weights.get(stem, self._highest)

    def _hit(self, entry: int, score: float, question: str) -> Hit:
        topic, text, citation = self._entries[entry]
        asked = set(analyse(question))
        total = sum(map(self.weight, asked))
        held = sum(self._weights[stem] for stem in asked & self._stems[entry])
        return Hit(topic, text, citation, score, held / total if total else 0.0)


class LiveIndex:
    """The index of a base and its database, made again when documents are imported."""

    def __init__(
        self, base: KnowledgeBase, database: Engine, local: Local = lambda moment: moment
    ) -> None:
        self._base = base
        self._database = database
        self._local = local
        self._stamp: tuple[int, int] | None = None

    def find(self, question: str, most: int = 5) -> list[Hit]:
        """The best hits of a question; sheets first, then imported passages."""
        return self.current().find(question, most)

    def current(self) -> SearchIndex:
        """The index of what is imported now."""
        stamp = _imports_stamp(self._database)
        if stamp != self._stamp:
            self._index, self._stamp = index(self._base, self._database, self._local), stamp
        return self._index


def _imports_stamp(database: Engine) -> tuple[int, int]:
    """What changes whenever a passage is imported or removed: their number, the last one."""
    with Session(database) as db:
        count, last = db.execute(select(func.count(), func.max(PassageRow.id))).one()
    return count, last or 0


def index(
    base: KnowledgeBase, database: Engine, local: Local = lambda moment: moment
) -> SearchIndex:
    """The index of a base and of what was imported into its database; ``local``: in what time."""
    query = select(PassageRow, ImportRow).join(ImportRow, PassageRow.sha256 == ImportRow.sha256)
    with Session(database) as db:
        passages = [
            (
                passage.text,
                Citation(
                    document.file,
                    document.title,
                    passage.section,
                    f"importé le {local(document.imported_at):%d/%m/%Y}",
                ),
            )
            for passage, document in db.execute(query.order_by(PassageRow.id))
        ]
    return SearchIndex(base, passages)


def _facets(base: KnowledgeBase) -> Iterable[tuple[str, str, str]]:
    for sheet in base.contents.sheets:
        for name, facet in sheet.facets.items():
            steps = " ".join(f"{step.title} {step.text}" for step in facet.steps)
            items = " ".join(item.label for item in facet.items)
            known_as = " ".join([sheet.title, *sheet.names])
            asked_as = " ".join([base.facets[name].title, *facet.questions])
            indexed = f"{known_as} {known_as} {asked_as} {asked_as} {facet.text} {steps} {items}"
            yield f"{name}/{sheet.id}", facet.text, indexed


def _inverse_frequencies(documents: list[frozenset[str]]) -> dict[str, float]:
    counts: dict[str, int] = {}
    for document in documents:
        for stem in document:
            counts[stem] = counts.get(stem, 0) + 1
    return {stem: float(np.log(1 + len(documents) / count)) for stem, count in counts.items()}


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c))
