"""Documents of every format become passages; what cannot be read is refused with its reason."""

import hashlib
import zipfile
from pathlib import Path

import pytest
from sample_files import pdf, protected, word
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from knowledge import importer, plain_text, store
from knowledge.file_readers import decode
from knowledge.importer import RefusedFileError, import_file, uncovered
from knowledge.passages import Block, KnownText, Passage, cut
from knowledge.store import ImportRow, PassageRow

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
PARAGRAPH = (
    "Le macaron de stationnement se demande à la mairie de la commune où le véhicule est garé. "
    "Il est valable un an et se colle sur le pare-brise, du côté du trottoir."
)


def _passages(database: Engine) -> list[PassageRow]:
    with Session(database) as db:
        return list(db.scalars(select(PassageRow).order_by(PassageRow.id)))


def _put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_text_is_cut_under_its_headings(database: Engine, tmp_path: Path) -> None:
    pieces = "LES PIÈCES DEMANDÉES\n\n- la carte grise\n- un bail\n"
    text = f"GUIDE DU STATIONNEMENT\n\n{PARAGRAPH}\n\n12\n\n{pieces}"
    report = import_file(database, _put(tmp_path, "guide.txt", text))
    assert report.title == "GUIDE DU STATIONNEMENT"
    assert report.added == 2
    assert not report.covered
    first, second = _passages(database)
    assert (first.section, first.text) == ("", PARAGRAPH)
    assert second.section == "LES PIÈCES DEMANDÉES"
    assert second.text == "- la carte grise\n- un bail"


def test_markdown_is_known_by_its_content(database: Engine, tmp_path: Path) -> None:
    text = (
        "# Le guide\n\n## La **demande**\n\nRendez-vous en <b>mairie</b><sup>1</sup>.\n\n"
        "| Tarif | Durée |\n|---|---|\n| 30 euros | un an |\n\n<script>alert(1)</script>\n"
    )
    import_file(database, _put(tmp_path, "guide.txt", text))
    (passage,) = _passages(database)
    assert passage.section == "La demande"
    assert passage.text == "Rendez-vous en mairie.\nTarif | Durée\n30 euros | un an"


def test_html_is_known_by_its_content(database: Engine, tmp_path: Path) -> None:
    page = (
        "<!DOCTYPE html><html><head><title>Le macaron</title><style>p{}</style></head><body>"
        "<nav>Accueil</nav><h1>Le macaron</h1><h2>Où le demander</h2>"
        "<div>À la <a href='#'>mairie</a>,<br>au guichet<p>Le matin</p></div>"
        "<ul><li>un bail</li></ul><!-- caché --><p hidden>secret</p><footer>Mentions</footer>"
        "</body></html>"
    )
    report = import_file(database, _put(tmp_path, "page.txt", page))
    assert report.title == "Le macaron"
    (passage,) = _passages(database)
    assert passage.section == "Où le demander"
    assert passage.text == "À la mairie, au guichet\nLe matin\n• un bail"


def test_word_documents_keep_headings_lists_and_tables(database: Engine, tmp_path: Path) -> None:
    word(tmp_path / "guide.docx")
    report = import_file(database, tmp_path / "guide.docx")
    assert report.title == "Guide du stationnement"
    first, second = _passages(database)
    assert first.section == "Le macaron"
    assert second.section == "Le macaron › Les pièces"
    assert second.text == "• Une copie de la carte grise\nTarif annuel | Trente euros"


def test_pdfs_lose_page_numbers_running_titles_and_hyphens(
    database: Engine, tmp_path: Path
) -> None:
    pages = [
        ["Guide officiel", f"Page {n} parle du macaron numéro {n} et de son renouvelle-",
         "ment à la mairie, peut-", "être le matin.", str(n)]
        for n in range(1, 5)
    ]  # fmt: skip
    report = import_file(database, _put(tmp_path, "guide.pdf", pdf([*pages, []], "Le macaron")))
    assert report.title == "Le macaron"
    assert report.warnings == ("Pages sans texte, qui n'ont pas pu être lues : 5.",)
    text = "\n".join(passage.text for passage in _passages(database))
    assert text.count("Guide officiel") == 1
    assert text.count("renouvellement à la mairie, peut-être le matin.") == 4
    assert not any(line.strip().isdigit() for line in text.split("\n"))


def test_the_same_file_again_changes_nothing(database: Engine, tmp_path: Path) -> None:
    path = _put(tmp_path, "guide.txt", PARAGRAPH)
    assert import_file(database, path).added == 1
    again = import_file(database, path.rename(tmp_path / "copie.txt"))
    assert again.already_imported
    assert (again.added, again.file) == (0, "guide.txt")
    assert len(_passages(database)) == 1


def test_passages_of_another_document_are_not_stored_twice(
    database: Engine, tmp_path: Path
) -> None:
    import_file(
        database,
        _put(tmp_path, "grand.txt", f"{PARAGRAPH}\n\nTITRE SUIVANT\n\nAutre texte du guide."),
    )
    copied = (
        f"UN AUTRE TITRE\n\n{PARAGRAPH.upper().capitalize()}\n\nUNE NOUVEAUTÉ\n\nCeci est nouveau."
    )
    report = import_file(database, _put(tmp_path, "petit.txt", copied))
    assert (report.added, report.duplicates) == (1, 1)
    assert _passages(database)[-1].text == "Ceci est nouveau."


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the source documents are not in {SEEDS}")
def test_the_source_documents_are_imported_once_and_known_as_covered(database: Engine) -> None:
    store.build(database)
    reports = [import_file(database, path) for path in sorted(SEEDS.glob("*.txt"))]
    assert [report.added > 0 for report in reports] == [True, True, True, False, True]
    assert reports[3].duplicates > 0  # contained in the document before it
    assert all(report.covered for report in reports)
    assert uncovered(database) == []
    lengths = [len(passage.text) for passage in _passages(database)]
    assert max(lengths) <= 1000


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("vide.txt", b"", "vide"),
        ("blanc.txt", b" \n\n ", "ne contient pas de texte"),
        ("image.pdf", b"\x89PNG\r\n\x1a\n0000", "image"),
        ("ancien.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), "ancien format"),
        ("note.rtf", b"{\\rtf1 bonjour}", "RTF"),
        ("programme.txt", bytes(range(256)) * 4, "pas un texte"),
        ("abime.pdf", b"%PDF-1.4\nrien du tout", "abîmé"),
        ("coupe.pdf", pdf([["Bonjour à tous les habitants."]])[:300], "abîmé"),
        ("abime.docx", b"PK\x03\x04 rien", "abîmé"),
        ("numerise.pdf", pdf([[], []]), "numérisé"),
        ("protege.pdf", protected(pdf([["Un texte que personne ne lira."]])), "mot de passe"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    database: Engine, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = _put(tmp_path, name, content)
    with pytest.raises(RefusedFileError) as caught:
        import_file(database, path)
    assert reason in caught.value.reason
    with Session(database) as db:
        assert db.scalars(select(ImportRow)).all() == []


def test_other_refusals(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "tableur.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    large = _put(tmp_path, "gros.txt", "mot " * 300)
    monkeypatch.setattr(importer, "LARGEST", 1000)
    refused = {
        tmp_path / "tableur.xlsx": "autre format d'Office",
        tmp_path / "absent.txt": "n'existe pas",
        tmp_path: "pas un fichier",
        large: "dépasse",
    }
    for path, reason in refused.items():
        with pytest.raises(RefusedFileError) as caught:
            import_file(database, path)
        assert reason in caught.value.reason


def test_imported_documents_wait_for_a_sheet(database: Engine, tmp_path: Path) -> None:
    store.build(database)
    assert uncovered(database) == []
    import_file(database, _put(tmp_path, "guide.txt", f"LE MACARON\n\n{PARAGRAPH}"))
    (waiting,) = uncovered(database)
    assert (waiting.file, waiting.title) == ("guide.txt", "LE MACARON")
    assert waiting.passages == (Passage("", PARAGRAPH),)


def test_encodings() -> None:
    assert decode("déjà".encode()) == "déjà"
    assert decode("\ufeffdéjà".encode()) == "déjà"
    assert decode("déjà « là »".encode("cp1252")) == "déjà « là »"
    assert decode("déjà".encode("utf-16")) == "déjà"


def test_no_word_is_lost_and_long_texts_are_cut_between_sentences() -> None:
    sentences = " ".join(f"Voici la phrase numéro {n} du long paragraphe." for n in range(100))
    endless = "mot" * 500
    blocks = [
        Block("Seul", 1),
        Block("Titre", 1),
        Block(sentences),
        Block(endless),
        Block("Fin", 2),
    ]
    passages = cut(blocks)
    assert passages[0].section == "Seul — Titre"
    assert passages[-1] == Passage("Seul — Titre", "Fin")
    assert all(len(passage.text) <= 1000 for passage in passages)
    kept = "".join(passage.text for passage in passages).replace("\n", "").replace(" ", "")
    assert kept == f"{sentences}{endless}Fin".replace(" ", "")
    assert all(p.text.endswith(".") for p in passages[:3])


def test_nearly_the_same_passage_is_known() -> None:
    known = KnownText([PARAGRAPH, "Autre texte."])
    assert known.holds(Passage("", PARAGRAPH.upper()))
    assert known.holds(Passage("", "autre TEXTE"))
    assert not known.holds(Passage("", "autre chose"))
    assert not known.holds(Passage("", f"{PARAGRAPH} Et une phrase entièrement nouvelle au bout."))


def test_slides_whose_title_is_read_last_are_put_in_order() -> None:
    text = "Cliquez sur le bouton.\n\nLE PAIEMENT\f Imprimez le reçu.\n\nLA FINALISATION"
    assert plain_text.blocks(text) == [
        Block("LE PAIEMENT", 1), Block("Cliquez sur le bouton."),
        Block("LA FINALISATION", 1), Block("Imprimez le reçu."),
    ]  # fmt: skip


def test_the_digest_is_that_of_the_file(database: Engine, tmp_path: Path) -> None:
    path = _put(tmp_path, "guide.txt", PARAGRAPH)
    import_file(database, path)
    assert _passages(database)[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
