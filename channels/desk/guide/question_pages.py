"""The pages of what the guide failed on: questions alike, and what is made of them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from channels.desk import audit
from channels.desk.accounts import Agent
from channels.desk.context import Desk, TheDesk
from channels.desk.guide import topics
from channels.desk.guide.changes import Draft, cleaned
from channels.desk.guide.questions import REASONS, Group
from channels.desk.guide.routes import PREFIX, Editor, Key, Long, Short, group_of, groups, record
from channels.desk.rendering import page, redirect

PERIODS = {30: "30 derniers jours", 90: "3 derniers mois", 365: "12 derniers mois"}
SUGGESTIONS = 4

Days = Annotated[int, Query(alias="jours", ge=1, le=365)]

router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("")
def show_questions(
    request: Request,
    desk: TheDesk,
    agent: Editor,
    days: Days = 30,
    reason: Annotated[str, Query(alias="motif", max_length=20)] = "",
) -> Response:
    """The questions that the guide failed on, grouped by likeness."""
    found = [g for g in groups(desk, days) if not reason or reason in dict(g.reasons)]
    audit.record(desk.database, agent, "guide.questions.read")
    return page(
        request,
        "guide.html",
        agent,
        groups=found,
        days=days,
        periods=PERIODS,
        reason=reason,
        reasons=REASONS,
        waiting=sum(row.state == "open" for row in desk.evaluations.proposals.listing()),
    )


@router.get("/questions/{key}")
def show_group(request: Request, desk: TheDesk, agent: Editor, key: Key) -> Response:
    """Questions alike, and what may be done of them."""
    return _group_page(request, desk, agent, group_of(desk, key))


@router.post("/questions/{key}/attach")
def attach(
    request: Request,
    desk: TheDesk,
    agent: Editor,
    key: Key,
    topic: Short = "",
    lines: Long = "",
    why: Long = "",
) -> Response:
    """Propose these questions as examples of a topic, covered or known to be outside."""
    group = group_of(desk, key)
    examples = cleaned(lines)[: topics.MOST_LINES]
    if not examples or not topics.known(desk.base, topic):
        problem = "Choisissez un sujet, et gardez au moins un exemple."
        return _group_page(request, desk, agent, group, problem, topic, lines)
    title = f"Exemples pour « {topics.title(desk.base, topic)} »"
    proposal = desk.evaluations.proposals.add(
        agent.id,
        agent.name,
        title,
        Draft({topic: examples}),
        why,
        questions=[question.message_id for question in group.questions],
    )
    record(desk, agent, "proposal.added", proposal)
    return redirect(f"/desk/guide/proposals/{proposal}")


@router.post("/questions/{key}/set-aside")
def set_aside(desk: TheDesk, agent: Editor, key: Key) -> Response:
    """Nothing to do of these questions."""
    questions = [question.message_id for question in group_of(desk, key).questions]
    desk.evaluations.proposals.set_aside(questions, agent.id)
    audit.record(desk.database, agent, "guide.questions.set_aside", "", {"count": len(questions)})
    return redirect("/desk/guide")


def _group_page(
    request: Request,
    desk: Desk,
    agent: Agent,
    group: Group,
    problem: str = "",
    topic: str = "",
    lines: str = "",
) -> Response:
    found = (hit.topic for hit in desk.index.find(group.text, SUGGESTIONS))
    suggested = [hit for hit in found if hit is not None][:SUGGESTIONS]
    given = {topic for question in group.questions for topic in question.topics}
    return page(
        request,
        "guide_group.html",
        agent,
        422 if problem else 200,
        group=group,
        reasons=REASONS,
        titles={topic: desk.base.title_of(topic) for topic in given if desk.base.covers(topic)},
        suggested=[(key, topics.title(desk.base, key)) for key in suggested],
        topics=topics.by_sheet(desk.base),
        outsides=[(f"hors/{o.id}", o.label) for o in desk.base.contents.outsides],
        unrelated=topics.UNRELATED,
        problem=problem,
        topic=topic,
        lines=lines or "\n".join(dict.fromkeys(q.text for q in group.questions)),
    )
