"""The encoder in JAX: a BERT of 12 layers, then the mean of its tokens, at unit length."""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

Params = dict[str, Any]
HEADS = 12


def layer_norm(x: jax.Array, scale: jax.Array, shift: jax.Array, epsilon: float) -> jax.Array:
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(variance + epsilon) * scale + shift


def embed(base: Params, words: jax.Array, epsilon: float) -> jax.Array:
    """Vectors of the pieces (already looked up) with those of their positions."""
    x = words + base["positions"][: words.shape[1]]
    return layer_norm(x, base["ln.w"], base["ln.b"], epsilon)


def layer(p: Params, x: jax.Array, mask: jax.Array, epsilon: float) -> jax.Array:
    """One layer: attention, then the two dense maps; ``mask`` is 1 on tokens, 0 on padding."""
    batch, length, width = x.shape

    def heads(name: str) -> jax.Array:
        y = x @ p[f"{name}.w"] + p[f"{name}.b"]
        return y.reshape(batch, length, HEADS, width // HEADS).transpose(0, 2, 1, 3)

    q, k, v = heads("q"), heads("k"), heads("v")
    scores = q @ k.transpose(0, 1, 3, 2) / jnp.sqrt(width / HEADS)
    scores = jnp.where(mask[:, None, None, :] > 0, scores, -1e9)
    mixed = (jax.nn.softmax(scores) @ v).transpose(0, 2, 1, 3).reshape(batch, length, width)
    x = layer_norm(x + mixed @ p["ao.w"] + p["ao.b"], p["aln.w"], p["aln.b"], epsilon)
    inner = jax.nn.gelu(x @ p["fi.w"] + p["fi.b"], approximate=False)
    return layer_norm(x + inner @ p["fo.w"] + p["fo.b"], p["oln.w"], p["oln.b"], epsilon)


def stacked(layers: list[dict[str, Any]]) -> Params:
    """The layers as one: compiled once, whatever their number."""
    return {name: jnp.stack([p[name] for p in layers]) for name in layers[0]} if layers else {}


def unstacked(layers: Params) -> list[dict[str, Any]]:
    count = len(layers["q.w"])
    return [{name: np.asarray(value[i]) for name, value in layers.items()} for i in range(count)]


def run(layers: Params, x: jax.Array, mask: jax.Array, epsilon: float) -> jax.Array:
    """Through stacked layers, one after the other."""
    if not layers:
        return x
    return jax.lax.scan(lambda y, p: (layer(p, y, mask, epsilon), None), x, layers)[0]


def pool(x: jax.Array, mask: jax.Array) -> jax.Array:
    """The mean over the tokens, at unit length."""
    mean = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)


@partial(jax.jit, static_argnames="epsilon")
def sentence_vectors(
    base: Params, layers: Params, words: jax.Array, mask: jax.Array, epsilon: float
) -> jax.Array:
    return pool(run(layers, embed(base, words, epsilon), mask, epsilon), mask)
