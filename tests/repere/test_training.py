"""A model carries a hash of what it predicts."""

import tarfile
from pathlib import Path
from random import Random

import pytest
import yaml

from bench.reproducible import shuffled
from repere.settings import ROOT
from repere.training import TrainingError, fingerprint


def packed(folder: Path, name: str, text: str) -> Path:
    """A model as Rasa packs it, with one file of a component."""
    part = folder / "components" / "train_classifier"
    part.mkdir(parents=True)
    (part / name).write_text(text, encoding="ascii")
    model = folder / "model.tar.gz"
    with tarfile.open(model, "w:gz") as archive:
        archive.add(folder / "components", "components")
    return model


def test_the_fingerprint_is_read_from_the_model(tmp_path: Path) -> None:
    assert fingerprint(packed(tmp_path, "fingerprint.txt", "0123456789abcdef")) == (
        "0123456789abcdef"
    )


def test_an_older_model_has_none(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="empreinte"):
        fingerprint(packed(tmp_path, "topics.joblib", ""))


def test_shuffled_data_says_the_same(tmp_path: Path) -> None:
    def said(folder: Path) -> set[tuple[str, str]]:
        return {
            (str(sorted((key, value) for key, value in block.items() if key != "examples")), line)
            for path in folder.rglob("*.yml")
            for block in yaml.safe_load(path.read_text("utf-8")).get("nlu", ())
            for line in block["examples"].splitlines()
        }

    shuffled(tmp_path, Random(2))
    assert said(tmp_path) == said(ROOT / "bot" / "data")
