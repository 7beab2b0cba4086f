"""The same examples make the same model, whatever their order, the threads and the processor."""

import json
import subprocess
from typing import Any

import pytest

from repere.settings import ROOT
from repere.training import ENGINE_PYTHON, engine_environment

# Probabilities are kept to three decimals: a thousandth of a thousandth of that is left between
# what machines may differ by and what is kept.
MARGIN = 1e-9


def learnt(seed: int, **environment: str) -> dict[str, Any]:
    """What a part of the training data teaches, its examples shuffled."""
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-m", "tests.bot.small_training", str(seed)],
        cwd=ROOT,
        env=engine_environment() | environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


@pytest.fixture(scope="module")
def first() -> dict[str, Any]:
    return learnt(1, OPENBLAS_NUM_THREADS="1")


# The libraries are told to use what processors of fifteen years ago had (ignored elsewhere).
OLD_PROCESSOR = {
    "OPENBLAS_CORETYPE": "Nehalem",
    "BLIS_ARCH_TYPE": "generic",
    "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3",
}


@pytest.mark.parametrize("other", [{"OPENBLAS_NUM_THREADS": "2"}, OLD_PROCESSOR])
def test_trainings_agree(first: dict[str, Any], other: dict[str, str]) -> None:
    again = learnt(2, **other)
    assert first["examples"] > 300
    assert again["predicted"] == first["predicted"]
    assert again["fingerprint"] == first["fingerprint"]
    assert again["acts"] == first["acts"]
    pairs = zip(again["probabilities"], first["probabilities"], strict=True)
    gaps = [abs(a - b) for one, two in pairs for a, b in zip(one, two, strict=True)]
    assert max(gaps) < MARGIN


def test_a_message_is_read_the_same_alone_or_with_others(first: dict[str, Any]) -> None:
    assert first["alone"] == first["predicted"]


def test_what_is_kept_has_three_decimals_and_an_order(first: dict[str, Any]) -> None:
    for topics, facets, subjects, similarity in first["predicted"]:
        for ranked in (topics, facets, subjects):
            assert all(round(p, 3) == p for _, p in ranked)
            assert ranked == sorted(ranked, key=lambda pair: (-pair[1], pair[0]))
        assert round(similarity, 3) == similarity


def test_other_examples_have_another_fingerprint(first: dict[str, Any]) -> None:
    assert first["of fewer examples"] != first["fingerprint"]
