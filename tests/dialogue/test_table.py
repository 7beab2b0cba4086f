"""The table stage × act → move is whole, and drawn in the docs as it is."""

from bot.dialogue import table, turn
from bot.dialogue.acts import Act, Kind
from bot.dialogue.scene import MOVES
from bot.dialogue.stages import Stage
from repere.settings import ROOT

assert turn  # its import makes the moves


def test_every_stage_has_a_move_for_every_act_and_no_move_is_idle() -> None:
    assert table.problems(set(MOVES)) == []


def test_a_gap_is_found() -> None:
    moves = set(MOVES) - {"keep"} | {"never_named"}
    assert table.problems(moves) == ["no such move: keep", "never played: never_named"]


def test_what_binds_is_asked_unless_it_is_said_whole() -> None:
    for stage in Stage:
        for act in Kind:
            name = table.move_of(stage, act)
            bound = table.must_be_asked(name, Act(act))
            assert (bound is not None) == (name in table.binding())
            assert table.must_be_asked(name, Act(act, binds=True)) is None


def test_the_docs_draw_the_table_as_it_is() -> None:
    text = (ROOT / "docs" / "dialogue.md").read_text(encoding="utf-8")
    drawn = text.partition("<!-- table -->")[2].partition("<!-- /table -->")[0]
    assert drawn.strip() == table.drawn().strip()
