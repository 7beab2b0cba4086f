"""Every example that a sheet carries is a test of what its readers get."""

import pytest

from knowledge.check import example_problems
from knowledge.query import KnowledgeBase
from knowledge.schema import Example, Sheet
from knowledge.sheets_reader import read

_EXAMPLES = [
    pytest.param(sheet, example, id=f"{example.facet}/{sheet.id}-{position}")
    for sheet in read().sheets
    for position, example in enumerate(sheet.examples)
]


@pytest.mark.parametrize(("sheet", "example"), _EXAMPLES)
def test_an_example_holds(base: KnowledgeBase, sheet: Sheet, example: Example) -> None:
    assert example_problems(base, sheet, example) == []


def test_every_facet_with_variants_has_examples(base: KnowledgeBase) -> None:
    bare = [
        f"{name}/{sheet.id}"
        for sheet in base.sheets.values()
        for name, facet in sheet.facets.items()
        if facet.variants and not any(example.facet == name for example in sheet.examples)
    ]
    assert bare == []
