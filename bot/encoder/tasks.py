"""The three tasks as numbers: what each text should be found to be, and the heads that find it."""

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from bot.encoder.data import Data
from bot.encoder.model import Params

NONE = -1
SMOOTHING = 0.05
# The model's vectors are all near one another: once their mean is taken away, their numbers are
# small, and heads learn better on numbers near one.
SPREAD = 40.0
# How much each head counts. Facet and subject are halves of the topic.
WEIGHTS = {
    "topic": 1.0,
    "facet": 0.5,
    "subject": 0.5,
    "act": 1.0,
    "genuine": 1.0,
    "kind": 0.3,
}
# Traps are few: each is seen more often in an epoch.
REPEATS = {"acts": 1, "traps": 2}


@dataclass(frozen=True)
class Labels:
    """The names behind the numbers."""

    names: dict[str, list[str]]

    @classmethod
    def of(cls, data: Data) -> "Labels":
        found = {
            "topic": {e.topic for e in data.examples},
            "facet": {e.facet for e in data.examples},
            "subject": {e.subject for e in data.examples},
            "act": {a.act for a in data.acts},
            "stage": {item.stage for item in (*data.acts, *data.traps)},
            "binding": {t.binding for t in data.traps},
            "kind": {t.kind for t in data.traps},
        }
        return cls({name: sorted(values) for name, values in found.items()})

    def number(self, kind: str, name: str) -> int:
        return self.names[kind].index(name)


COLUMNS = ("topic", "facet", "subject", "act", "stage", "binding", "genuine", "kind")


def items(data: Data, labels: Labels) -> tuple[list[str], NDArray[np.int32]]:
    """Texts, and their numbers in ``COLUMNS`` (NONE where a task doesn't speak of the text)."""
    number = labels.number
    texts: list[str] = []
    rows: list[Sequence[int]] = []
    for e in data.examples:
        texts.append(e.text)
        parts = (number("topic", e.topic), number("facet", e.facet), number("subject", e.subject))
        rows.append((*parts, NONE, NONE, NONE, NONE, NONE))
    for a in [*data.acts] * REPEATS["acts"]:
        texts.append(a.text)
        stage = number("stage", a.stage)
        rows.append((NONE, NONE, NONE, number("act", a.act), stage, NONE, NONE, NONE))
    for t in [*data.traps] * REPEATS["traps"]:
        texts.append(t.text)
        trap = (number("binding", t.binding), int(t.genuine), number("kind", t.kind))
        rows.append((NONE, NONE, NONE, NONE, number("stage", t.stage), *trap))
    return texts, np.array(rows, np.int32).reshape(-1, len(COLUMNS))


def heads(labels: Labels, width: int) -> Params:
    """Heads that know nothing yet: at zero, they first leave the encoder as it is."""
    size = {name: len(values) for name, values in labels.names.items()}
    made = {
        name: {"w": jnp.zeros((width, size[name])), "b": jnp.zeros(size[name])}
        for name in ("topic", "facet", "subject", "act", "kind")
    }
    made["genuine"] = {"w": jnp.zeros((width, size["binding"])), "b": jnp.zeros(size["binding"])}
    # The stage speaks beside the text: what is likely there, and how it turns some words.
    made["stage"] = {
        "b": jnp.zeros((size["stage"], size["act"])),
        "w": jnp.zeros((size["stage"], width, size["act"])),
    }
    return made


def with_new_acts(p: Params, before: Labels, after: Labels) -> Params:
    """The heads with room for acts that only the texts held apart hold; they know them not yet."""
    columns = jnp.array([after.number("act", name) for name in before.names["act"]])
    wider = heads(after, len(p["act"]["w"]))
    for name in ("act", "stage"):
        for part, value in p[name].items():
            wider[name][part] = wider[name][part].at[..., columns].set(value)
    return {**p, "act": wider["act"], "stage": wider["stage"]}


def loss(p: Params, vectors: jax.Array, wanted: jax.Array) -> jax.Array:
    """The tasks' weighted losses, each over the texts that it speaks of (vectors centred)."""
    x = vectors * SPREAD
    column = {name: wanted[:, i] for i, name in enumerate(COLUMNS)}
    total = jnp.zeros(())
    for name in ("topic", "facet", "subject", "kind"):
        logits = x @ p[name]["w"] + p[name]["b"]
        total += WEIGHTS[name] * _classes(logits, column[name])
    stage = jnp.maximum(column["stage"], 0)
    turned = jnp.einsum("bw,bwa->ba", x, p["stage"]["w"][stage])
    acts = x @ p["act"]["w"] + p["act"]["b"] + turned + p["stage"]["b"][stage]
    total += WEIGHTS["act"] * _classes(acts, column["act"])
    genuine = x @ p["genuine"]["w"] + p["genuine"]["b"]
    return total + WEIGHTS["genuine"] * _yes_or_no(genuine, column["binding"], column["genuine"])


def _classes(logits: jax.Array, wanted: jax.Array) -> jax.Array:
    known = wanted >= 0
    target = jax.nn.one_hot(jnp.maximum(wanted, 0), logits.shape[1])
    target = optax.smooth_labels(target, SMOOTHING)
    return _sum(optax.softmax_cross_entropy(logits, target), known)


def _yes_or_no(logits: jax.Array, which: jax.Array, wanted: jax.Array) -> jax.Array:
    known = which >= 0
    mine = jnp.take_along_axis(logits, jnp.maximum(which, 0)[:, None], axis=1)[:, 0]
    return _sum(optax.sigmoid_binary_cross_entropy(mine, jnp.maximum(wanted, 0)), known)


def _sum(values: jax.Array, known: jax.Array) -> jax.Array:
    """Over the whole batch, so that a rare task's text weighs what any other does."""
    return jnp.where(known, values, 0).sum() / len(values)
