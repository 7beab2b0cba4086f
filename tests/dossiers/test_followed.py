"""A dossier followed by conversation, and the theft example whole, in the running system."""

from typing import Any

import pytest
import sent_files
from typer.testing import CliRunner

from repere.cli import app
from repere.client import Conversation
from repere.running import Running

PIECE = "declaration_vol"
Messages = list[dict[str, Any]]


def command(running: Running, *arguments: str) -> str:
    """``repere dossier …``, as an agent types it beside the running Repère."""
    told = CliRunner().invoke(app, ["dossier", *arguments], env={"REPERE_VAR": str(running.var)})
    assert told.exit_code == 0, told.output
    return told.stdout


def send(conversation: Conversation, content: bytes) -> Messages:
    answer = conversation.http.post(
        f"/api/conversations/{conversation.id}/files",
        files={"file": ("photo.jpg", content)},
        data={"piece": PIECE},
    )
    answer.raise_for_status()
    return list(answer.json()["messages"])


def history(conversation: Conversation, after: int = 0) -> Messages:
    path = f"/api/conversations/{conversation.id}/messages"
    return list(conversation.http.get(path, params={"after": after}).json()["messages"])


def ready(conversation: Conversation, content: bytes | None = None) -> tuple[str, str]:
    """Prepare a duplicata after a theft, to its end: its number and its code."""
    opening = conversation.say("je veux préparer un duplicata, on m'a volé ma carte grise")[0]
    card = opening["card"]
    for answer in ("pour moi-même", "compte classique", "AB-123-CD"):
        said = conversation.say(answer)
    if content is None:
        said = conversation.say("je l'ai, je l'enverrai sur le site")
    else:
        said = send(conversation, content)
    assert said[-1]["card"]["kind"] == "recap"
    conversation.choose("act:validate")
    conversation.say("j'accepte")
    said = conversation.choose("answer:paiement=compris")
    assert said[-1]["card"]["status"] == "Prête à déposer"
    return card["number"], card["secret"]


def card_of(messages: Messages, kind: str = "dossier") -> dict[str, Any]:
    (card,) = [m["card"] for m in messages if m["card"] and m["card"]["kind"] == kind]
    return dict(card)


def test_the_theft_example_whole(running: Running, conversation: Conversation) -> None:
    number, _ = ready(conversation, sent_files.pdf())
    last = history(conversation)[-1]["seq"]
    command(running, "recevoir", number)
    command(running, "refuser", number, PIECE, "--motif", "La déclaration est illisible")

    # The person learns it in the conversation, with what to do.
    news = history(conversation, last)
    assert [message["author"] for message in news] == ["system", "system"]
    assert "La déclaration est illisible." in news[-1]["text"]
    assert news[-1]["card"]["status"] == "En attente d'information"
    said = conversation.choose(news[-1]["card"]["choices"][0]["value"])
    question = card_of(said, "question")
    assert (question["slot"], question["format"]) == (f"piece:{PIECE}", "file")
    assert set(question["progress"]) == {"done", "total"}

    # A question on the documents is answered, and the exchange goes on.
    said = conversation.say("que veut dire CERT ?")
    assert said[0]["card"]["kind"] == "answer"
    assert said[-1]["card"]["slot"] == f"piece:{PIECE}"

    # Another photo, hard to read, then a good one; and a word for the agent.
    said = send(conversation, sent_files.blurred())
    assert "floue" in said[-1]["text"]
    said = send(conversation, sent_files.photo())
    assert said[-1]["card"]["slot"] == "reponse_agent"
    said = conversation.say("Voici une photo plus nette, merci.")
    assert card_of(said)["status"] == "En cours d'analyse"
    shown = command(running, "voir", number)
    assert "Voici une photo plus nette, merci." in shown

    command(running, "accepter", number, PIECE)
    told = history(conversation)[-1]
    assert "acceptée" in told["text"]
    assert told["card"]["status"] == "En attente télédéclarant"
    said = conversation.say("c'est payé")
    assert card_of(said)["status"] == "Terminée"
    assert "Terminée (terminee)" in command(running, "voir", number)


def test_who_comes_back_elsewhere_is_told_and_answers(
    running: Running, conversation: Conversation
) -> None:
    number, code = ready(conversation, sent_files.pdf())
    command(running, "recevoir", number)
    command(running, "demander", number, "--message", "Quel jour le vol a-t-il eu lieu ?")
    elsewhere = Conversation(running.url)
    said = elsewhere.say(f"je veux reprendre mon dossier {number}, code {code}")
    assert "Quel jour le vol a-t-il eu lieu ?" in said[-1]["text"]
    said = elsewhere.say("où en est mon dossier ?")
    assert "Quel jour le vol a-t-il eu lieu ?" in said[-1]["text"]
    said = elsewhere.say("le 3 novembre au matin")
    assert card_of(said)["status"] == "En cours d'analyse"
    assert "le 3 novembre au matin" in command(running, "voir", number)
    command(running, "etat", number, "rejetee", "--motif", "Ce n'est pas le titulaire")
    assert "Ce n'est pas le titulaire." in history(elsewhere)[-1]["text"]
    elsewhere.close()


def test_a_demarche_filed_on_the_site_is_followed_to_its_end(conversation: Conversation) -> None:
    number, _ = ready(conversation)
    said = conversation.say("où en est mon dossier ?")
    card = card_of(said)
    assert (card["number"], card["status"]) == (number, "Prête à déposer")
    assert card["downloads"][0]["url"].endswith("recapitulatif.pdf")
    said = conversation.say("ça y est, j'ai déposé ma démarche")
    assert card_of(said)["status"] == "Déposée"
    question = card_of(said, "question")
    assert question["slot"] == "numero_demarche"
    assert question["demarche"].startswith("duplicata")
    said = conversation.say("2018-123456")
    assert "2018-123456" in said[0]["text"]
    for text, status, what in (
        ("le site dit en attente d'information", "En attente d'information", "instructeur"),
        ("c'est passé en cours d'analyse", "En cours d'analyse", "rien à faire"),
        ("elle est en attente télédéclarant", "En attente télédéclarant", "payez"),
    ):
        said = conversation.say(text)
        assert card_of(said)["status"] == status
        assert what in card_of(said)["next"]
    said = conversation.say("que veut dire en attente d'information ?")
    assert said[0]["card"]["kind"] == "answer"
    said = conversation.say("c'est payé")
    assert "« Cliquer ici pour enregistrer votre paiement »" in said[0]["text"]
    said = conversation.say("ma démarche est terminée")
    assert card_of(said)["status"] == "Terminée"
    said = conversation.say("où en est mon dossier ?")
    assert "2018-123456" in said[0]["text"]


def test_the_buttons_lead_there_too(conversation: Conversation) -> None:
    number, _ = ready(conversation)
    said = conversation.choose(f"report:{number}=deposee")
    said = conversation.choose("act:later")
    choices = {c["label"]: c["value"] for c in card_of(said)["choices"]}
    said = conversation.choose(choices["Le statut a changé"])
    statuses = [choice["label"] for choice in card_of(said, "question")["choices"]]
    assert "En attente télédéclarant" in statuses
    said = conversation.say("terminée")
    assert card_of(said)["status"] == "Terminée"


def test_the_number_alone_files_the_demarche(conversation: Conversation) -> None:
    ready(conversation)
    said = conversation.say("mon numéro de démarche est A7-2018-99")
    assert card_of(said)["status"] == "Déposée"
    assert "A7-2018-99" in said[0]["text"]


def test_a_ready_dossier_can_still_be_corrected(conversation: Conversation) -> None:
    number, _ = ready(conversation)
    said = conversation.choose(f"review:{number}")
    assert said[-1]["card"]["kind"] == "recap"
    said = conversation.say("non, la plaque est CD-456-EF")
    assert said[-1]["card"]["kind"] == "recap"
    fields = {field["label"]: field["value"] for field in said[-1]["card"]["fields"]}
    assert fields["Numéro d’immatriculation"] == "CD-456-EF"


@pytest.mark.parametrize(
    "said", ["j'ai déposé ma démarche", "c'est payé", "ma démarche est terminée"]
)
def test_without_a_dossier_these_are_not_reports(said: str, conversation: Conversation) -> None:
    cards = [message["card"] or {} for message in conversation.say(said)]
    assert all(card.get("kind") != "dossier" for card in cards)


def test_resuming_lists_this_persons_dossiers_or_asks_for_number_and_code(
    conversation: Conversation,
) -> None:
    (said,) = conversation.say("reprendre ma démarche")
    assert "numéro" in said["text"]
    assert "code de reprise" in said["text"]
    first, _ = ready(conversation)
    second = conversation.say("je veux préparer la cession de mon véhicule")[0]["card"]["number"]
    conversation.say("pause")
    (said,) = conversation.say("reprendre ma démarche")
    offered = [choice["value"] for choice in said["card"]["choices"]]
    assert {f"dossier:{first}", f"dossier:{second}"} <= set(offered)
    said = conversation.say("mes dossiers")[0]
    assert first in said["text"]
    assert second in said["text"]
    said = conversation.choose(f"dossier:{second}")[-1]
    assert said["card"]["kind"] == "question"
