"""Moves while nothing is being filled: questions on the documents, offers, talk, a person."""

from collections.abc import Sequence
from dataclasses import replace

from bot.book import say
from bot.dialogue import picks
from bot.dialogue.acts import Act, Kind
from bot.dialogue.cards import begin_choice
from bot.dialogue.filed import report
from bot.dialogue.openings import open_dossier
from bot.dialogue.scene import MOVES, Hands, Scene, Step, move
from bot.dialogue.state import Talk
from bot.messages import HUMAN, DeclineCard, Message, SmalltalkCard, smalltalk, topic_choice
from bot.questions import outcomes
from bot.questions.decision import decide
from bot.questions.focus import Focus
from bot.questions.speech import handoff

MOST_WORDS_AGREEING = 3


@move
def answer_freely(hands: Hands, scene: Scene, act: Act) -> Step:
    """A question, or anything else that no dossier waits for: decided from the sheets."""
    decisions = decide(scene.heard, scene.talk.focus, hands.base)
    return say_decisions(hands, scene, decisions)


def say_decisions(
    hands: Hands, scene: Scene, decisions: Sequence[outcomes.Decision], question: str | None = None
) -> Step:
    """What is said of decisions, and what is then talked about."""
    begun = next((d for d in decisions if isinstance(d, outcomes.Begin)), None)
    if begun is not None:
        return open_dossier(hands, scene, Act(Kind.BEGIN, detail=begun.demarche))
    asked = scene.heard.text if question is None else question
    focus = scene.talk.focus
    said = [hands.speech.say(d, asked, focus.failures) for d in decisions]
    talk = replace(scene.talk, focus=_after(decisions[-1], said[-1], focus))
    return Step(talk, tuple(said), asks=False)


def _after(decision: outcomes.Decision, said: Message, focus: Focus) -> Focus:
    """What is talked about after a decision was said."""
    if isinstance(decision, outcomes.Answer):
        return focus.on(decision.topic, decision.situation)
    if isinstance(said.card, DeclineCard) and said.card.reason == "not_understood":
        return replace(focus, failures=focus.failures + 1)
    return focus


@move
def take_offer(hands: Hands, scene: Scene, act: Act) -> Step:
    """A choice that was offered, taken up in words."""
    if not act.detail:
        return answer_freely(hands, scene, act)
    return picks.pick(hands, scene, act.detail)


@move
def agree(hands: Hands, scene: Scene, act: Act) -> Step:
    """A mere yes, which no choice explains."""
    return _unexplained(hands, scene, act)


@move
def acknowledge(hands: Hands, scene: Scene, act: Act) -> Step:
    """A mere no: nothing more is asked."""
    return _unexplained(hands, scene, act)


def _unexplained(hands: Hands, scene: Scene, act: Act) -> Step:
    decisions = decide(scene.heard, scene.talk.focus, hands.base)
    vague = isinstance(decisions[-1], outcomes.NotUnderstood | outcomes.NotCovered)
    if vague or len(scene.heard.text.split()) <= MOST_WORDS_AGREEING:
        offered = tuple(scene.talk.focus.offered)
        kept = replace(scene.talk, confirm="", waiting="")
        said = smalltalk(say("ask_other"))
        return Step(replace(kept, focus=replace(kept.focus, offered=offered)), (said,), asks=False)
    return say_decisions(hands, scene, decisions)


@move
def say_goodbye(hands: Hands, scene: Scene, act: Act) -> Step:
    return Step(scene.talk, (smalltalk(say("talk_au_revoir")),), asks=False)


@move
def reply_in_kind(hands: Hands, scene: Scene, act: Act) -> Step:
    """A greeting, thanks, a compliment."""
    key = "talk_saluer" if act.detail == "saluer" else "talk_remercier"
    return Step(scene.talk, (smalltalk(say(key)),), asks=False)


@move
def say_otherwise(hands: Hands, scene: Scene, act: Act) -> Step:
    """The last answer by its steps or items, then with ways out."""
    focus = scene.talk.focus
    answer = hands.base.answer(focus.topic, dict(focus.situation)) if focus.topic else None
    if answer is None:
        said = Message(
            say("otherwise_unknown"), DeclineCard(reason="not_understood", choices=[HUMAN])
        )
        return Step(scene.talk, (said,), asks=False)
    again = hands.speech.say(outcomes.Answer(answer.topic, dict(focus.situation)), "")
    steps = [step.title for step in answer.steps] or [item.label for item in answer.items]
    listed = " ; ".join(f"{n}. {title}" for n, title in enumerate(steps, 1))
    text = say("otherwise", steps=listed) if steps else answer.text
    said = again.saying(text).showing(choices=[*again.choices[:3], HUMAN])
    return Step(scene.talk, (said,), asks=False)


@move
def report_filed(hands: Hands, scene: Scene, act: Act) -> Step:
    return report(hands, scene, act)


@move
def report_paid(hands: Hands, scene: Scene, act: Act) -> Step:
    return report(hands, scene, act)


@move
def confirmed(hands: Hands, scene: Scene, act: Act) -> Step:
    """What was asked in so many words is done."""
    wanted, _, demarche = scene.talk.confirm.partition(" ")
    if not wanted:  # an old choice: nothing waits for a yes
        return Step(scene.talk, (smalltalk(say("ask_other")),), asks=bool(scene.talk.dossier))
    scene = replace(scene, talk=replace(scene.talk, waiting="", confirm=""))
    if wanted == "call_person":
        return Step(scene.talk, (handoff(),), asks=bool(scene.talk.dossier))
    if demarche:
        opening: Step = MOVES[wanted](hands, scene, Act(Kind.BEGIN, detail=demarche, binds=True))
        return opening
    kind = {"report_filed": Kind.FILED, "report_paid": Kind.PAID}[wanted]
    return report(hands, scene, Act(kind, binds=True))


@move
def not_confirmed(hands: Hands, scene: Scene, act: Act) -> Step:
    """It is not done."""
    talk = replace(scene.talk, waiting="", confirm="")
    if act.kind in (Kind.DENY, Kind.SKIP):
        asks = bool(talk.dossier)
        said = () if asks else (smalltalk(say("not_done")),)
        return Step(talk, said, lead=say("not_done") if asks else "", asks=asks)
    return answer_freely(hands, replace(scene, talk=talk), act)


@move
def open_again(hands: Hands, scene: Scene, act: Act) -> Step:
    """Another one after a dossier that is complete: begun for a yes."""
    wished = act.detail or scene.filling.demarche
    label = hands.base.sheets[wished.split()[0]].label
    choice = begin_choice(say("choice_begin"), wished.split()[0])
    said = Message(say("offer_later", label=label), SmalltalkCard(choices=[choice]))
    return Step(scene.talk, (said,), asks=False)


def talk_of(intent: str, talk: Talk) -> Step | None:
    """The guide's own words to talk about itself."""
    if intent == "recommencer":
        return Step(
            Talk(aside=talk.aside, later=talk.later), (smalltalk(say("start_afresh")),), asks=False
        )
    choices = [HUMAN]
    if intent == "aide":
        choices = [
            topic_choice(say("talk_help_lost"), "etapes/duplicata"),
            topic_choice(say("talk_help_sale"), "etapes/cession"),
            topic_choice(say("talk_help_follow"), "etapes/suivi"),
            HUMAN,
        ]
    reason = {"injection": "out_of_scope", "autre_langue": "not_understood"}.get(intent)
    if reason is not None:
        card = DeclineCard(reason=reason, choices=choices)
        return Step(talk, (Message(say(f"talk_{intent}"), card),), asks=False)
    shown = choices if intent in ("aide", "insulte", "identite") else None
    return Step(talk, (smalltalk(say(f"talk_{intent}"), shown),), asks=False)


@move
def tell_who(hands: Hands, scene: Scene, act: Act) -> Step:
    """A question on the guide itself: its own sentence, then the question under way again."""
    step = talk_of(act.detail, scene.talk)
    assert step is not None
    return replace(step, asks=bool(step.talk.dossier))
