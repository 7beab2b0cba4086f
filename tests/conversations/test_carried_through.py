"""Every persona completes her démarche through the API, driven by the cards' data alone."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.persona import carry_through
from repere.client import Conversation

PERSONAS = sorted((Path(__file__).parent.parent / "dossiers" / "personas").glob("*.yml"))


@pytest.mark.parametrize("path", PERSONAS, ids=lambda path: path.stem)
def test_persona(path: Path, conversation: Conversation) -> None:
    persona: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    carried = carry_through(conversation, persona)
    assert carried.complete, carried.last["text"]
    # A pièce that a field gives (a code, an e-mail address) is not asked for again.
    asked_for = [piece for piece in persona["pieces"] if piece not in persona["values"]]
    assert sorted(carried.pieces) == sorted(asked_for)
    pdf = conversation.http.get(carried.last["card"]["downloads"][0]["url"])
    assert pdf.status_code == 200
    assert pdf.content.startswith(b"%PDF")
