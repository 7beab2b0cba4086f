"""What to do with a question, decided from a real knowledge base and messages heard by hand."""

from collections.abc import Iterator

import pytest

from bot.dialogue.acts import Kind
from bot.dialogue.offers import taken
from bot.heard import Heard, Ranking
from bot.questions.decision import decide
from bot.questions.focus import Focus
from bot.questions.outcomes import (
    Answer,
    AskWhich,
    Begin,
    Decision,
    NotCovered,
    NotUnderstood,
    Propose,
    Unrelated,
)
from knowledge import store
from knowledge.query import KnowledgeBase, split_topic
from repere.database import open_database, upgrade


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The knowledge base of the project's own sheets."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('base') / 'base.db'}")
    upgrade(database)
    store.build(database)
    yield store.load(database)
    database.dispose()


def ranking(text: str, similarity: float = 1.0, known: float = 1.0, **topics: float) -> Ranking:
    """A ranking of topics (``facet__subject=probability``) with its facets and subjects summed."""
    ranked = sorted(
        ((name.replace("__", "/"), p) for name, p in topics.items()), key=lambda pair: -pair[1]
    )
    facets: dict[str, float] = {}
    subjects: dict[str, float] = {}
    for topic, p in ranked:
        facet, subject = split_topic(topic)
        facets[facet] = facets.get(facet, 0.0) + p
        subjects[subject or topic] = subjects.get(subject or topic, 0.0) + p
    return Ranking(text, tuple(ranked), facets, subjects, similarity, known)


def heard(text: str, details: dict[str, str] | None = None, **topics: float) -> Heard:
    return Heard(ranking(text, **topics), (), details or {})


def one(decisions: list[Decision]) -> Decision:
    (decision,) = decisions
    return decision


DUPLICATA = Focus("elements", "duplicata")


class TestOneQuestion:
    def test_a_sure_topic_is_answered(self, base: KnowledgeBase) -> None:
        said = heard("les pièces pour un duplicata", pieces__duplicata=0.9)
        assert decide(said, Focus(), base) == [Answer("pieces/duplicata", {})]

    def test_details_are_the_situation(self, base: KnowledgeBase) -> None:
        said = heard(
            "un duplicata avec FranceConnect", {"compte": "certifie"}, elements__duplicata=0.9
        )
        assert decide(said, Focus(), base) == [Answer("elements/duplicata", {"compte": "certifie"})]

    def test_a_wish_to_begin_begins(self, base: KnowledgeBase) -> None:
        said = heard("je veux déclarer une vente", demarrer__cession=0.8)
        assert one(decide(said, Focus(), base, wish=True)) == Begin("cession")
        # Without the wish to begin here, what is said of it is its steps.
        assert one(decide(said, Focus(), base)) == Answer("etapes/cession", {})

    def test_a_question_on_how_to_begin_is_told_the_steps(self, base: KnowledgeBase) -> None:
        said = heard("comment déclarer une vente", demarrer__cession=0.8)
        assert one(decide(said, Focus(), base)) == Answer("etapes/cession", {})

    def test_a_facet_that_a_subject_lacks(self, base: KnowledgeBase) -> None:
        said = heard("combien de temps est valable le code de cession", validite__code_cession=0.8)
        decision = one(decide(said, Focus(), base))
        assert isinstance(decision, NotCovered)
        assert decision.topic == "validite/code_cession"
        assert decision.near
        assert all(base.covers(topic) for topic in decision.near)

    def test_a_parent_answers_for_its_sheets(self, base: KnowledgeBase) -> None:
        said = heard("quel compte pour un véhicule importé", compte__vehicule_etranger=0.9)
        assert one(decide(said, Focus(), base)) == Answer("compte/vehicule_etranger", {})


class TestOutside:
    def test_a_known_silence_is_named(self, base: KnowledgeBase) -> None:
        said = heard("ma carte grise est déchirée", hors__carte_abimee=0.7)
        decision = one(decide(said, Focus(), base))
        assert isinstance(decision, NotCovered)
        assert decision.outside == "carte_abimee"

    def test_near_facts_are_said_after_the_limit(self, base: KnowledgeBase) -> None:
        entry = next(entry for entry in base.outsides.values() if entry.answer_near)
        said = heard("je peux rouler", **{f"hors__{entry.id}": 0.7})
        decision = one(decide(said, Focus(), base))
        assert decision == Answer(entry.near[0], {}, limit=entry.id)

    def test_several_faint_silences_together_are_a_silence(self, base: KnowledgeBase) -> None:
        said = heard(
            "et l'assurance du contrôle",
            hors__assurance=0.15,
            hors__controle_technique=0.15,
            hors__amendes=0.15,
            etapes__cession=0.16,
        )
        decision = one(decide(said, Focus(), base))
        assert isinstance(decision, NotCovered)
        assert decision.outside is None
        assert decision.near == ("etapes/cession",)

    def test_nothing_to_do_with_it(self, base: KnowledgeBase) -> None:
        said = heard("la météo de demain", sans_rapport__meteo=0.6)
        assert one(decide(said, Focus(), base)) == Unrelated()

    def test_never_seen_words_are_not_understood(self, base: KnowledgeBase) -> None:
        whole = ranking("zblorg fnou", similarity=0.1, known=0.0, pieces__duplicata=0.5)
        assert one(decide(Heard(whole), Focus(), base)) == NotUnderstood()


class TestUnsure:
    def test_two_plausible_topics_are_offered(self, base: KnowledgeBase) -> None:
        said = heard("le code", ou_trouver__code_cession=0.25, livraison__code_confidentiel=0.22)
        decision = one(decide(said, Focus(), base))
        assert decision == Propose(("ou_trouver/code_cession", "livraison/code_confidentiel"))

    def test_a_facet_alone_asks_for_the_subject(self, base: KnowledgeBase) -> None:
        said = heard("quelles pièces", pieces__inconnu=0.8)
        assert one(decide(said, Focus(), base)) == AskWhich("inconnu", "pieces")

    def test_a_facet_has_its_own_question(self, base: KnowledgeBase) -> None:
        said = heard("c'est où", ou_trouver__inconnu=0.8)
        assert one(decide(said, Focus(), base)) == AskWhich("inconnu_ou_trouver", "ou_trouver")

    def test_an_ambiguous_word(self, base: KnowledgeBase) -> None:
        said = heard("je n'ai pas le code", probleme__ambigu_code=0.8)
        assert one(decide(said, Focus(), base)) == AskWhich("ambigu_code", "probleme")

    def test_vague_subjects_together(self, base: KnowledgeBase) -> None:
        said = heard(
            "ma carte grise",
            etapes__ambigu_carte_grise=0.3,
            pieces__ambigu_carte_grise=0.2,
            etapes__duplicata=0.2,
        )
        decision = one(decide(said, Focus(), base))
        assert isinstance(decision, AskWhich)
        assert decision.clarification == "ambigu_carte_grise"

    def test_nothing_at_all(self, base: KnowledgeBase) -> None:
        said = heard("hmm", etapes__duplicata=0.04, etapes__cession=0.03)
        assert isinstance(one(decide(said, Focus(), base)), NotUnderstood)


class TestFollowUps:
    def test_another_subject_keeps_the_facet(self, base: KnowledgeBase) -> None:
        said = heard("et pour la cession ?", relance__cession=0.8)
        assert one(decide(said, DUPLICATA, base)) == Answer("elements/cession", {})

    def test_a_detail_narrows_the_topic(self, base: KnowledgeBase) -> None:
        said = heard("et pour quelqu'un d'autre ?", {"pour_qui": "autrui"}, relance=0.9)
        decision = one(decide(said, DUPLICATA, base))
        assert decision == Answer("elements/duplicata", {"pour_qui": "autrui"})

    def test_details_add_up(self, base: KnowledgeBase) -> None:
        context = Focus("elements", "duplicata", {"pour_qui": "autrui"})
        said = heard("et si j'ai FranceConnect ?", {"compte": "certifie"}, relance=0.9)
        decision = one(decide(said, context, base))
        assert decision == Answer(
            "elements/duplicata", {"pour_qui": "autrui", "compte": "certifie"}
        )

    def test_a_detail_that_changes_nothing_here_changes_the_facet(
        self, base: KnowledgeBase
    ) -> None:
        context = Focus("fin", "duplicata")
        said = heard("et pour quelqu'un d'autre ?", {"pour_qui": "autrui"}, relance=0.9)
        assert one(decide(said, context, base)) == Answer("qui/duplicata", {"pour_qui": "autrui"})

    def test_the_account_stays_when_the_subject_changes(self, base: KnowledgeBase) -> None:
        context = Focus("elements", "duplicata", {"compte": "certifie", "pour_qui": "autrui"})
        said = heard("et pour la cession ?", relance__cession=0.8)
        assert one(decide(said, context, base)) == Answer(
            "elements/cession", {"compte": "certifie"}
        )

    def test_a_question_without_subject_takes_the_one_under_way(self, base: KnowledgeBase) -> None:
        said = heard("il faut quel compte ?", compte__inconnu=0.8)
        assert one(decide(said, DUPLICATA, base)) == Answer("compte/duplicata", {})

    def test_then_what(self, base: KnowledgeBase) -> None:
        said = heard("et ensuite ?", relance=0.9)
        assert one(decide(said, DUPLICATA, base)) == Answer("fin/duplicata", {})

    def test_without_a_topic_under_way_nothing_is_followed(self, base: KnowledgeBase) -> None:
        said = heard("et pour la cession ?", relance__cession=0.8)
        assert one(decide(said, Focus(), base)) == Answer("etapes/cession", {})

    def test_a_clear_question_is_not_a_follow_up(self, base: KnowledgeBase) -> None:
        said = heard("que veut dire le mot CERT exactement", definition__cert=0.9)
        assert one(decide(said, DUPLICATA, base)) == Answer("definition/cert", {})


class TestSeveralSentences:
    def test_two_clear_questions_are_both_answered(self, base: KnowledgeBase) -> None:
        first = ranking("c'est quoi le CPI ?", definition__cpi=0.9)
        second = ranking("où est le code de cession ?", ou_trouver__code_cession=0.8)
        whole = ranking("…", ou_trouver__code_cession=0.5, definition__cpi=0.4)
        decisions = decide(Heard(whole, (first, second)), Focus(), base)
        assert decisions == [Answer("definition/cpi", {}), Answer("ou_trouver/code_cession", {})]

    def test_a_greeting_does_not_hide_the_question(self, base: KnowledgeBase) -> None:
        hello = ranking("bonjour à vous", saluer=0.95)
        asked = ranking("c'est quoi le CPI ?", definition__cpi=0.9)
        whole = ranking("…", saluer=0.5, definition__cpi=0.4)
        decision = one(decide(Heard(whole, (hello, asked)), Focus(), base))
        assert decision == Answer("definition/cpi", {})


class TestChoices:
    PENDING = (
        {
            "label": "Le code de cession, donné par le vendeur",
            "value": "topic:probleme/code_cession",
        },
        {"label": "Le code confidentiel", "value": "topic:probleme/code_confidentiel"},
        {"label": "Le code provisoire d'ameli.fr", "value": "topic:delai/fc_ameli"},
    )
    DETAILS = (
        {"label": "Pour moi-même", "value": "detail:pour_qui=moi"},
        {"label": "Pour quelqu'un d'autre", "value": "detail:pour_qui=autrui"},
    )

    @pytest.mark.parametrize(
        ("typed", "rank"),
        [
            ("le premier", 0), ("1", 0), ("la deuxième", 1), ("option 2", 1), ("le choix 3", 2),
            ("le dernier", 2), ("Le code confidentiel", 1), ("le code confidentiel svp", 1),
            ("ameli.fr", 2),
        ],
    )  # fmt: skip
    def test_by_rank_or_label(self, typed: str, rank: int) -> None:
        picked = taken(heard(typed, nlu_fallback=0.2), self.PENDING, Kind.ANSWER)
        assert picked == self.PENDING[rank]["value"]

    def test_by_subject(self) -> None:
        said = heard("celui que le vendeur donne", definition__code_cession=0.55)
        assert taken(said, self.PENDING, Kind.ANSWER) == "topic:probleme/code_cession"

    def test_by_detail(self) -> None:
        said = heard("c'est pour ma mère", {"pour_qui": "autrui"}, relance=0.9)
        assert taken(said, self.DETAILS, Kind.ANSWER) == "detail:pour_qui=autrui"

    @pytest.mark.parametrize(
        "typed", ["le code", "le quatrième", "je ne sais pas", "12", "comment je paie ?"]
    )
    def test_what_is_not_a_choice(self, typed: str) -> None:
        assert taken(heard(typed, nlu_fallback=0.2), self.PENDING, Kind.ANSWER) is None

    def test_a_long_message_is_not_a_choice(self) -> None:
        typed = "le premier " + "et puis encore autre chose " * 3
        assert taken(heard(typed, nlu_fallback=0.2), self.PENDING, Kind.ANSWER) is None

    def test_nothing_was_offered(self) -> None:
        assert taken(heard("le premier", nlu_fallback=0.2), (), Kind.ANSWER) is None
