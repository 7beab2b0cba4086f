"""Dossiers instructed at the desk: the iterative round, two agents at once, documents looked at."""

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from http_desk import Clients
from playwright.sync_api import Page, expect
from pypdf import PdfWriter

from bench import desk_data
from bench.desk_data import Invented
from channels.desk import api_tokens
from channels.desk.accounts import Agent
from dossiers.attachments import RefusedFileError
from dossiers.form import form_of
from dossiers.states import State
from repere.client import Conversation
from repere.running import Running

SignIn = Callable[[str], Page]


def opened(page: Page, running: Running, number: str) -> Page:
    page.goto(f"{running.url}/desk/dossiers/{number}")
    expect(page.get_by_role("heading", name=re.compile(number))).to_be_visible()
    return page


def write(page: Page, text: str) -> None:
    """Write to the guide, and wait for what it says."""
    before = page.locator(".msg.bot").count()
    page.get_by_label("Votre message").fill(text)
    page.get_by_label("Votre message").press("Enter")
    expect(page.locator(".msg.bot")).not_to_have_count(before)
    expect(page.locator(".msg.waiting")).to_have_count(0)


def send_document(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choisir un fichier").last.press("Enter")
    chooser.value.set_files(path)


def test_a_document_is_refused_sent_again_and_accepted(
    running: Running,
    invented: Invented,
    sign_in: SignIn,
    new_page: Callable[[], Page],
    tmp_path: Path,
) -> None:
    first, second = tmp_path / "premiere.jpg", tmp_path / "seconde.jpg"
    first.write_bytes(desk_data.declaration())
    second.write_bytes(desk_data.declaration())
    citizen = new_page()
    citizen.goto(running.url)
    for text in (
        "je veux faire une demande de duplicata de carte grise avec vous",
        "elle a été volée",
        "pour moi",
        "avec FranceConnect",
        "FB-064-TN",
    ):
        write(citizen, text)
    send_document(citizen, first)
    expect(citizen.get_by_text("Tout est-il exact").last).to_be_visible()
    for text in ("tout est exact", "j'accepte"):
        write(citizen, text)
    citizen.get_by_role("button", name="C’est compris").click()
    complete = citizen.locator(".msg").get_by_text(re.compile(r"Votre dossier RP-\S+ est complet"))
    found = re.search(r"RP-\S{4}-\S{4}", complete.last.inner_text())
    assert found
    number = found[0]

    agent = opened(sign_in("agnes"), running, number)
    agent.get_by_role("button", name="Déposer ici et examiner").click()
    expect(
        agent.get_by_text("Vous examinez ce dossier. La personne en est informée.")
    ).to_be_visible()
    expect(citizen.get_by_text("Un agent examine votre dossier").last).to_be_visible()
    expect(
        agent.get_by_role("img", name="Document envoyé pour : Déclaration de vol")
    ).to_be_visible()
    agent.get_by_text("Refuser…").click()
    agent.get_by_label("illisible").check()
    agent.get_by_label("Précision pour la personne").fill("Le tampon ne se lit pas.")
    agent.get_by_role("button", name="Refuser la pièce").click()
    expect(agent.get_by_text("La pièce est refusée, et demandée de nouveau.")).to_be_visible()

    expect(citizen.get_by_text("Le tampon ne se lit pas.").last).to_be_visible()
    citizen.get_by_role("button", name=re.compile("Reprendre")).last.click()
    send_document(citizen, second)
    citizen.get_by_role("button", name="Envoyer sans message").click()
    expect(citizen.locator(".msg.user").last).to_contain_text("Envoyer sans message")
    expect(citizen.locator(".msg.waiting")).to_have_count(0)

    agent.reload()
    agent.get_by_role("button", name="Accepter").click()
    expect(agent.get_by_text("La pièce est acceptée.")).to_be_visible()
    expect(citizen.get_by_text("est acceptée").last).to_be_visible()
    after = invented.dossiers.numbered(number)
    assert [file.state for file in after.attachments] == ["refused", "accepted"]
    assert after.state is State.ATTENTE_TELEDECLARANT


def test_a_document_is_sent_again_while_an_agent_has_the_conversation(
    clients: Clients, invented: Invented, conversation: Conversation
) -> None:
    number = desk_data.theft(invented, conversation.id).number
    agnes = clients.signed_in("agnes")
    talk, piece = f"/desk/conversations/{conversation.id}", "pieces/declaration_vol"

    def decide(what: str) -> str:
        seen = invented.dossiers.numbered(number).updated_at.isoformat()
        data = {"seen": seen, "reason": "illisible"}
        answer = agnes.post(f"/desk/dossiers/{number}/{piece}/{what}", data=data)
        return str(answer.headers.get("location"))

    agnes.post(f"{talk}/take")
    assert "fait=refused" in decide("refuse")
    messages = f"/api/conversations/{conversation.id}/messages"
    notice = conversation.http.get(messages).json()["messages"][-1]["card"]
    assert [(p["id"], p["state"]) for p in notice["pieces"]] == [("declaration_vol", "refused")]
    assert not notice.get("choices")  # the guide, which would go on with it, is silent
    # Hard to read or not, nobody else than the agent is asked.
    answer = conversation.http.post(
        f"/api/conversations/{conversation.id}/files",
        files={"file": ("photo.jpg", desk_data.declaration(blurred=True))},
        data={"piece": "declaration_vol"},
    ).json()
    assert answer["attachment"]["state"] == "sent"
    assert [m["author"] for m in answer["messages"]] == ["system"]
    assert "Déclaration de vol" in answer["messages"][0]["text"]
    assert "Document envoyé" in agnes.get(f"{talk}/messages").text
    assert "fait=accepted" in decide("accept")
    assert invented.dossiers.numbered(number).state is State.ATTENTE_TELEDECLARANT
    assert agnes.post(f"{talk}/give-back").headers["location"] == "/desk"


def test_of_two_agents_at_once_one_decides_and_the_other_loses_nothing(
    running: Running, invented: Invented, sign_in: SignIn
) -> None:
    number = desk_data.theft(invented).number
    one, other = (
        opened(sign_in("agnes"), running, number),
        opened(sign_in("bruno"), running, number),
    )
    one.get_by_role("button", name="Accepter").click()
    expect(one.get_by_text("La pièce est acceptée.")).to_be_visible()
    other.get_by_label("Information demandée").fill("Un texte long à écrire")
    other.get_by_role("button", name="Demander cette information").click()
    told = other.get_by_role("alert").first
    expect(told).to_contain_text("Ce dossier a changé entre-temps")
    expect(told).to_contain_text("Agnès Martin : pièce acceptée : Déclaration de vol")
    expect(told).not_to_contain_text("dossier commencé")
    expect(other.get_by_label("Information demandée")).to_have_value("Un texte long à écrire")
    assert invented.dossiers.numbered(number).state is State.ATTENTE_TELEDECLARANT


def test_many_decisions_at_once_make_one(
    running: Running, invented: Invented, team: dict[str, Agent]
) -> None:
    token = api_tokens.make(invented.database, team["agnes"].id, "essai", ["instruct"], None)
    number = desk_data.theft(invented).number
    url = f"{running.url}/api/desk/dossiers/{number}"
    headers = {"Authorization": f"Bearer {token}"}
    seen = httpx.get(url, headers=headers).json()["updated_at"]

    def refuse(rank: int) -> int:
        body = {"seen": seen, "reason": "illisible", "text": f"Motif {rank}."}
        path = f"{url}/pieces/declaration_vol/refuse"
        return httpx.post(path, headers=headers, json=body, timeout=30).status_code

    with ThreadPoolExecutor(6) as pool:
        codes = sorted(pool.map(refuse, range(6)))
    assert codes == [200, 409, 409, 409, 409, 409]
    told = [e.text for e in invented.dossiers.events(invented.dossiers.numbered(number).id)]
    assert len([text for text in told if text and "Motif" in text]) == 2  # refused, then moved


def test_documents_are_shown_where_nothing_runs(
    running: Running, invented: Invented, sign_in: SignIn
) -> None:
    picture = desk_data.theft(invented)
    page = opened(sign_in("agnes"), running, picture.number)
    file = picture.attachments[0].id
    answer = page.request.get(f"{running.url}/desk/dossiers/{picture.number}/files/{file}")
    assert answer.status == 200
    headers = answer.headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    # What was sent has been written again: it is not the file as it came.
    assert answer.body() != desk_data.declaration()
    other = desk_data.theft(invented)
    foreign = f"{running.url}/desk/dossiers/{other.number}/files/{file}"
    assert page.request.get(foreign).status == 404


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%PDF-1.7\n1 0 obj\n<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\nendobj",
        b"\xff\xd8\xff\xe0<script>alert(1)</script>",
    ],
    ids=["html", "svg", "pdf", "jpeg"],
)
def test_hostile_files_never_reach_the_desk(invented: Invented, content: bytes) -> None:
    dossier, _ = invented.dossiers.begin(form_of(invented.base, "duplicata"))
    with pytest.raises(RefusedFileError):
        invented.dossiers.pieces.attach(dossier.id, "declaration_vol", content)


def test_documents_and_dossiers_are_for_agents_alone(
    running: Running, invented: Invented, sign_in: SignIn, new_page: Callable[[], Page]
) -> None:
    dossier = desk_data.theft(invented)
    path = f"/desk/dossiers/{dossier.number}"
    file = f"{path}/files/{dossier.attachments[0].id}"
    editor, stranger = sign_in("emma"), new_page()
    for reached in (path, file, f"{path}/recapitulatif.pdf", "/desk/dossiers"):
        assert editor.request.get(running.url + reached).status == 403
        answer = stranger.request.get(running.url + reached, max_redirects=0)
        assert answer.status == 303
    assert stranger.request.get(f"{running.url}/api{path}").status == 401
    refused = stranger.request.post(
        f"{running.url}{path}/ask", form={"seen": dossier.updated_at.isoformat(), "text": "x"}
    )
    assert refused.status in (401, 403)


def test_a_pdf_is_shown_in_place(running: Running, invented: Invented, sign_in: SignIn) -> None:
    writer, made = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(made)
    number = desk_data.theft(invented, document=made.getvalue()).number
    page = opened(sign_in("agnes"), running, number)
    frame = page.get_by_title("PDF envoyé pour : Déclaration de vol")
    expect(frame).to_be_visible()
    answer = page.request.get(running.url + str(frame.get_attribute("src")))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_what_people_and_agents_write_is_only_text(
    running: Running, invented: Invented, sign_in: SignIn
) -> None:
    number = desk_data.theft(invented).number
    page = opened(sign_in("agnes"), running, number)
    attack = "<img src=x onerror=alert(1)>"
    page.get_by_label("Information demandée").fill(attack)
    page.get_by_role("button", name="Demander cette information").click()
    expect(page.get_by_text(attack).first).to_be_visible()
    assert page.locator("img[src=x]").count() == 0


def test_an_agent_answers_for_the_person(
    running: Running, invented: Invented, team: dict[str, Agent], sign_in: SignIn
) -> None:
    dossier, _ = invented.dossiers.begin(form_of(invented.base, "duplicata"))
    page = opened(sign_in("agnes"), running, dossier.number)
    row = page.get_by_role("row", name=re.compile("Numéro d’immatriculation"))
    row.get_by_text("Répondre pour la personne").click()
    row.get_by_role("textbox").fill("n'importe quoi")
    row.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert").first).to_contain_text("plaque")
    row.get_by_role("textbox").fill("fb 064 tn")
    row.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("La réponse est enregistrée.")).to_be_visible()
    after = invented.dossiers.get(dossier.id)
    assert after.values["numero_immatriculation"] == "FB-064-TN"
    event = next(e for e in invented.dossiers.events(dossier.id) if e.kind == "value")
    assert event.who == f"agent:{team['agnes'].id}"


def test_the_list_is_filtered_and_those_that_wait_longest_come_first(
    running: Running, invented: Invented, sign_in: SignIn
) -> None:
    older = desk_data.theft(invented).number
    ready = desk_data.theft(invented, filed=False).number
    page = sign_in("sonia")
    page.goto(f"{running.url}/desk/dossiers")
    numbers = page.locator("tbody th a").all_inner_texts()
    waiting = [invented.dossiers.numbered(number).updated_at for number in numbers]
    assert waiting == sorted(waiting)
    assert ready not in numbers
    # The other tests' dossiers fill more than one page: its number brings it out.
    page.get_by_label("Montrer").select_option("Prêts à déposer")
    page.get_by_label("Numéro").fill(ready)
    page.get_by_role("button", name="Filtrer").click()
    assert page.locator("tbody th a").all_inner_texts() == [ready]
    page.get_by_label("Numéro").fill(older.lower())
    page.get_by_role("button", name="Filtrer").click()
    assert page.locator("tbody th a").all_inner_texts() == [older]


def test_the_same_by_api(running: Running, invented: Invented, team: dict[str, Agent]) -> None:
    def client(login: str, *scopes: str) -> httpx.Client:
        token = api_tokens.make(invented.database, team[login].id, "essai", scopes, None)
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=f"{running.url}/api/desk", headers=headers, timeout=30)

    number = desk_data.theft(invented).number
    with client("bruno", "answer") as narrow:
        assert narrow.get(f"/dossiers/{number}").status_code == 403
    with client("bruno", "instruct") as api:
        listed = api.get("/dossiers", params={"register": "interne", "number": number}).json()
        assert [one["number"] for one in listed] == [number]
        dossier = api.get(f"/dossiers/{number}").json()
        assert dossier["pieces"][0]["waits"] is True
        refusal = {"seen": dossier["updated_at"], "reason": "", "text": ""}
        path = f"/dossiers/{number}/pieces/declaration_vol"
        assert api.post(f"{path}/refuse", json=refusal).status_code == 422
        body = {"seen": dossier["updated_at"], "text": "Quel jour ?"}
        asked = api.post(f"/dossiers/{number}/ask", json=body).json()
        assert asked["dossier"]["state"] == "attente_information"
        assert asked["told"] is False
        assert api.post(f"/dossiers/{number}/ask", json=body).status_code == 409
        seen = {"seen": asked["dossier"]["updated_at"]}
        accepted = api.post(f"{path}/accept", json=seen)
        assert accepted.json()["dossier"]["pieces"][0]["state"] == "accepted"
        moved = {"seen": accepted.json()["dossier"]["updated_at"], "state": "terminee"}
        refused = api.post(f"/dossiers/{number}/state", json=moved)
        assert refused.status_code == 422
        assert "paiement" in refused.json()["detail"]
        assert api.get("/dossiers/RP-0000-0000").status_code == 404
        assert api.get("/figures").status_code == 403
    with client("sonia", "figures") as api:
        assert api.get("/figures").json()["demarches"]
