"""The public API's contract, call by call, on the running Repère."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from api_calls import PROBLEM, assert_problem, history, post
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from repere.client import Conversation
from repere.running import Running

CLARIFIED = "Quelles pièces faut-il fournir ?"


@pytest.fixture
def another(running: Running) -> Iterator[Conversation]:
    """Someone else's conversation."""
    begun = Conversation(running.url)
    yield begun
    begun.close()


class TestBeginning:
    def test_ids_and_tokens_are_the_servers_own(
        self, conversation: Conversation, another: Conversation
    ) -> None:
        assert re.fullmatch(r"[0-9a-f]{32}", conversation.id)
        assert conversation.id != another.id
        assert conversation.token != another.token
        assert conversation.id not in conversation.token

    def test_an_id_cannot_be_asked_for(self, running: Running) -> None:
        answer = httpx.post(f"{running.url}/api/conversations", json={"conversation": "0" * 32})
        assert_problem(answer, 422)

    def test_first_message_says_what_must_be_known(self, conversation: Conversation) -> None:
        (first,) = conversation.first
        assert first["author"] == "bot"
        assert first["seq"] == 1
        for said in (
            "Repère", "pas un site officiel", "immatriculation.ants.gouv.fr", "sites payants",
            "2017-2018", "enregistrés", "effacer", "carte bancaire",
        ):  # fmt: skip
            assert said in first["text"]
        assert len(first["card"]["choices"]) == 3

    def test_a_message_has_the_fields_of_the_contract(self, conversation: Conversation) -> None:
        (said,) = conversation.say("Que veut dire CPI ?")
        assert set(said) == {"seq", "author", "at", "text", "card"}
        assert said["author"] == "bot"
        assert said["at"].endswith("Z")
        sent_at = datetime.fromisoformat(said["at"])
        assert abs((datetime.now(UTC) - sent_at).total_seconds()) < 60
        for source in said["card"]["sources"]:
            assert all(source[field] for field in ("document", "title", "section", "period"))


class TestTokens:
    @pytest.fixture
    def other_tokens(
        self, running: Running, conversation: Conversation, another: Conversation
    ) -> dict[str, str]:
        secret = (running.var / "secret.key").read_text(encoding="ascii")
        old = URLSafeTimedSerializer(secret, salt="conversation", signer=_LongAgo)
        forged = URLSafeTimedSerializer("another secret", salt="conversation")
        return {
            "none": "",
            "other scheme": f"Basic {conversation.token}",
            "not a token": "Bearer abc",
            "altered": f"Bearer {conversation.token[:-1]}",
            "foreign": f"Bearer {another.token}",
            "forged": f"Bearer {forged.dumps(conversation.id)}",
            "expired": f"Bearer {old.dumps(conversation.id)}",
        }

    @pytest.mark.parametrize(
        "which",
        [
            "none", "other scheme", "not a token", "altered", "foreign", "forged",
            "expired",
        ],
    )  # fmt: skip
    def test_another_token_opens_nothing(
        self, which: str, running: Running, conversation: Conversation, other_tokens: dict[str, str]
    ) -> None:
        given = other_tokens[which]
        address = f"{running.url}/api/conversations/{conversation.id}"
        with httpx.Client(headers={"Authorization": given} if given else {}) as stranger:
            for answer in (
                stranger.get(f"{address}/messages"),
                stranger.post(f"{address}/messages", json={"text": "Que veut dire CPI ?"}),
                stranger.delete(address),
            ):
                assert_problem(answer, 401)
                assert answer.headers["www-authenticate"] == "Bearer"
        assert len(history(conversation)["messages"]) == 1

    def test_unknown_conversation(self, running: Running) -> None:
        secret = (running.var / "secret.key").read_text(encoding="ascii")
        token = URLSafeTimedSerializer(secret, salt="conversation").dumps("0" * 32)
        address = f"{running.url}/api/conversations/{'0' * 32}"
        with httpx.Client(headers={"Authorization": f"Bearer {token}"}) as client:
            assert_problem(client.get(f"{address}/messages"), 404)
            assert_problem(client.post(f"{address}/messages", json={"text": "Bonjour"}), 404)
            assert_problem(client.delete(address), 404)

    def test_what_is_not_an_id(self, conversation: Conversation) -> None:
        for wrong in ("1", "' OR 1=1 --", "../messages", "Z" * 32, "0" * 33):
            answer = conversation.http.get(f"/api/conversations/{wrong}/messages")
            assert answer.status_code in (401, 404, 422)
            assert answer.headers["content-type"] == PROBLEM


class TestChoices:
    def test_an_offered_choice_is_kept_by_its_label(self, conversation: Conversation) -> None:
        offered = conversation.first[0]["card"]["choices"][1]
        (said,) = conversation.choose(offered["value"])
        assert said["card"]["topic"] == "etapes/reprise"
        assert history(conversation)["messages"][1]["text"] == offered["label"]

    @pytest.mark.parametrize(
        "value",
        [
            "topic:etapes/cession", "detail:pour_qui=autrui", "/restart", "", "x" * 121,
            'topic:etapes/reprise"}{"choix": "talk:humain',
        ],
    )  # fmt: skip
    def test_a_choice_never_offered_is_refused(
        self, value: str, conversation: Conversation
    ) -> None:
        assert_problem(post(conversation, json={"choice": value}), 422)
        assert len(history(conversation)["messages"]) == 1

    def test_a_choice_offered_to_someone_else_is_refused(
        self, conversation: Conversation, another: Conversation
    ) -> None:
        (said,) = another.say(CLARIFIED)
        value = said["card"]["choices"][1]["value"]
        detail = assert_problem(post(conversation, json={"choice": value}), 422)
        assert "n'a pas été proposé" in detail

    def test_an_old_choice_may_still_be_taken(self, conversation: Conversation) -> None:
        first = conversation.first[0]["card"]["choices"][1]["value"]
        conversation.say("Que veut dire CERT ?")
        (said,) = conversation.choose(first)
        assert said["card"]["topic"] == "etapes/reprise"


class TestRepeats:
    def test_a_repeat_has_the_same_reply_and_is_stored_once(
        self, conversation: Conversation
    ) -> None:
        body = {"text": "De quoi ai-je besoin pour un duplicata ?", "client_id": "message-1"}
        first = conversation.send(body)
        conversation.say("Merci")
        assert conversation.send(body) == first
        texts = [m["text"] for m in history(conversation)["messages"] if m["author"] == "user"]
        assert texts == [body["text"], "Merci"]

    def test_a_repeat_while_the_first_is_answered(self, conversation: Conversation) -> None:
        body = {"text": "Comment déclarer une cession ?", "client_id": "b7"}
        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(conversation.send, [body] * 4))
        assert all(reply == replies[0] for reply in replies)
        authors = [m["author"] for m in history(conversation)["messages"]]
        assert authors.count("user") == 1

    def test_two_conversations_may_use_the_same_client_id(
        self, conversation: Conversation, another: Conversation
    ) -> None:
        conversation.send({"text": "Que veut dire CERT ?", "client_id": "1"})
        (said,) = another.send({"text": "Que veut dire CPI ?", "client_id": "1"})
        assert said["card"]["topic"] == "definition/cpi"

    @pytest.mark.parametrize("client_id", ["", "é", "a b", "x" * 65, 3, "a\n"])
    def test_what_is_not_a_client_id(self, client_id: Any, conversation: Conversation) -> None:
        answer = post(conversation, json={"text": "Bonjour", "client_id": client_id})
        assert_problem(answer, 422)

    def test_concurrent_messages_are_answered_one_by_one_in_order(
        self, running: Running, conversation: Conversation
    ) -> None:
        asked = [f"Que veut dire {word} ?" for word in ("CPI", "CERT", "CLU", "SIV", "FNI")]

        async def ask_all() -> list[httpx.Response]:
            headers = {"Authorization": f"Bearer {conversation.token}"}
            async with httpx.AsyncClient(
                base_url=running.url, headers=headers, timeout=30
            ) as client:
                sent = []
                for text in asked:
                    sent.append(
                        asyncio.create_task(
                            client.post(
                                f"/api/conversations/{conversation.id}/messages",
                                json={"text": text},
                            )
                        )
                    )
                    await asyncio.sleep(0.05)
                return await asyncio.gather(*sent)

        replies = asyncio.run(ask_all())
        assert [reply.status_code for reply in replies] == [200] * 5
        kept = history(conversation)["messages"][1:]
        assert [m["author"] for m in kept] == ["user", "bot"] * 5
        assert [m["text"] for m in kept if m["author"] == "user"] == asked
        topics = [m["card"]["topic"] for m in kept if m["author"] == "bot"]
        assert topics == [f"definition/{word}" for word in ("cpi", "cert", "clu", "siv", "fni")]
        for reply, message in zip(replies, kept[1::2], strict=True):
            assert reply.json()["messages"] == [message]


class TestHistory:
    def test_after_a_message(self, conversation: Conversation) -> None:
        conversation.say("Que veut dire CPI ?")
        conversation.say("Merci")
        whole = history(conversation)
        assert whole["owner"] == "bot"
        assert [m["seq"] for m in whole["messages"]] == [1, 2, 3, 4, 5]
        assert [m["author"] for m in whole["messages"]] == ["bot", "user", "bot", "user", "bot"]
        assert history(conversation, after=3)["messages"] == whole["messages"][3:]
        assert history(conversation, after=5)["messages"] == []
        assert history(conversation, after=2**31 - 1)["messages"] == []

    @pytest.mark.parametrize("after", ["-1", "deux", "1.5", str(2**31), str(10**30)])
    def test_what_is_not_a_place(self, after: str, conversation: Conversation) -> None:
        answer = conversation.http.get(
            f"/api/conversations/{conversation.id}/messages", params={"after": after}
        )
        assert_problem(answer, 422)

    def test_erased_everywhere(self, running: Running, conversation: Conversation) -> None:
        conversation.say("Que veut dire CPI ?")
        address = f"/api/conversations/{conversation.id}"
        erased = conversation.http.delete(address)
        assert erased.status_code == 204
        assert not erased.content
        assert_problem(conversation.http.get(f"{address}/messages"), 404)
        assert_problem(post(conversation, json={"text": "Bonjour"}), 404)
        assert_problem(conversation.http.delete(address), 404)
        for name, query in (
            ("repere.db", "SELECT count(*) FROM message WHERE conversation_id = ?"),
            ("repere.db", "SELECT count(*) FROM conversation WHERE id = ?"),
            ("trackers.db", "SELECT count(*) FROM tracker WHERE conversation = ?"),
        ):
            with closing(sqlite3.connect(running.var / name)) as database:
                assert database.execute(query, (conversation.id,)).fetchone() == (0,), name


class TestAround:
    def test_health_and_readiness(self, running: Running) -> None:
        assert httpx.get(f"{running.url}/health").json() == {"status": "alive"}
        ready = httpx.get(f"{running.url}/ready").json()
        assert ready == {"ready": True, "engine": True, "database": True}

    def test_unknown_addresses_and_methods(self, running: Running) -> None:
        assert_problem(httpx.get(f"{running.url}/api/nothing"), 404)
        refused = httpx.put(f"{running.url}/api/conversations", json={})
        assert_problem(refused, 405)
        assert refused.headers["allow"] == "POST"

    def test_the_engines_call_is_closed_to_the_public(self, running: Running) -> None:
        for given in (b"", b"Bearer", b"Bearer x", "Bearer é".encode()):
            headers = {"Authorization": given}
            answer = httpx.post(f"{running.url}/internal/actions", json={}, headers=headers)
            assert_problem(answer, 404)

    def test_security_headers(self, running: Running) -> None:
        for path in ("/", "/health", "/api/nothing", "/api/conversations"):
            headers = httpx.get(f"{running.url}{path}").headers
            assert "default-src 'none'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"


class _LongAgo(TimestampSigner):
    """Signs as of 31 days ago."""

    def get_timestamp(self) -> int:
        return super().get_timestamp() - 31 * 24 * 3600
