"""Writes the encoder as one ONNX file: pieces in 4 bits, dense maps in 7.

The graph takes one text at a time (its piece numbers). Without a batch there is no padding and no
mask, and a text's vector does not depend on the texts beside it.
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from bot.encoder import data, train, weights
from bot.encoder.prepared import prepared
from bot.encoder.weights import BLOCK, ZERO, Packed
from bot.nlu.encoder import PIECES

OPSET = 18
MICROSOFT = "com.microsoft"
POSITIONS = 256
Layer = dict[str, np.ndarray]


class _Graph:
    """Nodes and constants being gathered; each method returns the name of what it makes."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: np.ndarray) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def floats(self, *values: float) -> str:
        return self.constant(np.array(values, np.float32))

    def sizes(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def node(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        name = f"n{len(self.nodes)}"
        made = helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes)
        self.nodes.append(made)
        return name

    def dense(self, x: str, weights: np.ndarray, bias: np.ndarray) -> str:
        """x @ weights + bias in whole numbers: weights in 7 bits, x in 8 as its values ask."""
        whole, scales = seven_bits(weights)
        name = f"n{len(self.nodes)}"
        outputs = [name, f"{name}.scale", f"{name}.zero"]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], outputs, name=name))
        product = self.node("MatMulInteger", name, self.constant(whole), outputs[2])
        factors = self.node("Mul", outputs[1], self.constant(scales))
        product = self.node("Mul", self.node("Cast", product, to=TensorProto.FLOAT), factors)
        return self.node("Add", product, self.constant(bias))

    def norm(self, x: str, scale: np.ndarray, shift: np.ndarray, epsilon: float) -> str:
        made = self.constant(scale), self.constant(shift)
        return self.node("LayerNormalization", x, *made, axis=-1, epsilon=epsilon)


def seven_bits(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers from -63 to 63, and the scale of each column.

    On processors without VNNI, products of 8 by 8 bits are added in 16 and would be cut; with one
    bit less they all fit, and every processor finds the same whole numbers.
    """
    scales = np.abs(weights).max(0) / 63
    scales = np.where(scales == 0, 1, scales).astype(np.float32)
    return np.rint(weights / scales).astype(np.int8), scales


def build(
    words: Packed, base: Layer, layers: Sequence[Layer], heads: int, epsilon: float
) -> onnx.ModelProto:
    """The whole graph: ``pieces`` (n numbers) to ``vector`` (unit length)."""
    g = _Graph()
    x = _embedded(g, words, base, epsilon)
    for layer in layers:
        x = _layer(g, x, layer, heads, epsilon)
    mean = g.node("ReduceMean", x, g.sizes(0), keepdims=0)
    length = g.node("ReduceL2", mean, g.sizes(0), keepdims=1)
    g.nodes.append(helper.make_node("Div", [mean, length], ["vector"], name="vector"))

    pieces = helper.make_tensor_value_info("pieces", TensorProto.INT64, ["n"])
    width = words.scales.shape[1] * BLOCK
    vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [width])
    graph = helper.make_graph(g.nodes, "encoder", [pieces], [vector], g.constants)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="repere")


def write(model: onnx.ModelProto, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString(deterministic=True))


def _embedded(g: _Graph, words: Packed, base: Layer, epsilon: float) -> str:
    """The pieces' rows, unpacked from 4 bits where they are used, with their positions."""
    nibbles = g.node("Gather", g.constant(words.nibbles), "pieces")
    scales = g.node("Gather", g.constant(words.scales), "pieces")
    blocks = words.scales.shape[1]
    sixteen = g.constant(np.array(16, np.uint8))
    halves = []
    for half in ("Mod", "Div"):
        raw = g.node(half, nibbles, sixteen)
        halves.append(g.node("Reshape", raw, g.sizes(-1, blocks, BLOCK // 2)))
    whole = g.node("Cast", g.node("Concat", *halves, axis=2), to=TensorProto.FLOAT)
    signed = g.node("Sub", whole, g.floats(ZERO))
    factors = g.node("Unsqueeze", g.node("Cast", scales, to=TensorProto.FLOAT), g.sizes(2))
    rows = g.node("Reshape", g.node("Mul", signed, factors), g.sizes(-1, blocks * BLOCK))
    table = g.constant(base["positions"][:POSITIONS])
    places = g.node("Slice", table, g.sizes(0), g.node("Shape", "pieces"), g.sizes(0))
    return g.norm(g.node("Add", rows, places), base["ln.w"], base["ln.b"], epsilon)


def _layer(g: _Graph, x: str, p: Layer, heads: int, epsilon: float) -> str:
    width = p["q.w"].shape[0]
    part = width // heads
    # One map for queries, keys and values; the attention's scale goes into the queries.
    scale = 1 / np.sqrt(part)
    weights = np.concatenate([p["q.w"] * scale, p["k.w"], p["v.w"]], axis=1).astype(np.float32)
    bias = np.concatenate([p["q.b"] * scale, p["k.b"], p["v.b"]]).astype(np.float32)
    joined = g.node("Reshape", g.dense(x, weights, bias), g.sizes(-1, 3, heads, part))
    turned = g.node("Transpose", joined, perm=[1, 2, 0, 3])
    q, k, v = (
        g.node("Gather", turned, g.constant(np.array(i, np.int64)), axis=0) for i in range(3)
    )
    scores = g.node("Softmax", g.node("MatMul", q, g.node("Transpose", k, perm=[0, 2, 1])))
    mixed = g.node("Transpose", g.node("MatMul", scores, v), perm=[1, 0, 2])
    out = g.dense(g.node("Reshape", mixed, g.sizes(-1, width)), p["ao.w"], p["ao.b"])
    x = g.norm(g.node("Add", x, out), p["aln.w"], p["aln.b"], epsilon)
    inner = g.dense(x, p["fi.w"], p["fi.b"])
    inner = g.node("Gelu", inner, domain=MICROSOFT)
    out = g.dense(inner, p["fo.w"], p["fo.b"])
    return g.norm(g.node("Add", x, out), p["oln.w"], p["oln.b"], epsilon)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the file (.onnx)")
    parser.add_argument("--tuned", type=Path, help="the tuned layers; without, as published")
    parser.add_argument(
        "--hashes", type=Path, help="where to note the hashes of what the engine reads"
    )
    asked = parser.parse_args()
    start = prepared(weights.read(), data.load())
    layers = train.tuned_layers(start, train.read(asked.tuned)) if asked.tuned else start.layers
    write(build(start.words, start.base, layers, start.heads, start.epsilon), asked.out)
    if asked.hashes:
        files = (asked.out, PIECES)
        lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in files]
        asked.hashes.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
