"""From a decision to the words and the card that people receive."""

from bot.book import say
from bot.messages import (
    OFFICIAL_SITE,
    AnswerCard,
    Choice,
    HandoffCard,
    Message,
    SmalltalkCard,
    answer_card,
    clarify,
    decline,
    detail_choice,
    sources,
    topic_choice,
)
from bot.questions import outcomes, topics
from knowledge.query import Answer, KnowledgeBase, split_topic
from knowledge.schema import SituationField
from knowledge.search import Hit, LiveIndex

MOST_CHOICES = 5
# The questions after which a person may want to begin the démarche.
OFFERING_FACETS = frozenset({"etapes", "pieces", "elements", "demarrer"})
PASSAGE_SHARE = 0.55  # a passage holding this part of a question's words may answer it
PASSAGE_LENGTH = 500
NEAR_SHARE = 0.45  # a sheet holding this part of them is worth proposing
PERSON_AFTER_FAILURES = 2


class Speech:
    """Says decisions from a knowledge base; searches it when nothing was decided."""

    def __init__(self, base: KnowledgeBase, index: LiveIndex) -> None:
        self._base = base
        self._index = index

    def say(self, decision: outcomes.Decision, question: str, failures: int = 0) -> Message:
        """The message of a decision on a question."""
        if isinstance(decision, outcomes.Answer):
            return self._answer(decision)
        if isinstance(decision, outcomes.Begin):
            facet = topics.main_facet(decision.demarche, self._base)
            return self._answer(outcomes.Answer(f"{facet}/{decision.demarche}", {}))
        if isinstance(decision, outcomes.AskWhichToBegin):
            choices = [
                Choice(label=self._base.sheets[subject].title, value=f"begin:{subject}")
                for subject in decision.demarches
            ]
            return clarify(say("which_to_begin"), choices)
        if isinstance(decision, outcomes.AskWhich):
            return self._ask_which(decision)
        if isinstance(decision, outcomes.Propose):
            return self._propose(decision)
        if isinstance(decision, outcomes.NotCovered):
            return self._not_covered(decision, question)
        if isinstance(decision, outcomes.Unrelated):
            return decline(say("unrelated"), "out_of_scope", [])
        return self._not_understood(decision, question, failures)

    def _answer(self, decision: outcomes.Answer) -> Message:
        answer = self._base.answer(decision.topic, decision.situation)
        if answer is None:
            return self._not_understood(outcomes.NotUnderstood(), "", 0)
        choices = self._next_choices(answer)
        if answer.needs_refining and answer.refine:
            field = self._base.situation[answer.refine[0]]
            return clarify(f"{answer.text} {field.question}", _details(field))
        if decision.limit is None:
            return Message(answer.text, answer_card(answer, choices))
        entry = self._base.outsides[decision.limit]
        limit = say("not_covered", label=entry.label)
        card = answer_card(answer, choices)
        card = card.model_copy(update={"notes": [limit, *(card.notes or [])]})
        return Message(say("not_covered_near", limit=limit, answer=answer.text), card)

    def _next_choices(self, answer: Answer) -> list[Choice]:
        choices: list[Choice] = []
        if answer.refine:
            choices += _details(self._base.situation[answer.refine[0]])
        facet, subject = split_topic(answer.topic)
        if facet in OFFERING_FACETS and topics.has_flow(subject, self._base):
            together = say("choice_begin_together")
            choices.insert(0, Choice(label=together, value=f"begin:{subject}"))
        related = [t for t in self._base.sheets[subject].related if t != answer.topic]
        choices += self._topics(tuple(t for t in related if self._base.covers(t)))
        return choices[:MOST_CHOICES]

    def _propose(self, decision: outcomes.Propose) -> Message:
        subjects = {split_topic(topic)[1] for topic in decision.topics}
        if len(decision.topics) > 1 and len(subjects) == 1:
            return self._propose_facets(decision.topics, subjects.pop())
        choices = self._topics(decision.topics)
        if len(choices) > 1:
            return clarify(say("propose"), choices)
        if not choices:
            return self._not_understood(outcomes.NotUnderstood(), "", 0)
        return clarify(say("propose_one", label=choices[0].label), choices)

    def _propose_facets(self, proposed: tuple[str, ...], subject: str) -> Message:
        """Several questions of one subject: it is named once."""
        titles = [self._base.facets[split_topic(topic)[0]].title for topic in proposed]
        choices = [
            topic_choice(title, topic) for title, topic in zip(titles, proposed, strict=True)
        ]
        label = self._base.sheets[subject].label
        return clarify(say("propose_facets", label=label), choices)

    def _ask_which(self, decision: outcomes.AskWhich) -> Message:
        entry = self._base.clarifications[decision.clarification]
        choices = []
        for choice in entry.choices:
            facet, subject = split_topic(choice.topic)
            if facet == "*":
                facet = decision.facet
                if not self._base.covers(f"{facet}/{subject}"):
                    facet = topics.main_facet(subject, self._base)
            if decision.together and topics.has_flow(subject, self._base):
                choices.append(Choice(label=choice.label, value=f"begin:{subject}"))
            else:
                choices.append(topic_choice(choice.label, f"{facet}/{subject}"))
        return clarify(entry.text, choices)

    def _not_covered(self, decision: outcomes.NotCovered, question: str) -> Message:
        near = self._topics(decision.near)
        if decision.outside is not None:
            entry = self._base.outsides[decision.outside]
            said = say("not_covered", label=entry.label)
            text = f"{said} {entry.note}".strip()
        elif decision.topic is not None:
            facet, subject = split_topic(decision.topic)
            silent = self._base.facets[facet].silent.format(label=self._base.sheets[subject].label)
            text = say("silent", silent=silent)
        else:
            passage = self._passage(question)
            if passage is not None:
                return passage
            text = say("not_answered")
        if near:
            text = f"{text} {say('near_subjects')}"
        return decline(text, "not_covered", near)

    def _not_understood(
        self, decision: outcomes.NotUnderstood, question: str, failures: int
    ) -> Message:
        passage = self._passage(question)
        if passage is not None:
            return passage
        near = self._topics(decision.near or self._near(question))
        again = failures + 1 >= PERSON_AFTER_FAILURES
        text = say("not_understood_again" if again else "not_understood_question")
        return decline(text, "not_understood", near)

    def _passage(self, question: str) -> Message | None:
        """A passage of an imported document that holds most of the question's words."""
        hits = self._index.find(question, 3) if question else []
        best = next((h for h in hits if h.topic is None and h.share >= PASSAGE_SHARE), None)
        if best is None or best.citation is None:
            return None
        quoted = best.text if len(best.text) <= PASSAGE_LENGTH else _cut(best.text)
        text = say("passage", title=best.citation.title, quoted=quoted)
        card = AnswerCard(title=best.citation.title, sources=sources((best.citation,)))
        return Message(text, card)

    def _near(self, question: str) -> tuple[str, ...]:
        hits: list[Hit] = self._index.find(question, 3) if question else []
        return tuple(h.topic for h in hits if h.topic is not None and h.share >= NEAR_SHARE)[:3]

    def _topics(self, topics: tuple[str, ...]) -> list[Choice]:
        return [topic_choice(self._base.title_of(topic), topic) for topic in topics]


def welcome() -> Message:
    """The first message of a conversation."""
    choices = [
        topic_choice(say("welcome_lost"), "etapes/duplicata"),
        topic_choice(say("welcome_resume"), "etapes/reprise"),
        topic_choice(say("welcome_imported"), "pieces/vehicule_etranger"),
    ]
    return Message(say("welcome", site=OFFICIAL_SITE), SmalltalkCard(choices=choices))


def handoff() -> Message:
    """A person is asked for; the queue, which alone knows the place, says what follows."""
    return waiting(1, available=False)


def waiting(place: int, available: bool, lead: str = "") -> Message:
    """The request for a person is in the queue at this place (1 = next); is anyone there?"""
    if available:
        before = place - 1
        keys = {0: "waiting_next", 1: "waiting_one"}
        order = say(keys.get(before, "waiting_several"), count=before)
        follows = say("waiting_available", order=order)
    else:
        follows = say("waiting_nobody", place=place)
    text = f"{lead} {say('waiting', follows=follows)}".strip()
    return Message(text, HandoffCard(state="queued", place=place, available=available))


def _details(field: SituationField) -> list[Choice]:
    return [detail_choice(label, field.id, value) for value, label in field.values.items()]


def _cut(text: str) -> str:
    return text[:PASSAGE_LENGTH].rsplit(" ", 1)[0] + "…"
