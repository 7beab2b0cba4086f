"""The public API against its own OpenAPI document, by generated requests."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from repere.client import Conversation
from repere.running import Running

# Not "valid data is accepted": an empty text is valid for the schema, and refused with a reason.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
BOUNDED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# A stream ends with its conversation: tests/channels/test_live.py reads it.
ENDLESS = "/events"
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@pytest.fixture(scope="module")
def schema(running: Running) -> Any:
    """The document that the running application publishes."""
    document = httpx.get(f"{running.url}/api/openapi.json").json()
    return schemathesis.openapi.from_dict(document)


def operations(schema: Any) -> Iterator[Any]:
    for result in schema.get_all_operations():
        yield result.ok()


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_as_a_stranger(mode: GenerationMode, schema: Any, running: Running) -> None:
    """Anyone may send anything: the replies are those of the document, never a server error."""
    for operation in operations(schema):
        _check_all(operation, mode, running.url, None)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_as_the_owner(mode: GenerationMode, schema: Any, running: Running) -> None:
    """The same in a real conversation, with its token."""
    for operation in operations(schema):
        if "{conversation}" in operation.path and not operation.path.endswith(ENDLESS):
            with closing(Conversation(running.url)) as conversation:
                _check_all(operation, mode, running.url, conversation)


def _check_all(operation: Any, mode: GenerationMode, url: str, owner: Conversation | None) -> None:
    takes_nothing = not {"parameters", "requestBody"} & set(operation.definition.raw)
    if mode is GenerationMode.NEGATIVE and takes_nothing:
        return
    cases: st.SearchStrategy[Case] = operation.as_strategy(generation_mode=mode)

    @BOUNDED
    @given(case=cases)
    def check(case: Case) -> None:
        headers, checks = None, [*CHECKS, negative_data_rejection]
        if owner is not None:
            # The path is no longer the generated one, nor is its being wrong.
            checks = CHECKS
            given_path = {"number": "RP-0000-0000"} | (case.path_parameters or {})
            wanted = {name: v for name, v in given_path.items() if f"{{{name}}}" in operation.path}
            case.path_parameters = wanted | {"conversation": owner.id}
            headers = {"Authorization": f"Bearer {owner.token}"}
        with requests.Session() as session:
            response = case.call(base_url=url, headers=headers, session=session)
            case.validate_response(response, checks=checks, headers=headers)

    check()


def test_every_route_is_documented(running: Running) -> None:
    """The document holds the calls of the contract, with their problems."""
    document = httpx.get(f"{running.url}/api/openapi.json").json()
    calls = {(method, path) for path, item in document["paths"].items() for method in item}
    assert {
        ("post", "/api/conversations"),
        ("post", "/api/conversations/{conversation}/messages"),
        ("get", "/api/conversations/{conversation}/messages"),
        ("delete", "/api/conversations/{conversation}"),
        ("get", "/health"),
        ("get", "/ready"),
    } <= calls
    for path, item in document["paths"].items():
        if path.startswith("/api/conversations"):
            for operation in item.values():
                refusals = [r for code, r in operation["responses"].items() if code >= "400"]
                assert refusals
                for refusal in refusals:
                    assert list(refusal["content"]) == ["application/problem+json"]
