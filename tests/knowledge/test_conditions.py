"""The language of conditions: three values, and nothing outside it accepted."""

from datetime import date
from typing import Any

import pytest

from knowledge.conditions import ConditionError, evaluate, fields_of, validate


@pytest.mark.parametrize(
    ("condition", "situation", "expected"),
    [
        ({"pour_qui": "autrui"}, {"pour_qui": "autrui"}, True),
        ({"pour_qui": "autrui"}, {"pour_qui": "moi"}, False),
        ({"pour_qui": "autrui"}, {}, None),
        ({"pour_qui": "autrui"}, {"pour_qui": None}, None),
        ({"motif": ["perte", "vol"]}, {"motif": "vol"}, True),
        ({"motif": ["perte", "vol"]}, {"motif": "autre"}, False),
        ({"motif": "vol", "compte": "certifie"}, {"motif": "vol"}, None),
        ({"motif": "vol", "compte": "certifie"}, {"motif": "perte"}, False),
        ({"not": {"motif": "vol"}}, {"motif": "perte"}, True),
        ({"not": {"motif": "vol"}}, {}, None),
        ({"any": [{"a": "x"}, {"b": "x"}]}, {"a": "x"}, True),
        ({"any": [{"a": "x"}, {"b": "x"}]}, {"a": "y"}, None),
        ({"any": [{"a": "x"}, {"b": "x"}]}, {"a": "y", "b": "y"}, False),
        ({"all": [{"a": "x"}, {"b": "x"}]}, {"b": "y"}, False),
        ({"all": [{"a": "x"}, {"b": "x"}]}, {"a": "x", "b": "x"}, True),
        ({"naissance": {"from": date(1988, 1, 1)}}, {"naissance": "1988-01-01"}, True),
        ({"naissance": {"from": "1988-01-01"}}, {"naissance": "1987-12-31"}, False),
        ({"naissance": {"before": date(2008, 1, 1)}}, {"naissance": "2008-01-01"}, False),
        ({"an": {"from": "1988", "before": "2008"}}, {"an": "1990"}, True),
        ({"naissance": {"from": "1988-01-01"}}, {}, None),
    ],
)  # fmt: skip
def test_a_condition_has_three_values(
    condition: dict[str, Any], situation: dict[str, Any], expected: bool | None
) -> None:
    assert evaluate(condition, situation) is expected


@pytest.mark.parametrize(
    "condition",
    [None, {}, [], "vol", {"any": []}, {"all": {"a": "x"}}, {"not": "x"}, {"age": {"over": 3}}],
)
def test_what_is_not_of_the_language_is_refused(condition: Any) -> None:
    with pytest.raises(ConditionError):
        validate(condition)


def test_the_fields_of_a_condition_are_found_at_every_depth() -> None:
    condition = {"a": "x", "any": [{"b": "x"}, {"not": {"c": "x"}}], "all": [{"d": {"from": "1"}}]}
    validate(condition)
    assert fields_of(condition) == {"a", "b", "c", "d"}
