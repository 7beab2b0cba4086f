"""Documents sent over the web API: hostile ones are refused, doubtful ones are questioned."""

import io
import re
from typing import Any

import httpx
import pytest
import sent_files
from PIL import Image

from dossiers.register import Dossiers
from repere.client import Conversation
from repere.running import Running

THEFT = "je veux préparer un duplicata, on m'a volé ma carte grise, AB-123-CD, pour moi-même"
PIECE = "declaration_vol"
ENCRYPTED = re.compile(rb"[A-Za-z0-9_=-]+")


@pytest.fixture
def asked(conversation: Conversation) -> Conversation:
    """A conversation whose dossier waits for the declaration of theft."""
    conversation.say(THEFT)
    said = conversation.say("compte classique")
    assert said[-1]["card"]["slot"] == f"piece:{PIECE}"
    return conversation


def send(
    conversation: Conversation, content: bytes, name: str = "a.pdf", piece: str = PIECE, **data: str
) -> httpx.Response:
    return conversation.http.post(
        f"/api/conversations/{conversation.id}/files",
        files={"file": (name, content)},
        data={"piece": piece, **data},
    )


def refused(answer: httpx.Response, *statuses: int) -> str:
    assert answer.status_code in (statuses or (422,)), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"MZ\x90\x00" + b"\0" * 2000, "ne reconnais pas"),
        (b"#!/bin/sh\nrm -rf /\n", "ne reconnais pas"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "ne reconnais pas"),
        (b"<html><script>alert(1)</script></html>", "ne reconnais pas"),
        (b"GIF89a" + b"\1" * 200, "ne reconnais pas"),
        (b"PK\x03\x04" + b"\0" * 500, "ne reconnais pas"),
        (sent_files.photo()[:2000], "abîmée"),
        (sent_files.pdf()[:60], "abîmé"),
        (sent_files.png_bomb(), "trop grande"),
        (sent_files.encrypted_pdf(), "mot de passe"),
        (sent_files.pdf_with_script(), "programme"),
        (sent_files.pdf_that_launches(), "programme"),
        (sent_files.pdf_with_file(), "programme"),
        (sent_files.pdf(21), "20 au plus"),
        (b"%PDF-1.7\n" + b"(" * 100_000, "abîmé"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_hostile_document_is_refused_and_the_dossier_still_waits(
    content: bytes, said: str, asked: Conversation
) -> None:
    assert said in refused(send(asked, content, "declaration.pdf"))
    assert asked.say("où j'en suis ?")[-1]["card"]["slot"] == f"piece:{PIECE}"


def test_a_huge_document_is_refused(asked: Conversation) -> None:
    detail = refused(send(asked, b"%PDF-" + b"x" * (11 * 1024 * 1024)), 413, 422)
    assert "dépasse" in detail or "trop lourd" in detail


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "..\\..\\windows\\system32\\cmd.exe",
        "/etc/cron.d/x",
        "a\0b.pdf",
        "photo.php",
        "é" * 300 + ".jpg",
        "<script>.jpg",
        "CON.jpg",
    ],
)
def test_a_name_says_nothing_and_goes_nowhere(
    name: str, running: Running, asked: Conversation
) -> None:
    before = {path for path in running.var.parent.rglob("*") if path.is_file()}
    answer = send(asked, sent_files.photo(), name)
    assert answer.status_code == 201, answer.text
    assert answer.json()["attachment"]["media_type"] == "image/jpeg"
    added = {p for p in running.var.parent.rglob("*") if p.is_file()} - before
    kept = {path for path in added if "repere.db" not in path.name and "engine" not in path.name}
    assert all(path.parent.name == "attachments" for path in kept)
    assert all(len(path.stem) == 32 and path.suffix == ".jpg" for path in kept)


def test_a_photo_keeps_nothing_of_where_it_was_taken(
    running: Running, kept: Dossiers, asked: Conversation
) -> None:
    answer = send(asked, sent_files.photo_with_place())
    assert answer.status_code == 201
    folder = running.var / "attachments"
    for path in folder.iterdir():
        assert ENCRYPTED.fullmatch(path.read_bytes()), "a file is kept in clear"
    stored = (folder / f"{answer.json()['attachment']['id']}.jpg").read_bytes()
    content = kept.ledger.vault.open_bytes(stored)
    assert not Image.open(io.BytesIO(content)).getexif()
    assert b"chez moi" not in content
    assert b"un secret" not in content


@pytest.mark.parametrize("piece", ["../x", "mandat", "inconnue", "", "a" * 100, "PIECE"])
def test_only_a_piece_that_is_asked_is_taken(piece: str, asked: Conversation) -> None:
    refused(send(asked, sent_files.pdf(), piece=piece))


def test_only_the_owner_sends(running: Running, asked: Conversation) -> None:
    other = Conversation(running.url)
    address = f"/api/conversations/{asked.id}/files"
    answer = other.http.post(
        address, files={"file": ("a.pdf", sent_files.pdf())}, data={"piece": PIECE}
    )
    assert refused(answer, 401)
    assert "Aucun dossier n'attend" in refused(send(other, sent_files.pdf()))
    other.close()


def _question(messages: list[dict[str, Any]]) -> dict[str, Any]:
    return dict(messages[-1]["card"])


@pytest.mark.parametrize(
    "said", ["utiliser quand même", "envoyez-la quand même", "tant pis, gardez cette photo"]
)
def test_a_photo_hard_to_read_is_kept_when_the_person_says_so(
    said: str, asked: Conversation
) -> None:
    stored = send(asked, sent_files.blurred()).json()
    assert stored["attachment"]["state"] == "doubtful"
    assert stored["attachment"]["warnings"] == ["L'image est floue."]
    assert "L'image est floue." in stored["messages"][-1]["text"]
    assert _question(stored["messages"])["slot"] == f"piece:{PIECE}"
    assert _question(asked.say(said))["kind"] == "recap"


def test_a_better_photo_settles_it(asked: Conversation) -> None:
    send(asked, sent_files.blurred())
    stored = send(asked, sent_files.photo()).json()
    assert stored["attachment"]["state"] == "sent"
    assert _question(stored["messages"])["kind"] == "recap"


def test_the_api_may_say_it_at_once(asked: Conversation) -> None:
    stored = send(asked, sent_files.blurred(), anyway="true").json()
    assert stored["attachment"]["state"] == "sent"
    assert stored["attachment"]["warnings"] == ["L'image est floue."]
    assert _question(stored["messages"])["kind"] == "recap"


def test_the_choice_of_the_card_says_it_too(asked: Conversation) -> None:
    card = _question(send(asked, sent_files.blurred()).json()["messages"])
    (value,) = [c["value"] for c in card["choices"] if "quand même" in c["label"]]
    assert _question(asked.choose(value))["kind"] == "recap"
