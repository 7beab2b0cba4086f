"""How well the vectors tell topics, acts and traps, on texts that taught nothing.

Topics: a fifth of each topic's blocks of four examples is held apart. Acts and traps: one part's.
Four ways are compared: the published model, sparse features, the tuned encoder (both encoders as
files for the engine, in whole numbers), and the last two summed.
"""

import argparse
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler, normalize

from bot.encoder import data
from bot.nlu.encoder import Encoder

Floats = NDArray[np.float32]
Rows = sp.csr_matrix | Floats
RIDGE = 0.2
SHARPNESS = 2.0
# Scores of a ridge are near 0 or 1: this makes chances of them that can be summed.
TEMPER = 10.0


class Sparse:
    """N-grams of characters (2 to 5) and of words (1 and 2), weighed by their rarity."""

    def __call__(self, train: Sequence[str], test: Sequence[str]) -> tuple[Rows, Rows]:
        learnt, found = [], []
        for analyzer, sizes in (("char_wb", (2, 5)), ("word", (1, 2))):
            made = TfidfVectorizer(
                analyzer=analyzer,
                ngram_range=sizes,
                min_df=2,
                sublinear_tf=True,
                strip_accents="unicode",
                dtype=np.float32,
            )
            learnt.append(made.fit_transform(train))
            found.append(made.transform(test))
        return sp.hstack(learnt).tocsr(), sp.hstack(found).tocsr()


class Dense:
    """An encoder's vectors; each text is read once."""

    def __init__(self, model: Path, texts: Sequence[str]) -> None:
        distinct = list(dict.fromkeys(texts))
        self._vectors = Encoder(model).vectors(distinct)
        self._at = {text: i for i, text in enumerate(distinct)}

    def __call__(self, train: Sequence[str], test: Sequence[str]) -> tuple[Rows, Rows]:
        learnt = self._vectors[[self._at[text] for text in train]]
        found = self._vectors[[self._at[text] for text in test]]
        scaler = StandardScaler().fit(learnt)
        return scaler.transform(learnt), scaler.transform(found)


Features = Sparse | Dense
Ways = dict[str, Features]


def topic_chances(
    features: Features, train: Sequence[data.Example], test: Sequence[data.Example]
) -> tuple[Floats, list[str]]:
    """Kernel ridge, as the engine's own classifier: too many topics for a logistic regression."""
    learnt, found = (normalize(x) for x in features(_texts(train), _texts(test)))

    def alike(a: Rows, b: Rows) -> Floats:
        product = a @ b.T
        cosine = product.toarray() if sp.issparse(product) else product
        return np.exp(SHARPNESS * (cosine - 1)).astype(np.float32)

    names = sorted({e.topic for e in train})
    number = {name: i for i, name in enumerate(names)}
    wanted = np.eye(len(names), dtype=np.float32)[[number[e.topic] for e in train]]
    matrix = alike(learnt, learnt)
    matrix[np.diag_indices_from(matrix)] += RIDGE
    solved = scipy.linalg.solve(matrix, wanted, assume_a="pos", overwrite_a=True)
    scores = np.exp(TEMPER * (alike(found, learnt) @ solved))
    return scores / scores.sum(1, keepdims=True), names


def act_chances(
    features: Features, train: Sequence[data.Act], test: Sequence[data.Act]
) -> tuple[Floats, list[str]]:
    """Logistic regression on the text's features with the stage beside them."""
    learnt, found = features(_texts(train), _texts(test))
    stages = sorted({a.stage for a in (*train, *test)})
    weight = 1.0 if sp.issparse(learnt) else 3.0
    known = np.eye(len(stages)) * weight
    learnt, found = (
        _beside(x, known[[stages.index(a.stage) for a in acts]])
        for x, acts in ((learnt, train), (found, test))
    )
    return _regression(learnt, found, [a.act for a in train])


def trap_chances(
    features: Features, train: Sequence[data.Trap], test: Sequence[data.Trap]
) -> Floats:
    """How likely each test text is genuine: a logistic regression for each binding act."""
    chances = np.zeros(len(test), np.float32)
    for binding in sorted({t.binding for t in train}):
        mine = [t for t in train if t.binding == binding]
        places = [i for i, t in enumerate(test) if t.binding == binding]
        learnt, found = features(_texts(mine), [test[i].text for i in places])
        likely, names = _regression(learnt, found, [str(t.genuine) for t in mine])
        chances[places] = likely[:, names.index("True")]
    return chances


def _regression(train: Rows, test: Rows, wanted: Sequence[str]) -> tuple[Floats, list[str]]:
    regression = LogisticRegression(C=10.0 if sp.issparse(train) else 0.01, max_iter=150)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(train, wanted)
    return regression.predict_proba(test), list(regression.classes_)


def _texts(items: Sequence[data.Example] | Sequence[data.Act] | Sequence[data.Trap]) -> list[str]:
    return [item.text for item in items]


def _beside(x: Rows, more: Floats) -> Rows:
    return sp.hstack([x, more]).tocsr() if sp.issparse(x) else np.hstack([x, more])


def _right(likely: Floats, names: Sequence[str], wanted: Sequence[str], among: int = 1) -> float:
    best = np.argsort(-likely, axis=1)[:, :among]
    found = ({names[i] for i in row} for row in best)
    return float(np.mean([w in f for w, f in zip(wanted, found, strict=True)]))


def measure_topics(ways: Ways, everything: data.Data, fold: int) -> None:
    train, test = everything.without(fold, ()).examples, everything.only(fold, ()).examples
    wanted = [e.topic for e in test]
    names: list[str] = []
    found: dict[str, Floats] = {}
    for way, features in ways.items():
        found[way], names = topic_chances(features, train, test)
    for way, likely in _with_sums(found).items():
        _show(f"topics, fold {fold}", way, likely, names, wanted)


def measure_acts(ways: Ways, everything: data.Data, parts: Sequence[str]) -> None:
    train = everything.without(None, parts).acts
    known = {a.act for a in train}
    test = [a for a in everything.only(-1, parts).acts if a.act in known]
    names: list[str] = []
    found: dict[str, Floats] = {}
    for way, features in ways.items():
        found[way], names = act_chances(features, train, test)
    for part in parts:
        mine = [i for i, a in enumerate(test) if a.part == part]
        for way, likely in _with_sums(found).items():
            wanted = [test[i].act for i in mine]
            _show(f"acts, part {part} ({len(mine)})", way, likely[mine], names, wanted)


def measure_traps(ways: Ways, everything: data.Data, parts: Sequence[str]) -> None:
    train, test = everything.without(None, parts).traps, everything.only(-1, parts).traps
    found = {way: trap_chances(features, train, test) for way, features in ways.items()}
    genuine = np.array([t.genuine for t in test])
    for part in parts:
        mine = np.array([t.part == part for t in test])
        for way, likely in _with_sums(found).items():
            said = likely > 0.5
            right = np.mean((said == genuine)[mine])
            fell, refused = np.mean(said[mine & ~genuine]), np.mean(~said[mine & genuine])
            print(
                f"traps, part {part} ({mine.sum()})  {way:18} right {right:.1%}"
                f"  traps fallen into {fell:.1%}  genuine refused {refused:.1%}",
                flush=True,
            )


def _show(what: str, way: str, likely: Floats, names: Sequence[str], wanted: Sequence[str]) -> None:
    first, three = _right(likely, names, wanted), _right(likely, names, wanted, 3)
    print(f"{what}  {way:18} first {first:.1%}  in three {three:.1%}", flush=True)


def _with_sums(found: dict[str, Floats]) -> dict[str, Floats]:
    sums = {
        f"sparse + {way}": (found["sparse"] + likely) / 2
        for way, likely in found.items()
        if way != "sparse"
    }
    return {**found, **sums}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="+", help="name=file.onnx")
    parser.add_argument("--fold", type=int, required=True, help="the fifth of the topics apart")
    parser.add_argument("--parts", nargs="+", required=True, help="the parts apart")
    asked = parser.parse_args()
    everything = data.load()
    texts = list(everything.texts())
    ways: Ways = {"sparse": Sparse()}
    for model in asked.models:
        name, _, path = model.partition("=")
        began = time.monotonic()
        ways[name] = Dense(Path(path), texts)
        spent = (time.monotonic() - began) / len(texts)
        print(f"{name}: {1000 * spent:.1f} ms a text", flush=True)
    measure_traps(ways, everything, asked.parts)
    measure_acts(ways, everything, asked.parts)
    measure_topics(ways, everything, asked.fold)


if __name__ == "__main__":
    main()
