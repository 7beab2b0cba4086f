"""Words and failures that hand a conversation over, and those that do not."""

import pytest

from bot.messages import HandoffCard
from bot.questions.speech import waiting
from channels.handover import distress


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("J’ai envie d’en finir, je n’en peux plus", "danger"),
        ("je vais me suicider si ça continue", "danger"),
        ("Je n'en peux plus, je suis désespérée", "despair"),
        ("sans permis je vais perdre mon travail", "despair"),
        ("JE CRAQUE", "despair"),
        ("C'EST INADMISSIBLE !!!", "anger"),
        ("y'en a marre de votre site", "anger"),
        ("Ce service est scandaleux.", "anger"),
    ],
)
def test_distress_is_heard(text: str, kind: str) -> None:
    assert distress(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Ma photo est-elle inacceptable ?",
        "Ma voiture est tombée en panne, que faire de la carte grise ?",
        "Comment déclarer la perte de mon permis ?",
        "J'ai perdu ma carte grise, c'est urgent",
        "Mon père est mort, comment refaire la carte grise ?",
        "Le véhicule est dangereux, puis-je le vendre ?",
        "Je ne comprends pas le message du CERT",
        "/start {danger}",
        "",
    ],
)
def test_a_plain_question_is_not_distress(text: str) -> None:
    assert distress(text) is None


def test_the_message_says_honestly_whether_someone_is_there() -> None:
    assert "Aucun agent n’est joignable" in waiting(3, available=False).text
    assert "la place 3" in waiting(3, available=False).text
    assert "Elle est la prochaine" in waiting(1, available=True).text
    assert "Une autre est avant elle" in waiting(2, available=True).text
    assert "4 autres sont avant elle" in waiting(5, available=True).text
    for place in (1, 2, 9):
        card = waiting(place, available=True).card
        assert isinstance(card, HandoffCard)
        assert (card.state, card.place) == ("queued", place)
