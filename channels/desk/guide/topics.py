"""The topics that examples may be attached to, and examples as editors type them."""

from channels.desk.guide.changes import TOPIC, DraftError, cleaned
from knowledge.query import KnowledgeBase, split_topic

UNRELATED = "sans_rapport"
OUTSIDE = "hors"
MOST_LINES = 200


def known(base: KnowledgeBase, topic: str) -> bool:
    """Whether examples of this topic mean something to the guide."""
    facet, subject = split_topic(topic)
    outside = facet == OUTSIDE and subject in base.outsides
    return base.covers(topic) or outside or topic == UNRELATED


def title(base: KnowledgeBase, topic: str) -> str:
    facet, subject = split_topic(topic)
    if topic == UNRELATED:
        return "sans rapport avec les démarches"
    if facet == OUTSIDE:
        return f"hors des documents : {base.outsides[subject].label}"
    return base.title_of(topic)


def by_sheet(base: KnowledgeBase) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every topic with an answer, under the title of its sheet."""
    sheets = sorted(base.contents.sheets, key=lambda sheet: sheet.title)
    return [
        (sheet.title, [(f"{f}/{sheet.id}", base.title_of(f"{f}/{sheet.id}")) for f in sheet.facets])
        for sheet in sheets
        if sheet.facets
    ]


def typed_examples(
    base: KnowledgeBase, lines: str, sheet: str | None = None
) -> dict[str, list[str]]:
    """Examples typed « etapes: question » (of one sheet) or « etapes/fiche: question ».

    Raises DraftError.
    """
    found: dict[str, list[str]] = {}
    for line in [line.strip() for line in lines.splitlines() if line.strip()][:MOST_LINES]:
        topic, separator, text = line.partition(":")
        topic = topic.strip()
        if sheet is not None and topic in base.facets:
            topic = f"{topic}/{sheet}"
        facet, _ = split_topic(topic)
        meant = facet in base.facets or facet == OUTSIDE or topic == UNRELATED
        if not separator or not TOPIC.fullmatch(topic) or not meant:
            raise DraftError(f"Commencez par la facette, comme « etapes: » : « {line} ».")
        found.setdefault(topic, []).extend(cleaned(text))
    return {topic: examples for topic, examples in found.items() if examples}
