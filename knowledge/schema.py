"""The shape of a sheet (fiche) and of the list of source documents.

A sheet is a YAML file under ``knowledge/sheets``. Every fact in it names its source as
``document/section``, both declared in ``knowledge/documents.yml``. In sheets' texts, « … » and
[ … ] are kept for labels quoted from the site as the documents show them.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from knowledge import conditions

SheetKind = Literal[
    "demarche", "categorie", "sous_categorie", "compte", "code", "suivi", "statut", "permis", "mot"
]
# disagreement: the documents differ; silence: they don't say; today: a later official page;
# advice: ours, drawn from the facts; deduction: follows from a table, though not written as such.
NoteKind = Literal["disagreement", "silence", "today", "advice", "deduction"]

SourceRef = Annotated[str, Field(pattern=r"^[a-z0-9_]+/[a-z0-9-]+$")]


def _checked_condition(value: Any) -> Any:
    if value is not None:
        conditions.validate(value)
    return value


When = Annotated[dict[str, Any] | None, BeforeValidator(_checked_condition)]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OfficialPage(Model):
    """An official page consulted after the documents: its site and date ("" when undated)."""

    site: str
    date: str = ""


class Note(Model):
    """A remark after the answer; ``today`` notes carry the page they come from."""

    kind: NoteKind
    text: str
    sources: list[SourceRef] = []
    page: OfficialPage | None = None
    when: When = None

    @model_validator(mode="after")
    def _names_its_origin(self) -> "Note":
        if self.kind == "today" and self.page is None:
            raise ValueError("a « today » note names its official page")
        if self.kind in ("disagreement", "deduction") and not self.sources:
            raise ValueError(f"a « {self.kind} » note names its sources")
        return self


class Step(Model):
    title: str
    text: str = ""
    sources: list[SourceRef] = []
    when: When = None


class Item(Model):
    label: str
    note: str = ""
    sources: list[SourceRef] = []
    when: When = None


class Variant(Model):
    """What replaces parts of a facet in a given situation; the first that holds wins."""

    when: Annotated[dict[str, Any], BeforeValidator(_checked_condition)]
    text: str
    steps: list[Step] | None = None
    items: list[Item] | None = None
    notes: list[Note] | None = None
    sources: list[SourceRef] | None = None


class Facet(Model):
    """The answer to one type of question about the sheet's subject.

    ``text`` says the essential without steps and items. ``refine`` names the situation fields
    whose value would narrow the answer (they become choices under it). ``clarify`` true means the
    question cannot be answered at all before the ``refine`` fields are known. ``hand_over``: after
    this answer, a person goes on.
    """

    text: str
    steps: list[Step] = []
    items: list[Item] = []
    notes: list[Note] = []
    sources: list[SourceRef] = Field(min_length=1)
    variants: list[Variant] = []
    refine: list[str] = []
    clarify: bool = False
    hand_over: bool = False
    questions: list[str] = []


class Piece(Model):
    """A supporting document (pièce justificative) and the condition on which it is asked."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    label: str
    note: str = ""
    when: When = None
    sources: list[SourceRef] = Field(min_length=1)


FieldKind = Literal[
    "choice", "plate", "date", "birth_date", "name", "address", "email", "phone", "formule",
    "code_cession", "text", "file_code"
]  # fmt: skip


class FieldChoice(Model):
    """One value of a choice field; ``names`` are other ways in which people say it."""

    value: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    label: str
    names: list[str] = []


class Champ(Model):
    """A question of a démarche's flow (champ), and all that is said around it.

    ``when`` tells whether it applies; ``why`` answers « pourquoi ? », ``where`` « où est-ce ? »,
    ``example`` helps after a failure. ``screen`` is the label of the site's screen or rubric under
    which the answer is typed, for the récapitulatif. ``preset`` fixes the value without asking.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    kind: FieldKind
    label: str
    question: str
    why: str
    where: str = ""
    help: str = ""
    example: str = ""
    choices: list[FieldChoice] = []
    when: When = None
    optional: bool = False
    preset: str | None = None
    screen: str = ""
    notes: list[Note] = []
    sources: list[SourceRef] = Field(min_length=1)

    @model_validator(mode="after")
    def _choice_has_choices(self) -> "Champ":
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("a field of kind « choice » has choices, and only it")
        return self


class Obstacle(Model):
    """A situation in which the documents stop the démarche: what is said, and what is offered.

    ``blocking``: the dossier waits until the situation changes (a certified account is missing);
    otherwise the démarche is not the right one and ``instead`` names the topic that is.
    """

    when: Annotated[dict[str, Any], BeforeValidator(_checked_condition)]
    text: str
    instead: str | None = None
    blocking: bool = False
    sources: list[SourceRef] = Field(min_length=1)


class Flow(Model):
    """How a démarche is carried through: its fields in order, and what surrounds them.

    ``minutes`` is how long the conversation takes (ours, not a delay of the State). ``before`` says
    what to have at hand; ``warnings`` are said at the recap when they apply; ``clicks`` are the
    site's steps in order, with their labels; ``outputs`` the documents obtained at the end.
    """

    minutes: int
    fields: list[Champ] = Field(min_length=1)
    obstacles: list[Obstacle] = []
    warnings: list[Note] = []
    pays: When = None
    control: When = None
    clicks: list[Step] = Field(min_length=1)
    outputs: list[Item] = Field(min_length=1)


class Example(Model):
    """A situation and what must come out of a facet in it; run as a test."""

    facet: str
    situation: dict[str, Any] = {}
    includes: list[str] = []
    excludes: list[str] = []


class Sheet(Model):
    """Everything the documents say of one subject.

    ``label`` completes « pour … » with its article; ``names`` are what citizens call it.
    Facets and pieces that a sheet lacks are looked for in its ``parent``. ``aspect`` is the facet
    that the subject stands for when it follows a démarche (« et le paiement ? »). ``implies``:
    the answers to questions of its flow that the subject gives by itself, by field id.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    kind: SheetKind
    title: str
    label: str
    names: list[str] = Field(min_length=1)
    parent: str | None = None
    aspect: str | None = None
    facets: dict[str, Facet] = {}
    pieces: list[Piece] = []
    flow: Flow | None = None
    implies: dict[str, str] = {}
    related: list[str] = []
    examples: list[Example] = []


class Outside(Model):
    """A known question that the documents do not answer (under ``sheets/hors``).

    ``label`` completes « Les documents ne parlent pas … » (« du prix de la carte grise »).
    ``near`` lists the topics (facet/subject) that they do cover close by. With ``answer_near``
    the first of them is answered after the limit has been said. ``facet`` is the type of question
    that answers it for the subjects that have it (a delay is known for some).
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    label: str
    near: list[str] = []
    answer_near: bool = False
    facet: str | None = None
    note: str = ""


class Choice(Model):
    """A choice of a clarifying question: its label and the topic (facet/subject) it leads to."""

    label: str
    topic: str


class Clarification(Model):
    """A subject that may be several things: the question asked back and its choices.

    In a choice's topic, ``*`` stands for the facet of the question being clarified.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    text: str
    choices: list[Choice] = Field(min_length=2)


class Section(Model):
    """A passage of a document: its line range (1-based, inclusive) and what it is about."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: str
    lines: Annotated[str, Field(pattern=r"^\d+(-\d+)?(,\d+(-\d+)?)*$")]


class Ignored(Model):
    """Lines of a document that carry no fact, with the reason."""

    lines: Annotated[str, Field(pattern=r"^\d+(-\d+)?(,\d+(-\d+)?)*$")]
    reason: str


class Document(Model):
    """A source document. ``period`` is when it was written, as far as it shows."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    file: str
    sha256: str
    title: str
    kind: str
    period: str
    sections: list[Section]
    ignored: list[Ignored] = []


class FacetName(Model):
    """A type of question: ``title`` names it alone, ``with_label`` with a subject (``{label}``).

    ``silent`` completes « Les documents … » when they say nothing of it for a subject.
    """

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    title: str
    with_label: str
    silent: str


class SituationField(Model):
    """A detail that changes answers: its question, and the label of each value."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    question: str
    values: dict[str, str]
