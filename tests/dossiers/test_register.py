"""Keeping dossiers: each answer at once, the secret, the lock, the reports; nothing in clear."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from small_demarche import KEY, QUICK, STRAIGHT, Clock
from sqlalchemy import Engine, inspect

from dossiers.answers import Answer, ValueRefusedError
from dossiers.form import Form
from dossiers.ledger import KeyChangedError, NotNowError, UnknownDossierError
from dossiers.model import Base
from dossiers.register import MAX_TRIES, Dossiers, LockedError, WrongSecretError
from dossiers.states import State, TransitionError
from dossiers.vault import UnreadableError, Vault
from dossiers.views import DossierView

ROOT = Path(__file__).resolve().parent.parent.parent


def answers(values: dict[str, str]) -> list[Answer]:
    return [Answer(slot, value) for slot, value in values.items()]


@pytest.fixture
def begun(dossiers: Dossiers, form: Form) -> DossierView:
    return dossiers.begin(form, "conversation-1")[0]


@pytest.fixture
def complete(dossiers: Dossiers, begun: DossierView) -> DossierView:
    dossiers.save(begun.id, answers(STRAIGHT))
    dossiers.pieces.keep_at_hand(begun.id, "vol")
    dossiers.accept_clu(begun.id)
    return dossiers.move(begun.id, State.PRETE_A_DEPOSER, "citizen")


def test_a_dossier_begins_empty_with_a_number_and_a_secret(dossiers: Dossiers, form: Form) -> None:
    dossier, secret = dossiers.begin(form, "c")
    assert dossier.state is State.EN_PREPARATION
    assert dossier.values == {}
    assert dossier.form == form
    assert dossiers.resume(dossier.number, secret).id == dossier.id
    assert dossiers.numbered(dossier.number.lower()).id == dossier.id
    with pytest.raises(UnknownDossierError):
        dossiers.get("0" * 32)
    with pytest.raises(UnknownDossierError):
        dossiers.numbered("RP-2222-2222")


def test_answers_are_kept_as_they_come_with_their_doubt(
    dossiers: Dossiers, begun: DossierView
) -> None:
    dossiers.set_value(begun.id, "plaque_lue", "AI-123-CD", doubt=True)
    saved = dossiers.set_value(begun.id, "motif", "vol")
    assert dict(saved.dossier.values) == {"motif": "vol", "plaque_lue": "AI-123-CD"}
    assert saved.dossier.doubts == {"plaque_lue"}
    assert dossiers.set_value(begun.id, "plaque_lue", "AB-123-CD").dossier.doubts == set()


def test_dropped_answers_are_gone_and_named(dossiers: Dossiers, begun: DossierView) -> None:
    dossiers.save(begun.id, answers(STRAIGHT))
    saved = dossiers.set_value(begun.id, "avec_code", "non")
    assert [entry.id for entry in saved.dropped] == ["code"]
    assert [entry.id for entry in saved.asked] == ["formule"]
    assert "code" not in dossiers.get(begun.id).values
    saved = dossiers.forget_value(begun.id, "avec_code")
    assert (saved.dropped, "avec_code" in saved.dossier.values) == ((), False)


def test_a_refused_answer_changes_nothing(dossiers: Dossiers, begun: DossierView) -> None:
    dossiers.set_value(begun.id, "motif", "vol")
    with pytest.raises(ValueRefusedError):
        dossiers.save(begun.id, [Answer("motif", "perte"), Answer("pour_qui", "le voisin")])
    assert dict(dossiers.get(begun.id).values) == {"motif": "vol"}


def test_changing_a_ready_dossier_brings_it_back_and_asks_for_the_conditions_again(
    dossiers: Dossiers, complete: DossierView
) -> None:
    same = dossiers.set_value(complete.id, "motif", "vol").dossier
    assert same.state is State.PRETE_A_DEPOSER
    changed = dossiers.set_value(complete.id, "plaque_lue", "EF-456-GH").dossier
    assert (changed.state, changed.clu_accepted) == (State.EN_PREPARATION, False)


def test_answering_takes_a_waiting_dossier_up_again(dossiers: Dossiers, begun: DossierView) -> None:
    dossiers.move(begun.id, State.MISE_EN_ATTENTE, "citizen")
    assert dossiers.set_value(begun.id, "motif", "vol").dossier.state is State.EN_PREPARATION


def test_an_incomplete_dossier_is_not_ready(dossiers: Dossiers, begun: DossierView) -> None:
    dossiers.save(begun.id, answers(STRAIGHT))
    dossiers.accept_clu(begun.id)
    with pytest.raises(TransitionError, match="Il manque des pièces : Déclaration"):
        dossiers.move(begun.id, State.PRETE_A_DEPOSER, "citizen")
    dossiers.set_value(begun.id, "motif", "autre")
    with pytest.raises(TransitionError, match="pas prévu"):
        dossiers.move(begun.id, State.PRETE_A_DEPOSER, "citizen")
    assert dossiers.get(begun.id).state is State.EN_PREPARATION


def test_what_was_seen_on_the_site_is_reported(dossiers: Dossiers, complete: DossierView) -> None:
    seen = dossiers.report(
        complete.id, ants_number="  2026 1121 0042 ", status=State.EN_COURS_ANALYSE
    )
    assert (seen.state, seen.register) == (State.EN_COURS_ANALYSE, "ants")
    assert seen.ants_number == "2026 1121 0042"
    with pytest.raises(NotNowError):
        dossiers.set_value(complete.id, "motif", "perte")
    assert dossiers.report(complete.id, status=State.TERMINEE).closed
    with pytest.raises(NotNowError):
        dossiers.report(complete.id, status=State.EN_COURS_ANALYSE)
    with pytest.raises(ValueRefusedError):
        dossiers.report(dossiers.begin(complete.form)[0].id, ants_number=" ")


def test_an_incomplete_dossier_cannot_be_reported_as_filed(
    dossiers: Dossiers, begun: DossierView
) -> None:
    with pytest.raises(TransitionError):
        dossiers.report(begun.id, status=State.DEPOSEE)
    assert dossiers.get(begun.id).register is None


def test_an_abandoned_dossier_can_be_taken_back(dossiers: Dossiers, begun: DossierView) -> None:
    assert dossiers.move(begun.id, State.ABANDONNEE, "citizen").closed_at is not None
    with pytest.raises(NotNowError):
        dossiers.set_value(begun.id, "motif", "vol")
    back = dossiers.move(begun.id, State.EN_PREPARATION, "citizen")
    assert (back.closed, back.closed_at) == (False, None)


def test_wrong_secrets_are_limited_then_forgotten(
    dossiers: Dossiers, form: Form, clock: Clock
) -> None:
    dossier, secret = dossiers.begin(form)
    for _ in range(MAX_TRIES - 1):
        with pytest.raises(WrongSecretError):
            dossiers.resume(dossier.number, "2222-2222")
    assert dossiers.resume(dossier.number, secret)
    for _ in range(MAX_TRIES):
        with pytest.raises(WrongSecretError):
            dossiers.resume(dossier.number, "2222-2222")
    with pytest.raises(LockedError) as locked:
        dossiers.resume(dossier.number, secret)
    assert locked.value.minutes == 15
    clock.forward(minutes=10)
    with pytest.raises(LockedError) as locked:
        dossiers.resume(dossier.number, secret)
    assert locked.value.minutes == 5
    clock.forward(minutes=5)
    assert dossiers.resume(dossier.number, secret).id == dossier.id


def test_an_unknown_number_is_answered_as_a_wrong_secret(dossiers: Dossiers) -> None:
    for number in ("RP-2222-2222", "", "' OR 1=1", "RP-" + "7" * 500):
        with pytest.raises(WrongSecretError):
            dossiers.resume(number, "ABCD-EFGH")


def test_tries_made_together_count_too(dossiers: Dossiers, form: Form) -> None:
    dossier, secret = dossiers.begin(form)
    refused: list[type[Exception]] = []

    def attempt() -> None:
        try:
            dossiers.resume(dossier.number, "2222-2222")
        except (WrongSecretError, LockedError) as error:
            refused.append(type(error))

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused.count(WrongSecretError) <= MAX_TRIES
    assert len(refused) == 12
    with pytest.raises(LockedError):
        dossiers.resume(dossier.number, secret)


def test_a_new_secret_replaces_the_lost_one(dossiers: Dossiers, form: Form) -> None:
    dossier, lost = dossiers.begin(form)
    secret = dossiers.new_secret(dossier.id, "citizen")
    with pytest.raises(WrongSecretError):
        dossiers.resume(dossier.number, lost)
    assert dossiers.resume(dossier.number, secret.lower()).id == dossier.id


def test_a_resumed_dossier_goes_on_in_its_new_conversation(dossiers: Dossiers, form: Form) -> None:
    dossier, secret = dossiers.begin(form, "telephone")
    dossiers.resume(dossier.number, secret, "web")
    assert dossiers.of_conversation("telephone") == []
    assert [entry.id for entry in dossiers.of_conversation("web")] == [dossier.id]


def test_agents_list_dossiers_without_what_people_answered(
    dossiers: Dossiers, complete: DossierView, form: Form, clock: Clock
) -> None:
    clock.forward(hours=1)
    other, _ = dossiers.begin(form)
    assert [entry.id for entry in dossiers.listing()] == [complete.id, other.id]
    ready = dossiers.listing([State.PRETE_A_DEPOSER], demarche="essai")
    assert [entry.number for entry in ready] == [complete.number]
    assert dossiers.listing(register="ants") == []
    assert len(dossiers.listing(limit=1, offset=1)) == 1


def test_everything_is_written_down_without_the_values(
    dossiers: Dossiers, complete: DossierView
) -> None:
    events = dossiers.events(complete.id)
    kinds = [event.kind for event in events]
    assert kinds[0] == "begun"
    assert {"value", "at_hand", "clu_accepted", "moved"} <= set(kinds)
    written = " ".join(str(event.detail) for event in events)
    assert not any(value in written for value in STRAIGHT.values() if len(value) > 4)


def test_nothing_personal_lies_in_clear_on_the_disk(
    dossiers: Dossiers, begun: DossierView, database: Engine, tmp_path: Path
) -> None:
    dossiers.save(begun.id, answers(STRAIGHT))
    dossiers.write(begun.id, "Bonjour, je suis Léa d'Oeuf", "citizen")
    database.dispose()
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in ("lea.d-oeuf", "AB-123-CD", "1980-05-04", "je suis"):
        assert secret.encode() not in kept


def test_another_key_is_noticed_at_once_and_a_key_can_be_replaced(
    dossiers: Dossiers, begun: DossierView, database: Engine, tmp_path: Path
) -> None:
    dossiers.set_value(begun.id, "motif", "vol")
    with pytest.raises(KeyChangedError):
        Dossiers(database, "une-autre", tmp_path, hasher=QUICK)
    replaced = Dossiers(database, f"une-autre, {KEY}", tmp_path, hasher=QUICK)
    assert replaced.get(begun.id).values["motif"] == "vol"
    with pytest.raises(ValueError, match="key"):
        Vault(" , ")
    with pytest.raises(UnreadableError):
        Vault("a").open(Vault("b").close("secret"))


def test_two_writers_lose_nothing(dossiers: Dossiers, begun: DossierView) -> None:
    slots = {"motif": "vol", "pour_qui": "moi", "avec_code": "oui", "naissance": "1980-05-04"}
    errors: list[Exception] = []

    def write(slot: str, value: str) -> None:
        try:
            dossiers.set_value(begun.id, slot, value)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=pair) for pair in slots.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert dict(dossiers.get(begun.id).values) == slots


WRITER = """
import sys
from pathlib import Path
from dossiers.register import Dossiers
from repere.database import open_database
dossiers = Dossiers(open_database(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
rank = 0
while True:
    dossiers.set_value(sys.argv[4], "remarque", f"fois {rank}")
    print(rank, flush=True)
    rank += 1
"""


def test_a_killed_process_loses_no_accepted_answer(
    dossiers: Dossiers, begun: DossierView, database: Engine, tmp_path: Path
) -> None:
    url = str(database.url)
    arguments = [sys.executable, "-c", WRITER, url, KEY, str(tmp_path / "pieces"), begun.id]
    last = -1
    for rounds in range(2):
        with subprocess.Popen(
            arguments,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": _path()},
        ) as process:
            assert process.stdout is not None
            for _ in range(4 + 3 * rounds):
                last = int(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
            seen = process.stdout.read().split()
        last = max([last, *(int(rank) for rank in seen if rank.isdigit())])
        kept = int(dossiers.get(begun.id).values["remarque"].removeprefix("fois "))
        assert kept in (last, last + 1)


def _path() -> str:
    return os.pathsep.join([str(ROOT), *filter(None, sys.path)])


def test_the_migration_makes_the_tables_of_the_model(database: Engine) -> None:
    made = inspect(database)
    for table in Base.metadata.sorted_tables:
        columns = {column["name"]: column for column in made.get_columns(table.name)}
        assert columns.keys() == set(table.columns.keys())
        for name, column in columns.items():
            assert column["nullable"] == table.columns[name].nullable, (table.name, name)
        indexed = {tuple(index["column_names"]) for index in made.get_indexes(table.name)}
        expected = {tuple(column.name for column in index.columns) for index in table.indexes}
        assert expected <= indexed
