"""Errors as RFC 9457 problem documents, in French."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from channels.conversations import BusyError, UnknownConversationError
from channels.engine import EngineUnavailableError
from channels.incoming import RefusedMessageError

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: "Demande incorrecte",
    401: "Accès refusé",
    403: "Accès refusé",
    404: "Introuvable",
    405: "Action impossible ici",
    409: "Un message est déjà en cours de traitement",
    413: "Message trop volumineux",
    415: "Format non accepté",
    422: "Message incorrect",
    503: "Repère est momentanément indisponible",
}

DETAILS = {
    400: "La demande est mal formée : elle n'a pas pu être lue.",
    401: "Le jeton de cette conversation est absent, faux ou trop ancien.",
    404: "Cette adresse ou cette conversation n'existe pas.",
    405: "Cette adresse n'accepte pas cette action.",
    422: "La demande doit être un objet JSON de la forme décrite dans /api/docs.",
}


class Problem(BaseModel):
    """An RFC 9457 problem document; ``detail`` is French and may be shown to the person."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The responses of a route that may end with these statuses, for OpenAPI."""
    content = {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}
    return {status: {"description": "Problem", "content": content} for status in statuses}


def problem(status: int, detail: str | None = None, headers: Any = None) -> JSONResponse:
    title = TITLES.get(status, "Erreur")
    body = Problem(title=title, status=status, detail=detail or DETAILS.get(status, title))
    return JSONResponse(body.model_dump(), status, headers, media_type=MEDIA_TYPE)


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error of the API with a problem document."""

    @app.exception_handler(RefusedMessageError)
    def refused(_: Request, error: RefusedMessageError) -> JSONResponse:
        return problem(422, error.reason)

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, __: RequestValidationError) -> JSONResponse:
        return problem(422)

    @app.exception_handler(UnknownConversationError)
    def unknown(_: Request, __: UnknownConversationError) -> JSONResponse:
        return problem(404)

    @app.exception_handler(BusyError)
    def busy(_: Request, __: BusyError) -> JSONResponse:
        return problem(
            409, "Votre message précédent est encore en cours de traitement. Réessayez ensuite."
        )

    @app.exception_handler(EngineUnavailableError)
    def unavailable(_: Request, __: EngineUnavailableError) -> JSONResponse:
        return problem(
            503,
            "Je ne peux pas répondre pour le moment. Votre message est gardé : "
            "renvoyez-le dans quelques instants.",
            {"Retry-After": "5"},
        )

    @app.exception_handler(HTTPException)
    def http_error(_: Request, error: HTTPException) -> JSONResponse:
        detail = error.detail if error.status_code in (413, 415) else None
        return problem(error.status_code, detail, error.headers)

    @app.exception_handler(Exception)
    def unexpected(_: Request, __: Exception) -> JSONResponse:
        return problem(
            500, "Une erreur inattendue s'est produite. Vos messages sont gardés : réessayez."
        )
