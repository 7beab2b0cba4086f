"""Making the guide better: questions grouped, proposals checked, reviewed, taken as patches."""

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from bench import desk_data
from bench.desk_data import Invented
from bench.evaluate import questions
from bot.messages import Message
from channels.conversations import now
from channels.desk.accounts import Accounts, Agent
from channels.desk.guide import checks
from channels.desk.guide.anonymous import anonymous
from channels.desk.guide.changes import RECEIVED, Draft, changes_of, cleaned, digest, patch
from channels.desk.guide.evaluation import Evaluations
from channels.desk.guide.models import ProposalRow
from channels.desk.guide.proposals import NotAllowedError, Proposals, applied, checked, draft_of
from channels.desk.guide.questions import Missed, common_words, grouped, missed
from dossiers.vault import Vault
from knowledge.query import KnowledgeBase
from knowledge.search import SearchIndex
from repere.running import Running
from repere.settings import ROOT, Settings

SignIn = Callable[[str], Page]
SHEET = "knowledge/sheets/suivi/cpi.yml"
NEW = "le site reste figé après le choix de la pièce, que faire ?"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the files that proposals change, in a Git repository."""
    root = tmp_path / "project"
    for name in ("bot/data", "knowledge/sheets"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copyfile(ROOT / "knowledge/documents.yml", root / "knowledge/documents.yml")
    git(root, "init", "-q")
    return root


def git(root: Path, *arguments: str, text: str = "") -> None:
    subprocess.run(["git", *arguments], cwd=root, input=text.encode(), check=True)


def corrected(root: Path) -> str:
    """A sheet with one more name."""
    text = (root / SHEET).read_text(encoding="utf-8")
    return text.replace("names: [", 'names: ["certificat du premier mois", ', 1)


def account(database: Engine, login: str, role: str = "editor") -> Agent:
    return Accounts(database, Vault("clef"), "clef").add(login, login.title(), role)[0]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("ma plaque est FB-064-TN", "ma plaque est [plaque]"),
        ("appelez le 06 12 34 56 78", "appelez le [téléphone]"),
        ("je m'appelle Jean Dupont et", "je m'appelle [nom] et"),
        ("écrire à camille@exemple.fr svp", "écrire à [adresse électronique] svp"),
        ("j'habite 12 rue des Lilas à Metz", "j'habite [adresse]"),
        ("dossier RP-7K3M-92QD", "dossier [numéro de dossier]"),
        ("né le 12/03/1980", "né le [date]"),
        ("n° 123456789", "n° [numéro]"),
        ("carte 4970 1000 0000 0154", "carte [numéro de carte masqué]"),
        ("une plaque comme AB-123-CD", "une plaque comme AB-123-CD"),
        ("payer 40 euros en 2018", "payer 40 euros en 2018"),
    ],
)
def test_what_names_a_person_is_masked(said: str, kept: str) -> None:
    assert anonymous(said) == kept


def test_questions_alike_are_together_and_each_is_dealt_with_once(
    database: Engine, base: KnowledgeBase
) -> None:
    weigh = SearchIndex(base).weight
    desk_data.unanswered(database)
    answer = Message("Payez par carte.", {"kind": "answer", "topic": "paiement/duplicata"})
    desk_data.rated(database, "et pour payer ?", answer, "demandez à Madame Durand")
    desk_data.handed_over(database, "mon compte est bloqué depuis mardi", None)
    since = now() - timedelta(days=30)
    groups = grouped(missed(database, since), weigh)
    assert [group.conversations for group in groups[:2]] == [3, 2]
    assert common_words(groups[0], 3) == ["carte", "grise", "drone"]
    reasons = {reason for group in groups for reason, _ in group.reasons}
    assert reasons == {
        "not_covered", "not_understood", "out_of_scope", "badly_rated", "handed_over"
    }  # fmt: skip
    everything = " ".join(q.text + " ".join(q.comments) for g in groups for q in g.questions)
    assert "Lefèvre" not in everything
    assert "Durand" not in everything
    proposals = Proposals(database)
    proposals.set_aside([question.message_id for question in groups[0].questions], "a")
    assert len(grouped(missed(database, since), weigh)) == len(groups) - 1
    assert len(grouped(missed(database, since, all_of_them=True), weigh)) == len(groups)


def test_what_is_rare_in_the_base_tells_more_than_what_is_everywhere(base: KnowledgeBase) -> None:
    """« carte grise » makes no two questions one; a trottinette, however it is asked, does."""
    asked = (
        "immatriculer une trottinette électrique",
        "faut-il une plaque pour ma trottinette ?",
        "carte grise pour un cheval",
        "carte grise d'un fauteuil roulant",
        "ma voiture est à la fourrière",
        "comment récupérer mon véhicule à la fourrière ?",
    )
    found = [Missed(rank, str(rank), now(), text) for rank, text in enumerate(asked)]
    groups = grouped(found, SearchIndex(base).weight)
    assert sorted([q.message_id for q in g.questions] for g in groups) == [[0, 1], [2], [3], [4, 5]]


def test_a_patch_applies_with_git(project: Path) -> None:
    topic = "probleme/paiement"
    draft = Draft({topic: [NEW]}, SHEET, corrected(project))
    changes = changes_of(draft, project)
    git(project, "apply", "--check", "-", text=patch(changes))
    git(project, "apply", "-", text=patch(changes))
    for change in changes:
        assert (project / change.path).read_text(encoding="utf-8") == change.after
    # What is already there changes nothing; another example is added to it.
    assert changes_of(draft, project) == []
    (more,) = changes_of(Draft({topic: ["une autre question ?"]}), project)
    assert more.path == RECEIVED
    git(project, "apply", "-", text=patch([more]))
    assert NEW in (project / RECEIVED).read_text(encoding="utf-8")


def test_a_sound_proposal_has_no_problem(project: Path) -> None:
    topic = "definition/cpi"
    draft = Draft({topic: ["à quoi me sert ce papier valable un mois"]}, SHEET, corrected(project))
    before = {path: path.read_bytes() for path in project.rglob("*.yml")}
    assert checks.problems(draft, changes_of(draft, project), project) == []
    assert before == {path: path.read_bytes() for path in project.rglob("*.yml")}


def of(project: Path, draft: Draft, root: Path | None = None) -> str:
    return "\n".join(checks.problems(draft, changes_of(draft, project), root or project))


def test_what_is_wrong_is_told(project: Path) -> None:
    taught = "c'est quoi le code confidentiel"
    assert "autre sujet" in of(project, Draft({"definition/cpi": [taught]}))
    assert "donnée personnelle" in of(project, Draft({"definition/cpi": ["je suis M. Durand"]}))
    assert "donnée personnelle" in of(project, Draft({"definition/cpi": cleaned("ma [plaque]")}))
    assert "nothing answers" in of(project, Draft({"definition/rien_du_tout": ["une question"]}))
    text = corrected(project)
    assert "YAML" in of(project, Draft({}, SHEET, text + "\n  - : ["))
    assert "ancre" in of(project, Draft({}, SHEET, text + "\nx: &a [1]\ny: *a\n"))
    assert "cpi.yml" in of(project, Draft({}, SHEET, text.replace("kind: ", "genre: ", 1)))
    source = re.sub(r"sources: \[[^\]]*\]", "sources: [nulle/part]", text, count=1)
    assert "nulle/part" in of(project, Draft({}, SHEET, source))
    unchanged = (project / SHEET).read_text(encoding="utf-8")
    assert "ne change rien" in of(project, Draft({}, SHEET, unchanged))


def test_the_evaluation_stays_apart(project: Path) -> None:
    long = next(entry["question"] for entry in questions() if len(entry["question"].split()) > 8)
    for copied in (long, long.upper().rstrip("?.! ") + " !"):
        draft = Draft({"definition/cpi": cleaned(copied)})
        assert "jeu d'évaluation" in of(project, draft, ROOT)


def passed(proposals: Proposals, proposal: int, root: Path) -> None:
    """What a check that found nothing writes."""
    draft = draft_of(proposals.get(proposal))
    proposals.finish_check(proposal, digest(draft, changes_of(draft, root)), {"problems": []})


def test_only_a_checked_proposal_is_approved_and_by_someone_else(
    database: Engine, project: Path
) -> None:
    emma, elio = account(database, "emma"), account(database, "elio")
    proposals = Proposals(database)
    draft = Draft({"definition/cpi": [NEW]})
    one = proposals.add(emma.id, emma.name, "Exemples", draft)
    with pytest.raises(NotAllowedError, match="vérifiez-la"):
        proposals.approve(one, elio.id, elio.name, project)
    passed(proposals, one, project)
    with pytest.raises(NotAllowedError, match="Une autre personne"):
        proposals.approve(one, emma.id, emma.name, project)
    seen = proposals.get(one).updated_at.isoformat()
    other = Draft({"definition/cpi": [NEW, "une question de plus"]})
    proposals.rewrite(one, "Exemples", other, "", seen)
    with pytest.raises(NotAllowedError, match="entre-temps"):
        proposals.rewrite(one, "Autre", draft, "", seen)
    with pytest.raises(NotAllowedError, match="vérifiez-la"):
        proposals.approve(one, elio.id, elio.name, project)
    passed(proposals, one, project)
    proposals.approve(one, elio.id, elio.name, project)
    row = proposals.get(one)
    assert (row.state, row.reviewer_name, applied(row, project)) == ("approved", "Elio", False)
    git(project, "apply", "-", text=patch(changes_of(draft_of(row), project)))
    assert applied(row, project)
    with pytest.raises(NotAllowedError, match="déjà relue"):
        proposals.refuse(one, elio.id, elio.name, "non")


def test_a_lone_editor_reviews_her_own(database: Engine, project: Path) -> None:
    emma = account(database, "emma")
    account(database, "agnes", "agent")
    proposals = Proposals(database)
    one = proposals.add(emma.id, emma.name, "Exemples", Draft({"definition/cpi": [NEW]}))
    passed(proposals, one, project)
    proposals.approve(one, emma.id, emma.name, project)
    assert proposals.get(one).state == "approved"


def test_a_change_of_the_sheet_meanwhile_is_noticed(database: Engine, project: Path) -> None:
    emma = account(database, "emma")
    proposals = Proposals(database)
    base = (project / SHEET).read_text(encoding="utf-8")
    draft = Draft({}, SHEET, corrected(project))
    one = proposals.add(emma.id, emma.name, "Corriger", draft, base=base)
    passed(proposals, one, project)
    assert checked(proposals.get(one), project)
    assert list(proposals.stale(one, project)) == []
    (project / SHEET).write_text(base.replace("title:", "title :", 1), encoding="utf-8")
    assert not checked(proposals.get(one), project)
    assert "a changé depuis" in next(proposals.stale(one, project))


def test_one_check_at_a_time_and_a_dead_one_does_not_block(database: Engine) -> None:
    emma = account(database, "emma")
    proposals = Proposals(database)
    ids = [proposals.add(emma.id, "Emma", "x", Draft({"definition/cpi": [NEW]})) for _ in "ab"]
    assert proposals.claim_check(ids[0])
    assert not proposals.claim_check(ids[1])
    with Session(database) as db, db.begin():
        dead = now() - timedelta(minutes=5)
        db.execute(update(ProposalRow).values(check_beat=dead))
    assert proposals.claim_check(ids[1])
    assert proposals.get(ids[0]).check_state == "failed"


def test_a_proposal_is_evaluated_in_a_copy(database: Engine, tmp_path: Path) -> None:
    """The real evaluation of a few questions: the copy answers with the proposal in it."""
    root = tmp_path / "root"
    ignored = shutil.ignore_patterns(".venv", "__pycache__", "var")
    for name in ("bench", "bot", "channels", "dossiers", "french", "knowledge", "repere"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "pyproject.toml"):
        shutil.copyfile(ROOT / name, root / name)
    (root / "bot/engine/.venv").symlink_to(ROOT / "bot/engine/.venv")
    evaluation = root / "tests/evaluation"
    (evaluation / "questions").mkdir(parents=True)
    (evaluation / "dialogues").mkdir()
    (evaluation / "questions/une.yml").write_text(
        "- question: qu'est-ce que le certificat provisoire ?\n  expects: answer\n"
        "  register: propre\n  family: f\n  topics: [definition/cpi]\n  facts: [[premier mois]]\n",
        encoding="utf-8",
    )
    text = (root / SHEET).read_text(encoding="utf-8")
    sheet = text.replace("\n    text: >-\n      ", "\n    text: >-\n      Au premier mois : ", 1)
    assert sheet != text
    emma = account(database, "emma")
    proposals = Proposals(database)
    one = proposals.add(emma.id, "Emma", "Corriger", Draft({}, SHEET, sheet), base=text)
    assert proposals.claim_check(one)
    Evaluations(proposals, root, Settings().resolved_models)._run(one)
    row = proposals.get(one)
    assert row.check_state == "passed", row.check_report
    assert row.check_report
    assert row.check_report["figures"]["answered"] == 100.0
    assert (root / SHEET).read_text(encoding="utf-8") == text


def test_from_a_question_to_a_patch(
    running: Running, invented: Invented, sign_in: SignIn, team: dict[str, Agent]
) -> None:
    words = "la fenêtre du récépissé violet clignote sans fin"
    desk_data.unanswered(invented.database, [(words, "not_understood")])
    editor = sign_in("emma")
    editor.goto(f"{running.url}/desk/guide")
    editor.get_by_role("link", name=words).click()
    attach = editor.get_by_role("region", name="Rattacher à une fiche")
    attach.get_by_label("Sujet").select_option("definition/cpi")
    attach.get_by_role("button", name="Proposer").click()
    expect(editor.locator("code.added").filter(has_text=words)).to_be_visible()
    expect(editor.get_by_text("Une autre personne doit relire")).to_be_visible()
    number = int(editor.url.rsplit("/", 1)[1])
    assert editor.request.get(f"{editor.url}/patch").status == 404
    editor.goto(f"{running.url}/desk/guide")
    expect(editor.get_by_role("link", name=words)).to_have_count(0)

    reviewer = sign_in("elio")
    reviewer.goto(f"{running.url}/desk/guide/proposals/{number}")
    expect(reviewer.get_by_role("button", name="Approuver")).to_be_disabled()
    passed(Proposals(invented.database), number, ROOT)
    reviewer.reload()
    reviewer.get_by_role("button", name="Approuver").click()
    with reviewer.expect_download() as taken:
        reviewer.get_by_role("link", name="Télécharger le correctif").click()
    text = Path(taken.value.path()).read_text(encoding="utf-8")
    subprocess.run(["git", "apply", "--check", "-"], cwd=ROOT, input=text.encode(), check=True)
    assert words in text


def test_a_wrong_proposal_says_what_to_correct(
    running: Running, invented: Invented, sign_in: SignIn
) -> None:
    words = "mon nom est Camille Exemple et rien ne marche du tout"
    desk_data.unanswered(invented.database, [(words, "not_understood")])
    page = sign_in("emma")
    page.goto(f"{running.url}/desk/guide/sheets/new")
    page.get_by_role("button", name="Proposer cette fiche").click()
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_text("La vérification n’est pas passée.")).to_be_visible(timeout=60_000)
    expect(page.locator("#check li").first).to_be_visible()
    page.goto(f"{running.url}/desk/guide/sheets/new")
    page.get_by_label(re.compile("La fiche, en YAML")).fill("id: cpi\nkind: mot\n")
    page.get_by_role("button", name="Proposer cette fiche").click()
    expect(page.get_by_role("alert").first).to_contain_text("existe déjà")
    expect(page.get_by_label(re.compile("La fiche, en YAML"))).to_have_value("id: cpi\nkind: mot\n")


def test_agents_do_not_reach_the_guide_s_work(running: Running, sign_in: SignIn) -> None:
    page = sign_in("agnes")
    for path in ("", "/questions/1", "/sheets/new", "/sheets/cpi", "/proposals", "/proposals/1"):
        assert page.request.get(f"{running.url}/desk/guide{path}").status == 403
    headers = {"Origin": running.url}
    for path in ("/sheets", "/proposals/1/check", "/proposals/1/approve", "/questions/1/attach"):
        answer = page.request.post(f"{running.url}/desk/guide{path}", headers=headers)
        assert answer.status == 403
