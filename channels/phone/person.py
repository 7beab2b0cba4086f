"""A person in place of the guide: a transfer of the call, or an agent who writes what is said."""

import asyncio
from typing import Any

from channels.conversations import Conversations
from channels.ownership import Ownership
from channels.phone import sentences
from channels.phone.calls import Call
from channels.phone.spoken import MORE, utterances
from channels.phone.turn import Transfer

# An agent's answer is waited for this long in the turn; it is said later otherwise.
ANSWER_SECONDS = 4.0
LOOK_SECONDS = 0.4
LAST_MESSAGES = 6
CALL_ENDED = "L'appel est terminé."


class Person:
    """Reaches a person for a call. ``target``: where calls are transferred, "" for nowhere."""

    def __init__(self, conversations: Conversations, ownership: Ownership, target: str) -> None:
        self._conversations = conversations
        self._ownership = ownership
        self._target = target

    async def request(self, call: Call) -> None:
        """Put the conversation in the agents' queue."""
        if call.conversation is not None:
            await self._ownership.request(call.conversation, "phone")

    async def transfer(self, call: Call, why: str) -> Transfer | None:
        """The transfer of the call with its context; None when there is nowhere to send it."""
        if not self._target or call.conversation is None:
            return None
        await self.request(call)
        after = max(0, call.memory.seq - LAST_MESSAGES)
        _, messages = await self._conversations.history(call.conversation, after)
        last = [{"author": m["author"], "text": m["text"]} for m in messages]
        said = next((m["text"] for m in reversed(messages) if m["author"] == "user"), "")
        known = call.memory.dossier
        number, title = known.get("number", ""), known.get("title", "")
        return Transfer(
            self._target,
            {
                "conversation": call.conversation,
                "dossier": number,
                "demarche": title,
                "reason": why,
                "last": last,
                "summary": sentences.summary(why, title, number, said),
            },
        )

    async def news(self, call: Call) -> tuple[str, list[str]]:
        """Who answers the conversation, and what an agent wrote that was not said yet."""
        if call.conversation is None:
            return "bot", []
        owner, messages = await self._conversations.history(call.conversation, call.memory.seq)
        call.memory.seq = max([call.memory.seq, *(message["seq"] for message in messages)])
        told = [message for message in messages if message["author"] in ("agent", "system")]
        return owner, [line for message in told for line in _lines(message)]

    async def answer(self, call: Call) -> list[str]:
        """What the agent who has the conversation answers, if it comes soon."""
        loop = asyncio.get_running_loop()
        until = loop.time() + ANSWER_SECONDS
        while True:
            _, lines = await self.news(call)
            if lines or loop.time() > until:
                return lines or [sentences.TOLD_AGENT]
            await asyncio.sleep(LOOK_SECONDS)

    async def leave(self, call: Call) -> None:
        """The call is over: who waited waits no more, an agent who answered is told."""
        if call.conversation is not None:
            await self._ownership.leave(call.conversation, CALL_ENDED)


def _lines(message: dict[str, Any]) -> list[str]:
    return [line for line in utterances([message]).whole if line != MORE]
