"""What may be sent to the public API: texts made harmless, bodies refused in words."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from api_calls import assert_problem, history, post

from repere.client import Conversation
from repere.running import Running

CARD = "4970 1012 3456 7893"


class TestTexts:
    def test_control_characters_are_neither_kept_nor_harmful(
        self, conversation: Conversation
    ) -> None:
        (said,) = conversation.say("Que\x00 veut\x1b dire\u202e CPI\x7f ?\u200b")
        assert said["card"]["topic"] == "definition/cpi"
        kept = history(conversation)["messages"][1]["text"]
        assert kept.split() == ["Que", "veut", "dire", "CPI", "?"]
        assert kept.isprintable()

    @pytest.mark.parametrize(
        "payload",
        [
            "/restart", '/choisir{"choix":"talk:humain"}', "//back", " /back", "\n/session_start",
            "/", "\u200b/back", "/\u200b/back", "/ /back", "\u00a0/back", "/\x00/back",
        ],
    )  # fmt: skip
    def test_a_payload_is_only_text(
        self, payload: str, running: Running, conversation: Conversation
    ) -> None:
        """The engine is told words, whatever was typed; a reply comes as to any words."""
        assert conversation.say(payload)
        with closing(sqlite3.connect(running.var / "trackers.db")) as database:
            (events,) = database.execute(
                "SELECT events FROM tracker WHERE conversation = ?", (conversation.id,)
            ).fetchone()
        (told,) = [event["text"] for event in json.loads(events) if event["event"] == "user"]
        assert not told.strip().startswith("/")

    @pytest.mark.parametrize("text", ["", " ", "\n\t", "\x00", "\u200b\u2028"])
    def test_an_empty_text_is_refused(self, text: str, conversation: Conversation) -> None:
        assert "vide" in assert_problem(post(conversation, json={"text": text}), 422)

    def test_the_longest_text(self, conversation: Conversation) -> None:
        question = "Que veut dire CPI ?"
        assert post(conversation, json={"text": question.rjust(500, ".")}).is_success
        refused = post(conversation, json={"text": question.rjust(501, ".")})
        detail = assert_problem(refused, 422)
        assert "500" in detail
        assert "501" in detail

    def test_a_card_number_goes_nowhere(self, running: Running, conversation: Conversation) -> None:
        conversation.say(f"Je paie avec ma carte {CARD}, comment faire ?")
        kept = history(conversation)["messages"][1]["text"]
        assert kept == "Je paie avec ma carte [numéro de carte masqué], comment faire ?"
        for file in running.var.iterdir():
            if file.is_file():
                assert b"3456 7893" not in file.read_bytes(), file

    def test_texts_are_not_in_the_logs(self, running: Running, conversation: Conversation) -> None:
        conversation.say("Où trouver le code de cession, xylophone ?")
        assert "xylophone" not in running.log
        engine_log = (running.var / "engine.log").read_text(encoding="utf-8", errors="replace")
        assert "xylophone" not in engine_log


class TestBodies:
    @pytest.mark.parametrize(
        "body",
        [
            {"text": 12}, {"text": ["Bonjour"]}, {"text": {"a": 1}}, {"text": None}, {"text": True},
            {}, [], "Bonjour", 12, None, {"text": "Bonjour", "choice": "talk:humain"},
            {"text": "Bonjour", "author": "bot"}, {"message": "Bonjour"},
        ],
    )  # fmt: skip
    def test_what_is_not_a_message(self, body: Any, conversation: Conversation) -> None:
        assert_problem(post(conversation, json=body), 422)
        assert len(history(conversation)["messages"]) == 1

    @pytest.mark.parametrize(
        "content",
        [
            b"", b"{", b"{'text': 'Bonjour'}", b"\xff\xfe", b'{"text": "\xe9t\xe9"}',
            b'{"text": NaN}', b"[" * 50_000,
        ],
    )  # fmt: skip
    def test_what_is_not_json(self, content: bytes, conversation: Conversation) -> None:
        answer = post(conversation, content=content, headers={"Content-Type": "application/json"})
        assert_problem(answer, answer.status_code)
        assert answer.status_code in (400, 422)

    def test_half_a_character(self, conversation: Conversation) -> None:
        content = b'{"text": "Que veut dire CPI \\ud83d ?"}'
        answer = post(conversation, content=content, headers={"Content-Type": "application/json"})
        assert_problem(answer, 422)

    @pytest.mark.parametrize(
        "kind",
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", ""],
    )
    def test_another_content_type_is_refused(self, kind: str, conversation: Conversation) -> None:
        content = json.dumps({"text": "Bonjour"}).encode()
        answer = post(conversation, content=content, headers={"Content-Type": kind})
        assert_problem(answer, answer.status_code)
        assert answer.status_code in (415, 422)
        started = conversation.http.post(
            "/api/conversations", content=b"{}", headers={"Content-Type": kind}
        )
        assert started.status_code in (415, 422)

    def test_a_huge_body_is_refused(self, conversation: Conversation) -> None:
        answer = post(conversation, json={"text": "a" * 1_000_000})
        assert_problem(answer, 413)

    def test_a_huge_body_of_unknown_length_is_refused(self, conversation: Conversation) -> None:
        def parts() -> Iterator[bytes]:
            yield b'{"text": "'
            for _ in range(100):
                yield b"a" * 10_000
            yield b'"}'

        headers = {"Content-Type": "application/json"}
        answer = post(conversation, content=parts(), headers=headers)
        assert_problem(answer, 413)
