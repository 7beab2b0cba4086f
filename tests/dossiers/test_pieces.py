"""The pièces of a dossier: their state, their files on the disk, and who may touch them."""

import os
import stat
from pathlib import Path

import pytest
import sent_files
from small_demarche import STRAIGHT

from dossiers.answers import Answer
from dossiers.attachments import RefusedFileError
from dossiers.form import Form
from dossiers.ledger import NotNowError, UnknownDossierError
from dossiers.pieces import UnknownPieceError
from dossiers.register import Dossiers
from dossiers.states import State
from dossiers.views import DossierView


@pytest.fixture
def theft(dossiers: Dossiers, form: Form) -> DossierView:
    dossier, _ = dossiers.begin(form)
    answers = [Answer(slot, value) for slot, value in STRAIGHT.items()]
    return dossiers.save(dossier.id, answers).dossier


def states(dossiers: Dossiers, dossier: DossierView) -> dict[str, str]:
    today = dossiers.today()
    return {view.piece.id: view.state for view in dossiers.get(dossier.id).pieces(today)}


def test_the_pieces_are_those_of_the_case(dossiers: Dossiers, theft: DossierView) -> None:
    assert states(dossiers, theft) == {"vol": "missing", "courriel": "filled"}
    dossiers.set_value(theft.id, "motif", "perte")
    assert states(dossiers, theft) == {"courriel": "filled"}


def test_a_file_is_kept_encrypted_under_a_random_name(
    dossiers: Dossiers, theft: DossierView, tmp_path: Path
) -> None:
    sent = dossiers.pieces.attach(theft.id, "vol", sent_files.pdf())
    assert (sent.state, sent.media_type) == ("sent", "application/pdf")
    (kept,) = (tmp_path / "pieces").iterdir()
    assert kept.stem == sent.id
    assert b"%PDF" not in kept.read_bytes()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert dossiers.pieces.read(theft.id, sent.id) == ("application/pdf", sent_files.pdf())
    assert states(dossiers, theft)["vol"] == "sent"


def test_a_bad_photo_waits_until_it_is_confirmed_or_replaced(
    dossiers: Dossiers, theft: DossierView
) -> None:
    doubtful = dossiers.pieces.attach(theft.id, "vol", sent_files.blurred())
    assert (doubtful.state, doubtful.warnings) == ("doubtful", ("floue",))
    assert states(dossiers, theft)["vol"] == "doubtful"
    dossiers.pieces.use_anyway(theft.id, doubtful.id)
    assert states(dossiers, theft)["vol"] == "sent"
    other = sent_files.encoded(sent_files.page(400, 600))
    assert dossiers.pieces.attach(theft.id, "vol", other).state == "doubtful"
    assert states(dossiers, theft)["vol"] == "sent"


def test_a_file_sent_again_is_kept_once_until_it_is_refused(
    dossiers: Dossiers, theft: DossierView, tmp_path: Path
) -> None:
    first = dossiers.pieces.attach(theft.id, "vol", sent_files.blurred())
    dossiers.pieces.attach(theft.id, "vol", sent_files.pdf(2))
    again = dossiers.pieces.attach(theft.id, "vol", sent_files.blurred(), anyway=True)
    assert (again.id, again.state) == (first.id, "sent")
    assert len(list((tmp_path / "pieces").iterdir())) == 2
    assert [event.kind for event in dossiers.events(theft.id)].count("attached") == 2
    dossiers.pieces.refuse(theft.id, "vol", "Illisible.", "agent:7")
    assert dossiers.pieces.attach(theft.id, "vol", sent_files.blurred()).id != first.id
    assert len(dossiers.get(theft.id).attachments) == 3


def test_a_piece_may_be_kept_at_hand(dossiers: Dossiers, theft: DossierView) -> None:
    dossiers.pieces.keep_at_hand(theft.id, "vol")
    dossiers.pieces.keep_at_hand(theft.id, "vol")
    assert states(dossiers, theft)["vol"] == "at_hand"
    assert [event.kind for event in dossiers.events(theft.id)].count("at_hand") == 1


def test_losing_a_piece_makes_a_ready_dossier_incomplete(
    dossiers: Dossiers, theft: DossierView, tmp_path: Path
) -> None:
    sent = dossiers.pieces.attach(theft.id, "vol", sent_files.pdf())
    dossiers.accept_clu(theft.id)
    dossiers.move(theft.id, State.PRETE_A_DEPOSER, "citizen")
    dossiers.pieces.remove(theft.id, sent.id)
    assert dossiers.get(theft.id).state is State.EN_PREPARATION
    assert list((tmp_path / "pieces").iterdir()) == []


@pytest.mark.parametrize("piece", ["", "mandat", "inconnue", "../vol", "vol/../../etc/passwd"])
def test_only_the_pieces_of_the_case_are_taken(
    dossiers: Dossiers, theft: DossierView, piece: str, tmp_path: Path
) -> None:
    with pytest.raises(UnknownPieceError):
        dossiers.pieces.attach(theft.id, piece, sent_files.pdf())
    assert list((tmp_path / "pieces").iterdir()) == []


def test_a_refused_file_leaves_nothing(
    dossiers: Dossiers, theft: DossierView, tmp_path: Path
) -> None:
    with pytest.raises(RefusedFileError):
        dossiers.pieces.attach(theft.id, "vol", sent_files.encrypted_pdf())
    with pytest.raises(UnknownDossierError):
        dossiers.pieces.attach("0" * 32, "vol", sent_files.pdf())
    assert not list(tmp_path.glob("pieces/*"))


def test_a_file_is_read_only_through_its_own_dossier(
    dossiers: Dossiers, theft: DossierView, form: Form
) -> None:
    sent = dossiers.pieces.attach(theft.id, "vol", sent_files.pdf())
    other, _ = dossiers.begin(form)
    for dossier_id, attachment in ((other.id, sent.id), (theft.id, "../" + sent.id)):
        with pytest.raises(UnknownPieceError):
            dossiers.pieces.read(dossier_id, attachment)


def test_the_number_of_files_is_limited(dossiers: Dossiers, theft: DossierView) -> None:
    for pages in range(1, 7):
        dossiers.pieces.attach(theft.id, "vol", sent_files.pdf(pages))
    with pytest.raises(RefusedFileError, match="déjà 6 fichiers"):
        dossiers.pieces.attach(theft.id, "vol", sent_files.pdf(7))


def test_a_decision_needs_a_file_and_a_refusal_its_reason(
    dossiers: Dossiers, theft: DossierView
) -> None:
    with pytest.raises(UnknownPieceError):
        dossiers.pieces.accept(theft.id, "vol", "agent:7")
    dossiers.pieces.attach(theft.id, "vol", sent_files.pdf())
    with pytest.raises(NotNowError):
        dossiers.pieces.refuse(theft.id, "vol", " ", "agent:7")
    dossiers.pieces.refuse(theft.id, "vol", "Illisible.", "agent:7")
    with pytest.raises(UnknownPieceError):
        dossiers.pieces.accept(theft.id, "vol", "agent:7")


def test_a_closed_dossier_takes_no_file(dossiers: Dossiers, theft: DossierView) -> None:
    dossiers.move(theft.id, State.ABANDONNEE, "citizen")
    with pytest.raises(NotNowError):
        dossiers.pieces.attach(theft.id, "vol", sent_files.pdf())


def test_an_altered_file_is_not_read(
    dossiers: Dossiers, theft: DossierView, tmp_path: Path
) -> None:
    sent = dossiers.pieces.attach(theft.id, "vol", sent_files.pdf())
    (kept,) = (tmp_path / "pieces").iterdir()
    with kept.open("r+b") as file:
        file.seek(200, os.SEEK_SET)
        file.write(b"????")
    with pytest.raises(Exception, match="not readable"):
        dossiers.pieces.read(theft.id, sent.id)
