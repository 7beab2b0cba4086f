"""Everything that the guide can say is made to be heard."""

import subprocess
import wave
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from speakable import all_faults, faults

import french
from bench.people import DEMARCHES
from bench.voice import espeak
from bot.book import say
from bot.dialogue import cards, filed_cards
from bot.dialogue.stages import now_of
from bot.dialogue.state import Talk
from bot.messages import Choice, Message, answer_card, clarify
from bot.questions import outcomes as decided
from bot.questions.speech import Speech, welcome
from channels.phone.spoken import MORE, MOST_CHOICES, Spoken, utterances
from dossiers.answers import Answer
from dossiers.attachments import Limits
from dossiers.form import Form, form_of
from dossiers.recap_text import spoken as recap_aloud
from dossiers.register import Dossiers
from dossiers.states import TEXTS
from french.phrasing import count, sentences
from french.verbal import in_short, verbal
from knowledge.query import KnowledgeBase
from knowledge.schema import Champ
from knowledge.search import LiveIndex
from knowledge.sheets_reader import read
from repere.database import open_database, upgrade

PERSONAS = Path(__file__).parent.parent / "dossiers" / "personas"
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def speech(base: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speech]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('search') / 'empty.db'}")
    upgrade(database)
    yield Speech(base, LiveIndex(base, database))
    database.dispose()


@pytest.fixture(scope="module")
def dossiers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dossiers]:
    folder = tmp_path_factory.mktemp("dossiers")
    database = open_database(f"sqlite:///{folder / 'repere.db'}")
    upgrade(database)
    yield Dossiers(database, "a" * 43, folder / "pieces", Limits())
    database.dispose()


def heard(*messages: Message) -> Spoken:
    return utterances([message.as_dict() for message in messages])


def situations(base: KnowledgeBase, facet: str, subject: str) -> list[dict[str, str]]:
    """No detail, and each that brings a variant of the facet out."""
    sheet = base.holder(facet, subject)
    assert sheet is not None
    found: list[dict[str, str]] = [{}]
    for variant in sheet.facets[facet].variants:
        flat = {name: value for name, value in variant.when.items() if isinstance(value, str)}
        if flat:
            found.append(flat)
    return found


def test_every_answer_of_every_sheet_can_be_spoken(base: KnowledgeBase) -> None:
    found: list[str] = []
    said = 0
    for subject in base.sheets:
        for facet in base.facets_of(subject):
            for situation in situations(base, facet, subject):
                answer = base.answer(f"{facet}/{subject}", situation)
                assert answer is not None
                spoken = heard(Message(answer.text, answer_card(answer, [])))
                said += 1
                found += all_faults(spoken.whole)
    assert not found, found[:5]
    assert said > 400


def test_an_answer_keeps_its_steps_three_at_a_time_and_names_its_source(
    base: KnowledgeBase,
) -> None:
    answer = base.answer("etapes/duplicata", {})
    assert answer is not None
    spoken = heard(Message(answer.text, answer_card(answer, [])))
    assert any(line.startswith("D'après le guide") for line in spoken.now)
    assert spoken.now[-1] == MORE
    for page in spoken.rest:
        assert sum(line.endswith("étape.") for line in page) <= 6
    steps = [line for line in spoken.whole if line.endswith(" étape.")]
    assert steps[0] == "Première étape."
    assert len(steps) == len(answer.steps)


def test_what_the_guide_asks_and_declines_can_be_spoken(
    base: KnowledgeBase, speech: Speech
) -> None:
    decisions: list[decided.Decision] = [decided.Unrelated(), decided.NotUnderstood()]
    for entry in base.clarifications.values():
        facets = {"etapes", "pieces", "elements", "definition"}
        decisions += [decided.AskWhich(entry.id, facet) for facet in sorted(facets)]
    decisions += [decided.NotCovered(outside=outside) for outside in base.outsides]
    topics = [f"{facet}/duplicata" for facet in base.facets]
    topics += [f"delai/{subject}" for subject in base.sheets]
    decisions += [decided.NotCovered(topic=topic, near=("etapes/duplicata",)) for topic in topics]
    found: list[str] = []
    for decision in decisions:
        spoken = heard(speech.say(decision, ""))
        found += all_faults(spoken.whole)
        for page in (spoken.now, *spoken.rest):
            assert sum(line.endswith("?") for line in page) <= 2, page
    assert not found, found[:5]


def _said_of(champ: Champ) -> list[str]:
    texts = [champ.question, champ.why, champ.where, champ.help]
    texts += [choice.label for choice in champ.choices] + [champ.label, champ.example]
    return [*texts, *(note.text for note in champ.notes)]


@pytest.mark.parametrize("demarche", DEMARCHES)
def test_every_prompt_of_a_demarche_can_be_spoken(base: KnowledgeBase, demarche: str) -> None:
    form = form_of(base, demarche)
    texts = [text for champ in form.flow.fields for text in _said_of(champ)]
    texts += [obstacle.text for obstacle in form.flow.obstacles]
    texts += [warning.text for warning in form.flow.warnings]
    texts += [part for click in form.flow.clicks for part in (click.title, click.text)]
    texts += [part for output in form.flow.outputs for part in (output.label, output.note)]
    found = [fault for text in texts for fault in all_faults(sentences(verbal(text)))]
    assert not found, found[:5]


@pytest.mark.parametrize("kind", french.KINDS)
def test_every_refusal_and_doubt_of_a_value_can_be_spoken(kind: str) -> None:
    said = (
        "je ne sais pas, rien, 12, a b, a b 12, a o 123 c d, s s 123 a b, 31/02/2020, mars 2020, "
        "12/03, le 12 mars 1890, ab 123 cd ou ab 124 cd, 00123, 06 12, jean arobase gmail, "
        "rue des lilas, 12 rue des lilas 75011, euh, deux cent dix douze, oui mais non, "
        "jean.dupont@gmial.com, sophie point leroy arobase free point fr, 4212 XY 99, A-12-B"
    ).split(", ")
    choices = [french.Choice("a", "Compte certifié"), french.Choice("b", "Compte classique")]
    found: list[str] = []
    for text in said:
        for spoken in (False, True):
            reading = french.parse(kind, text, choices=choices, today=TODAY, spoken=spoken)
            told = [reading.doubt or reading.problem or ""]
            told += [french.show(kind, reading.value)] if reading.value else []
            found += [fault for t in told for fault in all_faults(sentences(verbal(t)))]
    assert not found, found[:5]


def _carried(dossiers: Dossiers, form: Form, data: dict[str, Any]) -> list[Message]:
    """Every message that a persona's dossier can bring."""
    dossier, secret = dossiers.begin(form)
    said = [cards.dossier_card(dossier, f"Notez son code de reprise : {secret}.", TODAY, secret)]
    talk = Talk(dossier=dossier.id)
    for slot, value in data["values"].items():
        champ = form.field(slot)
        assert champ is not None
        now = now_of(talk, dossier, TODAY)
        said.append(cards.ask(BASE, dossier, now, TODAY, say("not_understood")))
        said.append(cards.question(dossier, champ, TODAY, say("editing")))
        doubt = say("read_back", value=cards.shown(champ, str(value)))
        if champ.kind != "choice":
            said.append(cards.confirmation(dossier, champ, doubt, [str(value)], TODAY))
        dossier = dossiers.save(dossier.id, [Answer(slot, str(value))]).dossier
        said.append(Message(" ; ".join(cards.lines_of(dossier, {slot: str(value)}))))
    for piece in dossier.pieces(TODAY):
        said.append(cards.piece_question(dossier, piece, TODAY))
    said += [cards.recap(dossier, TODAY, say("noted")), cards.conditions(BASE, dossier, TODAY)]
    said += [cards.payment(BASE, dossier, TODAY), cards.ready(dossier, [], TODAY)]
    said.append(filed_cards.standing(dossier, TODAY))
    said.append(Message(recap_aloud(dossier, TODAY)))
    return said


BASE = KnowledgeBase(read())


def test_what_is_made_for_a_screen_is_worded_for_the_ear(dossiers: Dossiers) -> None:
    dossier, _ = dossiers.begin(form_of(BASE, "duplicata"))
    dossier = dossiers.save(dossier.id, [Answer("motif", "vol")]).dossier
    piece = heard(cards.piece_question(dossier, dossier.pieces(TODAY)[0], TODAY))
    ready = heard(cards.ready(dossier, [], TODAY))
    said = " ".join([*piece.whole, *ready.whole])
    for visual in ("photo ou", "ci-jointes", "télécharger"):
        assert visual not in said


@pytest.mark.parametrize("demarche", DEMARCHES)
def test_whole_demarches_can_be_spoken(dossiers: Dossiers, demarche: str) -> None:
    found: list[str] = []
    for path in sorted(PERSONAS.glob(f"{demarche}_*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if data["demarche"] != demarche:
            continue
        for message in _carried(dossiers, form_of(BASE, demarche), data):
            spoken = heard(message)
            found += all_faults(spoken.whole)
            assert spoken.now
    assert not found, found[:5]


def test_every_state_of_a_dossier_can_be_spoken() -> None:
    told = [f"{text.title}. {text.meaning} {text.next}" for text in TEXTS.values()]
    assert not [fault for text in told for fault in all_faults(sentences(verbal(text)))]


def test_choices_are_a_menu_of_at_most_four_whose_keys_go_on() -> None:
    labels = [f"Choix numéro {rank}" for rank in range(1, 8)]
    spoken = heard(
        clarify("Lequel ?", [Choice(label=label, value=f"topic:{label}") for label in labels])
    )
    assert [option.key for option in spoken.options] == list("1234567")
    pages = [spoken.now, *spoken.rest]
    menus = [[line for line in page if " : " in line] for page in pages]
    assert all(len(menu) <= MOST_CHOICES for menu in menus)
    assert sum(map(len, menus)) == 7
    assert menus[-1][-1].startswith("Sept : ")


def test_a_turn_ends_with_its_only_question(base: KnowledgeBase, dossiers: Dossiers) -> None:
    dossier, _ = dossiers.begin(form_of(base, "duplicata"))
    answer = base.answer("etapes/duplicata", {})
    assert answer is not None
    first = Message(answer.text, answer_card(answer, [Choice(label="La suite", value="topic:x")]))
    now = now_of(Talk(dossier=dossier.id), dossier, TODAY)
    question = cards.ask(base, dossier, now, TODAY)
    spoken = heard(first, question)
    asked = [line for line in spoken.now if line.endswith("?")]
    assert len(asked) == 1
    assert not any("La suite" in line for line in spoken.now)


def test_a_dossier_and_a_plate_are_dictated() -> None:
    spoken = heard(
        Message("Votre dossier RP-7K3M-92QD, plaque AB-123-CD, appelez le 06 12 34 56 78.")
    )
    said = " ".join(spoken.now)
    assert "R, P, sept, K, trois, M, neuf, deux, Q, D" in said
    assert "A, B, cent vingt-trois, C, D" in said
    assert "zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit" in said


def test_a_code_that_ends_with_m_names_no_gentleman() -> None:
    assert verbal("Dossier RP-KFGG-QPCM. Quelle est votre plaque ?").startswith(
        "Dossier R, P, K, F, G, G, Q, P, C, M. Quelle"
    )
    assert verbal("Prévenez M. Martin.") == "Prévenez monsieur Martin."


def test_the_agency_is_named_in_full_once_in_a_call() -> None:
    told: list[str] = []
    first = in_short([verbal("Sur le site de l'ANTS, ouvrez un compte ANTS.")], told)
    later = in_short([verbal("Votre compte ANTS est-il certifié ?")], told)
    assert first == [
        "Sur le site de l'agence nationale des titres sécurisés, ouvrez un compte de l'agence."
    ]
    assert later == ["Votre compte de l'agence est-il certifié ?"]


def test_the_first_words_of_the_site_are_left_to_the_channel() -> None:
    assert not all_faults(heard(welcome()).whole)


@pytest.mark.skipif(espeak() is None, reason="espeak-ng is not there and cannot be installed")
def test_a_synthesiser_speaks_it(base: KnowledgeBase, tmp_path: Path) -> None:
    """The phonemes hold no spelled-out mark, and the voice lasts as long as such sentences do."""
    answer = base.answer("etapes/cession", {})
    assert answer is not None
    spoken = heard(Message(answer.text, answer_card(answer, [])))
    lines = [*spoken.now, "La plaque est : A, B, cent vingt-trois, C, D."]
    voice = espeak()
    assert voice is not None
    said = subprocess.run(
        [voice, "-v", "fr", "-q", "--ipa"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "(en)" not in said  # a word that the French voice leaves to the English one
    sound = tmp_path / "said.wav"
    subprocess.run([voice, "-v", "fr", "-w", str(sound), " ".join(lines)], check=True)
    with wave.open(str(sound)) as wav:
        seconds = wav.getnframes() / wav.getframerate()
    words = sum(map(count, lines))
    assert 0.2 < seconds / words < 0.9


@pytest.mark.parametrize(
    "line",
    ["Cliquez sur [Valider].", "Voir https://ants.gouv.fr.", "Le CPI arrive.", "Il y a 3 pièces.",
     "Le/la titulaire.", "Prix : onze €.", "sans fin", " ".join(["mot"] * 26) + "."],
)  # fmt: skip
def test_the_check_refuses_what_cannot_be_heard(line: str) -> None:
    assert faults(line)
