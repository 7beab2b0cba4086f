"""Conditions of sheets: a small closed language, evaluated with three values.

A condition is a mapping. Its keys are field names or one of ``all``, ``any``, ``not``:

    {pour_qui: autrui}                      equality
    {motif: [perte, vol]}                   one of
    {date_naissance: {from: 1988-01-01}}    on or after (dates in ISO form compare as text)
    {date_naissance: {before: 2008-11-21}}  strictly before
    {any: [{…}, {…}]}  {all: […]}  {not: {…}}

Several keys in one mapping must all hold. The result is ``True``, ``False`` or ``None``:
``None`` means "not known yet" (a field it needs has no value), which is not "does not apply".
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

COMPARISONS = frozenset({"from", "before"})
CONNECTIVES = frozenset({"all", "any", "not"})

Condition = Mapping[str, Any]
Situation = Mapping[str, Any]


class ConditionError(ValueError):
    """A condition that is not of the language."""


def fields_of(condition: Condition) -> set[str]:
    """The names of the fields that a condition reads."""
    names: set[str] = set()
    for key, expected in condition.items():
        if key == "not":
            names |= fields_of(expected)
        elif key in CONNECTIVES:
            for part in expected:
                names |= fields_of(part)
        else:
            names.add(key)
    return names


def validate(condition: Any) -> None:
    """Raise ConditionError when the condition is not of the language."""
    if not isinstance(condition, Mapping) or not condition:
        raise ConditionError(f"a condition is a non-empty mapping, not {condition!r}")
    for key, expected in condition.items():
        if key == "not":
            validate(expected)
        elif key in CONNECTIVES:
            if not isinstance(expected, list) or not expected:
                raise ConditionError(f"« {key} » takes a non-empty list")
            for part in expected:
                validate(part)
        elif isinstance(expected, Mapping) and set(expected) - COMPARISONS:
            raise ConditionError(f"unknown comparison {sorted(set(expected) - COMPARISONS)}")


def evaluate(condition: Condition, situation: Situation) -> bool | None:
    """Whether the condition holds; None when the situation does not say yet."""
    return _all([_evaluate_key(key, expected, situation) for key, expected in condition.items()])


def _evaluate_key(key: str, expected: Any, situation: Situation) -> bool | None:
    if key == "not":
        inner = evaluate(expected, situation)
        return None if inner is None else not inner
    if key == "all":
        return _all([evaluate(part, situation) for part in expected])
    if key == "any":
        inverted = _all([_negate(evaluate(part, situation)) for part in expected])
        return _negate(inverted)
    value = situation.get(key)
    if value is None:
        return None
    if isinstance(expected, Mapping):
        return _compare(str(value), expected)
    if isinstance(expected, list):
        return value in expected
    return bool(value == expected)


def _compare(value: str, expected: Mapping[str, Any]) -> bool:
    lower, upper = expected.get("from"), expected.get("before")
    return (lower is None or value >= _iso(lower)) and (upper is None or value < _iso(upper))


def _iso(bound: Any) -> str:
    return bound.isoformat() if isinstance(bound, date) else str(bound)


def _negate(value: bool | None) -> bool | None:
    return None if value is None else not value


def _all(values: list[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True
