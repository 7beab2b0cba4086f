"""The dialogue of a call: what is said to each thing that the caller does.

Commands that need no understanding (« répétez », « plus lentement »…) are answered here; the rest
goes to the conversation, as a message of any channel does. Nothing ends in silence: after three
silences or misunderstandings a person is sought, or the call ends with the dossier kept.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import structlog
from starlette.concurrency import run_in_threadpool

import french
from bot.messages import Message, SmalltalkCard
from channels.conversations import BusyError, Conversations
from channels.engine import EngineUnavailableError
from channels.incoming import Incoming, RefusedMessageError
from channels.models import now
from channels.phone import closing, prompts, recall, said_by_caller, sentences
from channels.phone.calls import Call
from channels.phone.person import Person
from channels.phone.prompts import READ_BACK
from channels.phone.recall import Step
from channels.phone.spoken import MORE, utterances
from channels.phone.turn import Kind, Reply, TurnIn
from dossiers.register import Dossiers
from french.tokens import plain
from french.verbal import in_short, verbal

log = structlog.get_logger()

LOW_CONFIDENCE = 0.5
LAST_TRY = 3  # silences, misunderstandings, faults: then a person, or the end
PATIENCE = 3  # more tries at one value that is read back, and said not to be right
MOST_WAITS = 6
MOST_WAITS_FOR_AN_AGENT = 30  # who has taken the call, and writes

Way = Callable[[Call, TurnIn], Awaitable[Reply]]


class Dialogue:
    """Answers the turns of calls, over the conversations and the dossiers."""

    def __init__(self, conversations: Conversations, dossiers: Dossiers, person: Person) -> None:
        self._conversations = conversations
        self._dossiers = dossiers
        self._person = person
        self._ways: dict[Kind, Way] = {
            Kind.START: self._started,
            Kind.SPEECH: self._heard,
            Kind.DTMF: self._keyed,
            Kind.NO_INPUT: self._silent,
            Kind.TRANSFER_STATUS: self._transferred,
            Kind.HANGUP: self._hung_up,
        }

    async def answer(self, call: Call, turn: TurnIn) -> Reply:
        """The reply to a turn; the call's memory is changed on the way."""
        if call.conversation is None and turn.kind is not Kind.HANGUP:
            welcome = Message(" ".join(sentences.WELCOME), SmalltalkCard())
            call.conversation, _ = await self._conversations.start("phone", welcome)
            call.memory.seq = 1
        reply = await self._ways[turn.kind](call, turn)
        made = f"{now().isoformat(timespec='milliseconds')}Z"
        return replace(reply, slow=call.memory.slow, next=call.memory.turns + 1, at=made)

    # -- what the caller does --------------------------------------------------------------

    async def _started(self, call: Call, turn: TurnIn) -> Reply:
        return self._say(call, sentences.WELCOME)

    async def _heard(self, call: Call, turn: TurnIn) -> Reply:
        memory, text = call.memory, " ".join(turn.text.split())
        if not text:
            return await self._silent(call, turn)
        memory.silences = 0
        said, folded = french.command(text), plain(text[:300])
        local = await self._local(call, turn, said, folded)
        if local is not None:
            return local
        pending, memory.pending = memory.pending, ""
        if pending and said == "yes":
            memory.doubts = 0
            return await self._act(call, turn, pending)
        if pending and said == "no":
            return await self._missed(call, turn, [sentences.MISHEARD])
        if self._is_doubtful(call, turn) and said != "agent":
            return await self._confirm(call, turn, text)
        memory.doubts = 0
        return await self._act(call, turn, text)

    async def _keyed(self, call: Call, turn: TurnIn) -> Reply:
        memory, digits = call.memory, turn.digits.strip().rstrip("#")
        memory.silences, memory.waiting = 0, False
        if digits == "0":
            return await self._act(call, turn, "un conseiller")
        if digits == "*" or not digits:
            return self._continued(call) if memory.rest and not digits else self._repeated(call)
        yes_or_no = {"1": "oui", "2": "non"}.get(digits)
        if yes_or_no and (memory.pending or memory.unanswered or memory.dictated):
            return await self._heard(call, replace(turn, text=yes_or_no, confidence=None))
        if memory.recall:
            if yes_or_no and memory.recall.get("proposed"):
                return await self._act(call, turn, yes_or_no)
            return self._say(call, [sentences.LETTERS_ONLY_SPOKEN], keep=True)
        chosen = next((value for key, _, value in memory.choices if key == digits), None)
        if chosen is not None:
            return await self._ask_guide(call, turn, Incoming(choice=chosen))
        if memory.kind in prompts.KEYPAD and len(digits) > 1:
            return await self._act(call, turn, prompts.typed(memory.kind, digits))
        return await self._missed(call, turn, [sentences.BAD_KEY])

    async def _silent(self, call: Call, turn: TurnIn) -> Reply:
        """Waiting is not a failure when a person is awaited, or when the caller asked for time."""
        memory = call.memory
        owner, news = await self._person.news(call)
        if news:
            memory.silences = 0
            return self._say(call, news)
        memory.silences += 1
        if owner == "agent" and memory.silences <= MOST_WAITS_FOR_AN_AGENT:
            return self._say(call, [sentences.AGENT_WRITES], keep=True)
        if owner == "queue" and memory.silences <= MOST_WAITS:
            return self._say(call, [sentences.IN_QUEUE], keep=True)
        if memory.waiting and memory.silences <= MOST_WAITS:
            return self._say(call, [sentences.STILL_WAITING], keep=True)
        memory.waiting = False
        if memory.silences >= LAST_TRY:
            goodbye = [*self._kept(call), sentences.SILENCE_END]
            return await self._give_up(call, "Silence.", goodbye, hangup=True)
        if memory.silences == 1:
            return self._say(call, [sentences.SILENCE, *self._shorter(call)], keep=True)
        again = [sentences.SILENCE_AGAIN, *prompts.otherwise(memory)]
        return self._say(call, again, keep=True)

    async def _transferred(self, call: Call, turn: TurnIn) -> Reply:
        """A transfer that succeeded needs nothing; one that failed is told honestly."""
        memory = call.memory
        if turn.status == "done":
            return Reply(())
        why = {"busy": sentences.LINE_BUSY, "no-answer": sentences.NO_ANSWER}
        memory.unanswered = memory.transferred = True
        said = [why.get(turn.status, sentences.TRANSFER_FAILED), sentences.NOTED]
        said += [*self._kept(call), sentences.GO_ON]
        return self._say(call, said, keep=True)

    async def _hung_up(self, call: Call, turn: TurnIn) -> Reply:
        """Everything is saved already: the dossiers under way are paused."""
        if call.conversation is not None:
            await self._person.leave(call)
            await run_in_threadpool(closing.pause, self._dossiers, call.conversation)
        return Reply((), hangup=True)

    # -- commands that need no understanding -------------------------------------------------

    async def _local(self, call: Call, turn: TurnIn, said: str | None, folded: str) -> Reply | None:
        memory = call.memory
        waiting, memory.waiting = memory.waiting, False
        if closing.asks_number(folded) and memory.dossier:
            return self._dictated(call)
        if said == "slower":
            memory.slow = True
            return self._say(call, [sentences.SLOWER, *self._last_said(call)], keep=True)
        if said == "hold":
            memory.waiting = True
            return self._say(call, [sentences.WAITING], keep=True)
        if said == "repeat" or (
            waiting and (said == "yes" or said_by_caller.READY.fullmatch(folded))
        ):
            return self._repeated(call)
        if said_by_caller.WHOLE.fullmatch(folded):
            return self._continued(call, whole=True)
        asked_else = memory.pending or memory.unanswered or memory.dictated
        asked_to_go_on = memory.rest and memory.said[-1:] == [MORE] and not asked_else
        if (said == "next" and memory.rest) or (said == "yes" and asked_to_go_on):
            return self._continued(call)
        if said_by_caller.BYE.fullmatch(folded):
            return self._goodbye(call, self._kept(call))
        return None

    def _repeated(self, call: Call) -> Reply:
        memory = call.memory
        if memory.pending:
            return self._say(call, [sentences.heard(memory.pending)], keep=True)
        return self._say(call, self._last_said(call), keep=True)

    def _last_said(self, call: Call) -> list[str]:
        return call.memory.said or list(sentences.WELCOME)

    def _continued(self, call: Call, *, whole: bool = False) -> Reply:
        """The next portion of a long list, or all that remains of it."""
        memory = call.memory
        if not memory.rest:
            return self._say(call, [sentences.NOTHING_MORE, *self._shorter(call)], keep=True)
        portion, memory.rest = memory.rest[0], memory.rest[1:]
        if whole:
            lines = [*portion, *(line for page in memory.rest for line in page)]
            portion, memory.rest = [line for line in lines if line != MORE], []
        return self._say(call, portion)

    def _dictated(self, call: Call) -> Reply:
        """The dossier's number and code, twice, slowly enough to be written."""
        call.memory.dictated = True
        return self._say(call, closing.dictation(call.memory.dossier), keep=True)

    # -- what is said, understood ------------------------------------------------------------

    async def _act(self, call: Call, turn: TurnIn, text: str) -> Reply:
        """Act on words that are taken as heard."""
        memory, said = call.memory, french.command(text)
        unanswered, memory.unanswered = memory.unanswered, False
        dictated, memory.dictated = memory.dictated, False
        if said == "agent":
            memory.recall = {}
            return await self._ask_guide(call, turn, Incoming(text=text), wants_person=True)
        if unanswered and said == "yes":
            return self._say(call, [sentences.GOING_ON, *self._last_said(call)], keep=True)
        if unanswered and said == "no":
            return self._goodbye(call, self._kept(call))
        if dictated and said == "yes":
            return self._dictated(call)
        if dictated and said == "no":
            return self._say(call, [sentences.ANOTHER])
        if memory.recall and said in ("cancel", "back"):
            memory.recall = {}
            return self._say(call, [sentences.RECALL_LEFT, sentences.ASK])
        if memory.recall:
            return await self._recalled(call, turn, recall.answer(memory, text))
        return await self._ask_guide(call, turn, Incoming(text=text))

    async def _recalled(self, call: Call, turn: TurnIn, step: Step) -> Reply:
        """A step of naming a dossier by voice."""
        if step.failed:
            call.memory.recall = {}
            return await self._give_up(call, "Dossier non retrouvé.", [sentences.NO_PERSON])
        if step.text:
            return await self._ask_guide(call, turn, Incoming(text=step.text))
        return self._say(call, step.say)

    async def _ask_guide(
        self, call: Call, turn: TurnIn, incoming: Incoming, *, wants_person: bool = False
    ) -> Reply:
        """Give the message to the conversation, and say what comes back."""
        assert call.conversation is not None
        incoming = replace(
            incoming,
            client_id=call.turn_key(turn.turn_id),
            channel="phone",
            alternatives=tuple(other.text for other in turn.alternatives),
        )
        try:
            messages = await self._conversations.turn(call.conversation, incoming)
        except (EngineUnavailableError, BusyError) as error:
            log.warning("call_turn_failed", error=type(error).__name__)
            return await self._failed(call, wants_person)
        except RefusedMessageError:
            return await self._missed(call, turn, [sentences.TOO_LONG])
        call.memory.faults = 0
        if not messages:
            return self._say(call, await self._person.answer(call), keep=True)
        return await self._said(call, turn, messages, wants_person)

    async def _failed(self, call: Call, wants_person: bool) -> Reply:
        """The guide cannot answer; the words are kept, and a person may still take the call."""
        call.memory.faults += 1
        if wants_person or call.memory.faults >= LAST_TRY:
            said = [sentences.FAULT, *self._kept(call)]
            return await self._give_up(call, "Panne du guide.", said)
        return self._say(call, [sentences.FAULT], keep=True)

    async def _said(
        self,
        call: Call,
        turn: TurnIn,
        messages: Sequence[dict[str, object]],
        wants_person: bool,
    ) -> Reply:
        """The guide's messages as they are heard."""
        memory = call.memory
        dossiers = await run_in_threadpool(closing.dossiers_of, self._dossiers, call.conversation)
        cards = [closing.card_of(message) for message in messages]
        memory.seq = max([memory.seq, *(int(str(m.get("seq", 0))) for m in messages)])
        spoken = utterances([dict(message) for message in messages])
        now = in_short(spoken.now, memory.told)
        memory.rest = [in_short(page, list(memory.told)) for page in spoken.rest]
        memory.choices = [[o.key, o.label, o.value] for o in spoken.options]
        prompts.note_question(memory, cards[-1], dossiers)
        memory.dossier = closing.noted(memory.dossier, cards, dossiers)
        said = [*now, *closing.ending(cards, memory.dossier)]
        memory.dictated = closing.ends(cards)
        if wants_person or any(closing.hands_over(card) for card in cards):
            memory.recall = {}
            return await self._give_up(call, "À la demande de l'appelant.", said, asked=True)
        if cards[-1].get("wants") == "dossier_number":
            wrong = now[:1] if memory.recall else []
            memory.rest, memory.choices = [], []
            step = recall.begin(memory, turn.text)
            return await self._recalled(call, turn, replace(step, say=(*wrong, *step.say)))
        memory.recall = {}
        if lost := closing.lost_tries(cards):
            memory.misses = max(memory.misses, lost - PATIENCE)
            return await self._missed(call, turn, said, told=True)
        memory.misses = 0
        return self._say(call, said)

    # -- the ladders -------------------------------------------------------------------------

    async def _missed(
        self, call: Call, turn: TurnIn, said: list[str], *, told: bool = False
    ) -> Reply:
        """Something was not understood; ``told``: the guide has already asked again."""
        memory = call.memory
        memory.misses += 1
        if told:
            memory.said = said
        if memory.misses >= LAST_TRY and not memory.transferred:
            return await self._give_up(call, "L'appelant n'est pas compris.", said)
        if told and memory.misses > 1 and memory.question:
            memory.rest = []
            said = [said[0], *prompts.otherwise(memory), verbal(memory.question)]
            return self._say(call, said)
        if memory.misses > 1:
            return self._say(call, [*said, *prompts.otherwise(memory)], keep=True)
        return self._say(call, said if told else [*said, *self._shorter(call)], keep=True)

    async def _confirm(self, call: Call, turn: TurnIn, text: str) -> Reply:
        """The recogniser was not sure: ask before acting."""
        memory = call.memory
        memory.doubts += 1
        if memory.doubts >= LAST_TRY:
            memory.doubts = 0
            return await self._missed(call, turn, [sentences.MISHEARD_AGAIN])
        memory.pending = text
        return self._say(call, [sentences.heard(text)], keep=True)

    async def _give_up(
        self,
        call: Call,
        why: str,
        said: list[str],
        *,
        asked: bool = False,
        hangup: bool = False,
    ) -> Reply:
        """Pass the call to a person when one can be called; else ``said``, and the queue."""
        memory = call.memory
        memory.misses = memory.doubts = memory.faults = 0
        transfer = None
        if asked or not memory.transferred:
            transfer = await self._person.transfer(call, why)
        if transfer is not None:
            memory.transferred = True
            return Reply((sentences.PASSING,), prompts.listening(memory), transfer=transfer)
        if hangup:
            return Reply(tuple(said), hangup=True)
        await self._person.request(call)
        return self._say(call, said if asked else [*said, sentences.CALLED], keep=not asked)

    # -- saying ------------------------------------------------------------------------------

    def _say(self, call: Call, said: Sequence[str], *, keep: bool = False) -> Reply:
        """Say and listen; ``keep``: « répétez » says what was said before this."""
        memory = call.memory
        lines = [line for line in said if line] or [sentences.ANOTHER]
        if not keep:
            memory.said = lines
        return Reply(tuple(lines), prompts.listening(memory))

    def _shorter(self, call: Call) -> list[str]:
        memory = call.memory
        if memory.pending:
            return [sentences.heard(memory.pending)]
        if memory.unanswered:
            return [sentences.GO_ON]
        return prompts.shorter(memory)

    def _goodbye(self, call: Call, kept: list[str]) -> Reply:
        return Reply((*kept, sentences.BYE), hangup=True)

    def _kept(self, call: Call) -> list[str]:
        """That the dossier is kept, and its number, when there is one under way."""
        number = call.memory.dossier.get("number")
        return [sentences.kept(number)] if number else []

    def _is_doubtful(self, call: Call, turn: TurnIn) -> bool:
        """Whether the words must be confirmed: fields that are read back anyway are not."""
        sure = turn.confidence is None or turn.confidence >= LOW_CONFIDENCE
        return not sure and call.memory.kind not in READ_BACK and not call.memory.recall
