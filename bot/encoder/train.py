"""Tunes the encoder's upper layers on the three tasks at once."""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from bot.encoder import data, model, tasks, weights
from bot.encoder.augment import varied
from bot.encoder.prepared import Prepared, prepared

SEED = 2017
TUNED = 6  # the layers tuned, from the top
BATCH = 64
LONGEST = 96
# Few lengths: each is compiled once.
LENGTHS = (8, 12, 16, 20, 24, 28, 32, 40, 56, LONGEST)
RATE = 2e-4
HEADS_RATE = 3e-3
# Going on from a tuned encoder: slower, and with one in so many of the texts already learnt.
GOING_ON = 0.5
REMINDED = 4
WARM_UP = 0.06
DECAY = 0.01
# Batches of like lengths are made inside such a number of batches: order stays nearly random.
GROUP = 40
PAD = 1
SHOWN = 25  # steps between two lines of progress
SAMPLED = 512  # texts whose mean is the origin of the heads' space


@dataclass(frozen=True)
class Batch:
    pieces: NDArray[np.int32]
    mask: NDArray[np.float32]
    wanted: NDArray[np.int32]


def padded(rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    longest = max(map(len, rows))
    length = next(size for size in LENGTHS if size >= longest)
    pieces = np.full((len(rows), length), PAD, np.int32)
    for row, numbers in zip(pieces, rows, strict=True):
        row[: len(numbers)] = numbers
    mask = np.arange(length) < np.array([[len(numbers)] for numbers in rows])
    return pieces, mask.astype(np.float32)


def batches(
    start: Prepared, texts: Sequence[str], wanted: NDArray[np.int32], random: np.random.Generator
) -> Iterator[Batch]:
    """One epoch: every text once, varied anew, texts of like length together."""
    order = random.permutation(len(texts))
    cut = [start.cutter.numbers(varied(texts[i], random), LONGEST) for i in order]
    ready: list[NDArray[np.int64]] = []
    for at in range(0, len(order), GROUP * BATCH):
        group = np.arange(at, min(at + GROUP * BATCH, len(order)))
        group = group[np.argsort([len(cut[i]) for i in group], kind="stable")]
        # The few texts left over come in another epoch's order.
        ready += [group[i : i + BATCH] for i in range(0, len(group) - BATCH + 1, BATCH)]
    for place in random.permutation(len(ready)):
        chosen = ready[place]
        yield Batch(*padded([cut[i] for i in chosen]), wanted[order[chosen]])


def optimiser(steps: int, rate: float) -> optax.GradientTransformation:
    def course(peak: float) -> optax.Schedule:
        return optax.warmup_cosine_decay_schedule(0, peak, int(steps * WARM_UP), steps, peak / 50)

    parts = {
        "layers": optax.adamw(course(RATE * rate), weight_decay=DECAY),
        "heads": optax.adamw(course(HEADS_RATE * rate), weight_decay=DECAY),
    }
    labels = {"layers": "layers", "heads": "heads"}
    return optax.chain(optax.clip_by_global_norm(1.0), optax.multi_transform(parts, labels))


def origin(start: Prepared, texts: Sequence[str]) -> NDArray[np.float32]:
    """The mean of the published model's vectors: they are all on one side of the sphere."""
    return vectors(start, start.layers, texts[:: len(texts) // SAMPLED]).mean(0)


def untuned(start: Prepared, labels: tasks.Labels) -> model.Params:
    """The upper layers as published, and heads that know nothing."""
    upper = start.layers[len(start.layers) - TUNED :]
    return {"layers": model.stacked(upper), "heads": tasks.heads(labels, start.width)}


def tune(
    params: model.Params,
    chosen: data.Data,
    start: Prepared,
    labels: tasks.Labels,
    center: NDArray[np.float32],
    epochs: int,
    rate: float,
) -> model.Params:
    """The upper layers and the heads after ``epochs`` on the chosen data."""
    random = np.random.default_rng(SEED)
    texts, wanted = tasks.items(chosen, labels)
    lower = model.stacked(start.layers[: len(start.layers) - TUNED])
    steps = epochs * (len(texts) // BATCH)
    optimise = optimiser(steps, rate)
    state = optimise.init(params)
    base, epsilon = start.base, start.epsilon

    def loss(p: model.Params, words: jax.Array, mask: jax.Array, wanted: jax.Array) -> jax.Array:
        x = model.embed(base, words, epsilon)
        x = jax.lax.stop_gradient(model.run(lower, x, mask, epsilon))
        found = model.pool(model.run(p["layers"], x, mask, epsilon), mask)
        return tasks.loss(p["heads"], found - center, wanted)

    @partial(jax.jit, donate_argnums=(0, 1))
    def step(p: model.Params, state: Any, words: jax.Array, mask: jax.Array, wanted: jax.Array):  # type: ignore[no-untyped-def]
        value, gradients = jax.value_and_grad(loss)(p, words, mask, wanted)
        updates, state = optimise.update(gradients, state, p)
        return optax.apply_updates(p, updates), state, value

    began = time.monotonic()
    losses: list[float] = []
    for epoch in range(epochs):
        for batch in batches(start, texts, wanted, random):
            words = start.table[batch.pieces]
            params, state, value = step(params, state, words, batch.mask, batch.wanted)
            losses.append(float(value))
            if len(losses) % SHOWN == 0:
                _progress(epoch, len(losses), steps, float(np.mean(losses[-SHOWN:])), began)
    return params


def vectors(
    start: Prepared, layers: Sequence[dict[str, Any]], texts: Sequence[str]
) -> NDArray[np.float32]:
    """The vectors of texts, in floats: what the file's are near to."""
    cut = [start.cutter.numbers(text, LONGEST) for text in texts]
    order = sorted(range(len(texts)), key=lambda i: len(cut[i]))
    together = model.stacked(list(layers))
    found = np.empty((len(texts), start.width), np.float32)
    for at in range(0, len(order), BATCH):
        rows = order[at : at + BATCH]
        # A whole batch, though the last texts be repeated: one shape, compiled once.
        pieces, mask = padded([cut[i] for i in (rows * BATCH)[:BATCH]])
        made = model.sentence_vectors(
            start.base, together, start.table[pieces], mask, epsilon=start.epsilon
        )
        found[rows] = np.asarray(made)[: len(rows)]
    return found


def _progress(epoch: int, done: int, steps: int, loss: float, began: float) -> None:
    spent = time.monotonic() - began
    left = spent / done * (steps - done)
    print(
        f"epoch {epoch + 1}  step {done}/{steps}  loss {loss:.3f}"
        f"  {spent / 60:.1f} min, about {left / 60:.0f} min left",
        flush=True,
    )


def save(params: model.Params, path: Path) -> None:
    flat = {
        "/".join(str(getattr(key, "key", key)) for key in keys): np.asarray(value)
        for keys, value in jax.tree_util.tree_leaves_with_path(params)
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **flat)


def read(path: Path) -> model.Params:
    params: model.Params = {}
    with np.load(path) as flat:
        for name in flat:
            *above, last = name.split("/")
            inner = params
            for key in above:
                inner = inner.setdefault(key, {})
            inner[last] = jnp.asarray(flat[name])
    return params


def tuned_layers(start: Prepared, params: model.Params) -> list[dict[str, Any]]:
    """All the layers: those below as published, those above as tuned."""
    return [*start.layers[: len(start.layers) - TUNED], *model.unstacked(params["layers"])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the tuned layers and heads (.npz)")
    parser.add_argument("--fold", type=int, required=True, help="a fifth of the topics, apart")
    parser.add_argument("--parts", nargs="+", required=True, help="of acts and traps, apart")
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--after", type=Path, help="add what was apart to what is tuned (.npz)")
    asked = parser.parse_args()
    everything = data.load()
    start = prepared(weights.read(), everything)
    chosen, rate = everything.without(asked.fold, asked.parts), 1.0
    labels = tasks.Labels.of(everything.without(None, asked.parts))
    center = origin(start, tasks.items(chosen, labels)[0])
    if asked.after:
        params, rate = read(asked.after), GOING_ON
        chosen = everything.again(asked.fold, asked.parts, REMINDED)
        before, labels = labels, tasks.Labels.of(everything)
        params["heads"] = tasks.with_new_acts(params["heads"], before, labels)
    else:
        params = untuned(start, labels)
    save(tune(params, chosen, start, labels, center, asked.epochs, rate), asked.out)


if __name__ == "__main__":
    main()
