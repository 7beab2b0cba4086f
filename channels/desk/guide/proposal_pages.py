"""The pages of proposals: what each changes, its check, its review, its patch."""

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from channels.desk.accounts import Agent
from channels.desk.context import Desk, TheDesk
from channels.desk.guide.changes import Draft, DraftError, changes_of, patch
from channels.desk.guide.models import ProposalRow
from channels.desk.guide.proposals import (
    NotAllowedError,
    UnknownProposalError,
    applied,
    checked,
    draft_of,
)
from channels.desk.guide.routes import PREFIX, Editor, Key, Long, Reviewer, Short, record
from channels.desk.guide.topics import typed_examples
from channels.desk.rendering import PRIVATE, page, redirect

router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/proposals")
def show_proposals(request: Request, desk: TheDesk, agent: Editor) -> Response:
    """The proposals, those to review first."""
    rows = desk.evaluations.proposals.listing()
    done = {row.id for row in rows if applied(row, desk.evaluations.root)}
    return page(request, "proposals.html", agent, proposals=rows, applied=done)


@router.get("/proposals/{key}")
def show_proposal(request: Request, desk: TheDesk, agent: Editor, key: Key) -> Response:
    """A proposal: what it changes, its check, its review."""
    _existing(desk, key)
    return _proposal_page(request, desk, agent, key)


@router.get("/proposals/{key}/check")
def show_check(request: Request, desk: TheDesk, agent: Editor, key: Key) -> Response:
    """How far the check is: the part of the page that changes."""
    _existing(desk, key)
    return _proposal_page(request, desk, agent, key, template="_check.html")


@router.post("/proposals/{key}/check")
def check(request: Request, desk: TheDesk, agent: Editor, key: Key) -> Response:
    """Check and evaluate a proposal in the background."""
    _existing(desk, key)
    try:
        started = desk.evaluations.start(key)
    except NotAllowedError as error:
        return _proposal_page(request, desk, agent, key, error.reason)
    if not started:
        problem = "Une vérification est déjà en cours : attendez qu'elle finisse."
        return _proposal_page(request, desk, agent, key, problem)
    record(desk, agent, "proposal.checked", key)
    return redirect(f"/desk/guide/proposals/{key}")


@router.post("/proposals/{key}/edit")
def rewrite(
    request: Request,
    desk: TheDesk,
    agent: Editor,
    key: Key,
    title: Short = "",
    why: Long = "",
    lines: Long = "",
    content: Long = "",
    seen: Short = "",
) -> Response:
    """Change an open proposal; it is then to be checked again."""
    row = _existing(desk, key)
    try:
        examples = typed_examples(desk.base, lines)
        if not examples and row.path is None:
            raise DraftError("Gardez au moins un exemple.")
        draft = Draft(examples, row.path, content if row.path else None)
        desk.evaluations.proposals.rewrite(key, title or row.title, draft, why, seen)
    except (DraftError, NotAllowedError) as error:
        typed = {"lines": lines, "content": content, "why": why, "title": title}
        return _proposal_page(request, desk, agent, key, error.reason, typed=typed)
    record(desk, agent, "proposal.rewritten", key)
    return redirect(f"/desk/guide/proposals/{key}")


@router.post("/proposals/{key}/approve")
def approve(request: Request, desk: TheDesk, agent: Reviewer, key: Key) -> Response:
    """Approve a proposal whose check passed."""
    _existing(desk, key)
    try:
        desk.evaluations.proposals.approve(key, agent.id, agent.name, desk.evaluations.root)
    except (DraftError, NotAllowedError) as error:
        return _proposal_page(request, desk, agent, key, error.reason)
    record(desk, agent, "proposal.approved", key)
    return redirect(f"/desk/guide/proposals/{key}")


@router.post("/proposals/{key}/refuse")
def refuse(request: Request, desk: TheDesk, agent: Reviewer, key: Key, why: Long = "") -> Response:
    """Refuse a proposal, saying why."""
    _existing(desk, key)
    try:
        desk.evaluations.proposals.refuse(key, agent.id, agent.name, why)
    except NotAllowedError as error:
        return _proposal_page(request, desk, agent, key, error.reason)
    record(desk, agent, "proposal.refused", key)
    return redirect(f"/desk/guide/proposals/{key}")


@router.get("/proposals/{key}/patch")
def download_patch(desk: TheDesk, agent: Editor, key: Key) -> Response:
    """An approved proposal as a file that « git apply » takes."""
    row = _existing(desk, key)
    if row.state != "approved":
        raise HTTPException(404)
    text = patch(changes_of(draft_of(row), desk.evaluations.root))
    record(desk, agent, "proposal.exported", key)
    headers = PRIVATE | {"Content-Disposition": f'attachment; filename="proposition-{key}.patch"'}
    return Response(text, media_type="text/x-patch; charset=utf-8", headers=headers)


def _proposal_page(
    request: Request,
    desk: Desk,
    agent: Agent,
    key: int,
    problem: str = "",
    *,
    typed: dict[str, str] | None = None,
    template: str = "proposal.html",
) -> Response:
    proposals, root = desk.evaluations.proposals, desk.evaluations.root
    row = proposals.get(key)
    try:
        diff = patch(changes_of(draft_of(row), root))
    except DraftError as error:
        diff, problem = "", problem or error.reason
    kept = {
        "title": row.title,
        "why": row.why,
        "lines": "".join(f"{t}: {e}\n" for t, lines in row.examples.items() for e in lines),
        "content": row.content or "",
    }
    return page(
        request,
        template,
        agent,
        422 if problem else 200,
        proposal=row,
        diff=diff.splitlines(),
        report=row.check_report or {},
        valid=bool(diff) and checked(row, root),
        applied=applied(row, root),
        may_approve=agent.may("approve") and proposals.may_approve(key, agent.id),
        alone=row.author_id == agent.id,
        problem=problem,
        typed=kept | (typed or {}),
    )


def _existing(desk: Desk, key: int) -> ProposalRow:
    try:
        return desk.evaluations.proposals.get(key)
    except UnknownProposalError as error:
        raise HTTPException(404) from error
