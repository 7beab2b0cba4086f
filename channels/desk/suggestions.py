"""Answers suggested to an agent, from the same knowledge and the same decision as the guide's."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from bot.heard import heard_from
from bot.messages import Item, Message
from bot.questions import outcomes
from bot.questions.decision import decide
from bot.questions.focus import Focus
from channels.desk.context import Desk
from channels.engine import EngineUnavailableError
from channels.models import StoredMessage

MOST = 4
MOST_SEARCHED = 8
LEAST_SHARE = 0.5
MOST_LOOKED_AT = 4
MOST_CHARS = 3000
# The label of a button, as sheets write it.
_LABEL = re.compile(r"\[([^\[\]]+)\]")


@dataclass(frozen=True)
class Suggestion:
    """A text to send as it is or edited, and where it comes from."""

    title: str
    text: str
    topic: str | None
    sources: list[dict[str, str]]
    # The guide would have answered this; else it was found by its words.
    decided: bool = False


async def suggestions(desk: Desk, conversation: str) -> list[Suggestion]:
    """What the guide would answer to the last question among the last messages; then what is near.

    A last message such as « Êtes-vous là ? » asks nothing: the ones before are looked at too.
    """
    texts = await run_in_threadpool(_last_said, desk, conversation)
    decided_topics: list[str] = []
    for text in texts:
        decided_topics = await _decided(desk, text)
        if decided_topics:
            texts = [text]
            break
    return await run_in_threadpool(_suggested, desk, texts, decided_topics)


def search(desk: Desk, words: str) -> list[Suggestion]:
    """Sheets and imported passages that hold these words, the best first."""
    found = []
    for hit in desk.index.find(words, MOST_SEARCHED):
        if hit.topic is not None:
            found.append(_of_topic(desk, hit.topic))
        elif hit.citation is not None:
            cited = hit.citation
            source = {
                "document": cited.document,
                "title": cited.title,
                "section": cited.section,
                "period": cited.period,
            }
            found.append(Suggestion(cited.section or cited.title, hit.text, None, [source]))
    return [suggestion for suggestion in found if suggestion is not None][:MOST_SEARCHED]


def as_text(message: Message) -> str:
    """An answer and its card as one plain text, that an agent can edit."""
    card = message.card
    parts = [message.text]
    steps = [f"{n}. {s.title} : {s.text}" for n, s in enumerate((card and card.steps) or [], 1)]
    items = [f"- {_item(item)}" for item in (card and card.items) or []]
    notes = list((card and card.notes) or [])
    parts += ["\n".join(lines) for lines in (steps, items, notes) if lines]
    return _LABEL.sub(r"« \1 »", "\n\n".join(parts))[:MOST_CHARS]


async def _decided(desk: Desk, text: str) -> list[str]:
    """The topics that the guide would answer about, or propose."""
    try:
        understood = await desk.engine.parse(text)
    except EngineUnavailableError:
        return []
    decisions = decide(heard_from(understood), Focus(), desk.base)
    answered = [d.topic for d in decisions if isinstance(d, outcomes.Answer)]
    return answered + [t for d in decisions if isinstance(d, outcomes.Propose) for t in d.topics]


def _suggested(desk: Desk, texts: list[str], topics: list[str]) -> list[Suggestion]:
    near = [
        hit.topic
        for text in texts
        for hit in desk.index.find(text, MOST)
        if hit.topic is not None and hit.share >= LEAST_SHARE
    ]
    ranked = list(dict.fromkeys([*topics, *near]))[:MOST]
    found = [_of_topic(desk, topic, topic in topics) for topic in ranked]
    return [suggestion for suggestion in found if suggestion is not None]


def _of_topic(desk: Desk, topic: str, is_decided: bool = False) -> Suggestion | None:
    if not desk.base.covers(topic):
        return None
    message = desk.speech.say(outcomes.Answer(topic, {}), "")
    answer = desk.base.answer(topic)
    if answer is None:
        return None
    cited = [
        {"document": c.document, "title": c.title, "section": c.section, "period": c.period}
        for c in answer.citations
    ]
    return Suggestion(desk.base.title_of(topic), as_text(message), topic, cited, is_decided)


def _last_said(desk: Desk, conversation: str) -> list[str]:
    """The person's last messages, the latest first."""
    query = (
        select(StoredMessage.text)
        .where(StoredMessage.conversation_id == conversation, StoredMessage.author == "user")
        .order_by(StoredMessage.seq.desc())
        .limit(MOST_LOOKED_AT)
    )
    with Session(desk.database) as db:
        return list(db.scalars(query))


def _item(item: Item) -> str:
    return f"{item.label} ({item.note})" if item.note else item.label
