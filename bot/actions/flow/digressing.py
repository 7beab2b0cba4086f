"""What is said in the middle of a dossier besides its answers, and then its question again."""

from dataclasses import replace

from bot.actions import decision as decided
from bot.actions import outcomes, topics
from bot.actions.context import Context
from bot.actions.flow import asides, replies
from bot.actions.flow.answering import Answering
from bot.actions.flow.answers import FREE_KINDS, Given
from bot.actions.flow.corrections import kind_named
from bot.actions.flow.flux import Flux
from bot.actions.flow.keeper import Outcome
from bot.actions.flow.stages import Next
from bot.actions.flow.wording import capitalised
from bot.actions.heard import Heard
from bot.actions.messages import Message
from bot.actions.wishes import wishes
from dossiers.views import DossierView
from knowledge.query import split_topic

QUESTION_SURE = 0.60  # a message this surely a question is one, whatever field is asked
QUESTION_IN_FREE_FIELD = 0.75  # … even where any text would be an answer
OTHER_DEMARCHE = 0.60


class Digressing(Answering):
    """Tells a question, a greeting or another wish from an answer."""

    def _other_demarche(
        self, dossier: DossierView, flux: Flux, now: Next, heard: Heard
    ) -> Outcome | None:
        facet, subject = split_topic(heard.whole.best)
        if not topics.has_flow(subject, self._base):
            return None
        if self._owner(subject) == self._owner(dossier.demarche):
            return None
        if facet == "demarrer" and heard.whole.confidence >= OTHER_DEMARCHE:
            own_words = now.champ is not None and now.champ.kind in FREE_KINDS
            wished = asides.wishes_otherwise(heard.text, own_words)
        else:
            wished = (
                heard.whole.subjects.get(subject, 0.0) >= OTHER_DEMARCHE
                and facet in ("demarrer", topics.main_facet(subject, self._base))
                and asides.wishes_otherwise(heard.text, in_own_words=True)
                and wishes(heard.text)
                and not asides.asks(heard.text)
            )
        if not wished or self._may_correct(dossier, heard):
            return None
        return Outcome([replies.put_aside(dossier)], flux, begin=subject)

    def _may_correct(self, dossier: DossierView, heard: Heard) -> bool:
        """« je voudrais changer l'adresse », where one was given: that one, if nothing else."""
        elsewhere = asides.names_elsewhere(heard.text)
        return not elsewhere and kind_named(heard.text, self._answered(dossier))

    def _owner(self, subject: str) -> str:
        """The démarche whose flow a subject goes through."""
        return next(sheet.id for sheet in self._base.lineage(subject) if sheet.flow)

    def _unasked(self, dossier: DossierView, flux: Flux, now: Next, heard: Heard) -> Outcome | None:
        """Answers to other questions, unless the message asks something itself."""
        if asides.asks_somewhere(heard.text):
            return None
        return self._other_answers(dossier, flux, now, heard)

    def _aside_talk(
        self, dossier: DossierView, flux: Flux, now: Next, heard: Heard
    ) -> Outcome | None:
        """A greeting, thanks, a question on the guide itself: a word back, then the question."""
        if not now.in_own_words and isinstance(self._read(dossier, now, heard), Given):
            return None
        told = asides.told(heard)
        if told is not None:
            return Outcome([told, self._ask(dossier, flux)], flux)
        word = asides.courtesy(heard)
        return Outcome([self._ask(dossier, flux, word)], flux) if word else None

    def _digression(
        self, dossier: DossierView, flux: Flux, now: Next, heard: Heard, context: Context
    ) -> Outcome | None:
        """A question on the documents: answered, then the flow's question is asked again."""
        if not self._is_question(dossier, now, heard):
            return None
        said = self._said_of(dossier, now, heard, context)
        if not said:
            return None
        return Outcome([*said, self._ask(dossier, flux, replies.BACK_TO_IT)], flux)

    def _said_of(
        self, dossier: DossierView, now: Next, heard: Heard, context: Context
    ) -> list[Message]:
        """The answers to a question asked in the middle of a dossier; what it leaves unsaid is
        asked of this démarche, in this case."""
        known = dossier.progress(self._today()).situation
        details = {name: value for name, value in known.items() if name in self._base.situation}
        topic = f"{topics.main_facet(dossier.demarche, self._base)}/{dossier.demarche}"
        if now.obstacle is not None and now.obstacle.instead:
            topic = now.obstacle.instead
        facet, subject = split_topic(topic)
        context = replace(
            context,
            facet=facet,
            subject=subject,
            situation={**context.situation, **details},
            pending=(),
        )
        decisions = decided.decide(heard, context, self._base)
        if now.obstacle is not None and heard.whole.confidence < QUESTION_SURE:
            decisions = [d for d in decisions if isinstance(d, outcomes.NotCovered)]
        if now.obstacle is not None and now.obstacle.instead and not decisions:
            decisions = [outcomes.Answer(topic, context.situation)]
        decisions = [self._of_this(d, dossier, context) for d in decisions]
        if now.obstacle is not None and not now.obstacle.instead:
            # What stops the démarche leaves its own steps no place.
            decisions = [d for d in decisions if not _is_on(d, dossier.demarche)]
        if all(isinstance(d, outcomes.NotUnderstood) for d in decisions):
            return []
        return [self._speech.say(d, heard.text, context.failures) for d in decisions]

    def _of_this(
        self, decision: outcomes.Decision, dossier: DossierView, context: Context
    ) -> outcomes.Decision:
        """A question whose démarche is not named is about the one under way."""
        if not isinstance(decision, outcomes.AskWhich):
            return decision
        topic = f"{decision.facet}/{dossier.demarche}"
        covered = self._base.covers(topic)
        return outcomes.Answer(topic, context.situation) if covered else decision

    def _is_question(self, dossier: DossierView, now: Next, heard: Heard) -> bool:
        facet = split_topic(heard.whole.best)[0]
        is_topic = facet in self._base.facets or facet in ("hors", "sans_rapport", "relance")
        asks, confidence = asides.asks(heard.text), heard.whole.confidence
        if now.champ is not None and now.champ.kind in FREE_KINDS:
            # In words of one's own (« erreur sur mon prénom »), an answer sounds like its topic.
            told = confidence >= QUESTION_IN_FREE_FIELD and len(heard.text.split()) > 3
            named = now.champ.kind == "name" and capitalised(heard.text, shortest=3)
            own = now.in_own_words or named
            return is_topic and (asks or (told and not own))
        somewhere = asides.asks_somewhere(heard.text) and confidence >= QUESTION_SURE
        if isinstance(self._read(dossier, now, heard), Given):
            return is_topic and (asks or somewhere)
        sure = confidence >= QUESTION_SURE and facet != "relance"
        return is_topic and (asks or somewhere or sure)


def _is_on(decision: outcomes.Decision, demarche: str) -> bool:
    return isinstance(decision, outcomes.Answer) and split_topic(decision.topic)[1] == demarche
