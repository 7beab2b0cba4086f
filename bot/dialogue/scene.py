"""What a move works with: the scene it is played in, the step it returns, the hands it uses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.dialogue.acts import Act
from bot.dialogue.stages import Now, answered, followed, now_of
from bot.dialogue.state import Talk
from bot.heard import Heard
from bot.messages import Message
from bot.questions.speech import Speech
from dossiers.register import Dossiers
from dossiers.views import DossierView
from knowledge.query import KnowledgeBase
from knowledge.schema import Champ


@dataclass(frozen=True)
class Scene:
    """A message in its place: the talk before it, the dossier concerned, the stage.

    ``own``: the conversation's dossiers, the last touched first; ``before``: what was said last.
    """

    conversation: str
    talk: Talk
    heard: Heard
    dossier: DossierView | None
    now: Now
    today: date
    own: tuple[DossierView, ...] = ()
    before: tuple[Message, ...] = ()

    @property
    def answered(self) -> list[Champ]:
        """The fields that apply and were answered, in the form's order."""
        return answered(self.dossier, self.today) if self.dossier else []

    @property
    def open(self) -> list[Champ]:
        """The fields without an answer that a message may fill."""
        if self.dossier is None:
            return []
        progress = self.dossier.progress(self.today)
        return [*progress.unanswered, *progress.pending]

    @property
    def filling(self) -> DossierView:
        """The dossier under way; there must be one."""
        assert self.dossier is not None
        return self.dossier


@dataclass(frozen=True)
class Step:
    """What a move does to the talk and says.

    ``said``: messages that stand alone; ``lead``: words before the question that follows;
    ``asks``: whether the stage's question follows; ``near``: the choices that it is cut down to.
    ``begin``: a démarche to open next.
    """

    talk: Talk
    said: tuple[Message, ...] = ()
    lead: str = ""
    asks: bool = True
    near: tuple[str, ...] = ()
    begin: str = ""

    def after(self, before: "Step") -> "Step":
        """This step, played after another one of the same message."""
        return replace(
            self,
            said=(*before.said, *self.said),
            lead=f"{before.lead} {self.lead}".strip(),
        )


@dataclass(frozen=True)
class Hands:
    """What moves act with: the sheets, their words, the dossiers, the day.

    ``abandoned_days``: how long an abandoned dossier can be taken back.
    """

    base: KnowledgeBase
    speech: Speech
    dossiers: Dossiers
    today: Callable[[], date]
    abandoned_days: int = 7

    def scene(
        self, conversation: str, talk: Talk, heard: Heard, before: tuple[Message, ...] = ()
    ) -> Scene:
        """The scene of a message, from what is kept."""
        today = self.today()
        own = tuple(self.dossiers.of_conversation(conversation))
        dossier = self.dossier_of(talk, own)
        now = now_of(talk, dossier, today)
        return Scene(conversation, talk, heard, dossier, now, today, own, before)

    def dossier_of(self, talk: Talk, own: Sequence[DossierView]) -> DossierView | None:
        """The dossier under way; else the last one of the conversation that is followed."""
        if talk.dossier:
            return self.dossiers.get(talk.dossier)
        return next((one for one in own if followed(one)), None)


Move = Callable[[Hands, Scene, Act], Step]
MOVES: dict[str, Move] = {}


def move(function: Move) -> Move:
    """Make a function a move of the table, by its name."""
    MOVES[function.__name__] = function
    return function
