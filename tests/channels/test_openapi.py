"""The public API against its own OpenAPI document, by generated requests."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
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
    negative_data_rejection,
]
BOUNDED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@pytest.fixture(scope="module")
def schema(running: Running) -> Any:
    """The document that the running application publishes."""
    return schemathesis.openapi.from_url(f"{running.url}/api/openapi.json")


def operations(schema: Any) -> Iterator[Any]:
    for result in schema.get_all_operations():
        yield result.ok()


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_as_a_stranger(mode: GenerationMode, schema: Any) -> None:
    """Anyone may send anything: the replies are those of the document, never a server error."""
    for operation in operations(schema):
        _check_all(operation, mode, None)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_as_the_owner(mode: GenerationMode, schema: Any, running: Running) -> None:
    """The same in a real conversation, with its token."""
    for operation in operations(schema):
        if "{conversation}" in operation.path:
            conversation = Conversation(running.url)
            _check_all(operation, mode, conversation)
            conversation.close()


def _check_all(operation: Any, mode: GenerationMode, owner: Conversation | None) -> None:
    cases: st.SearchStrategy[Case] = operation.as_strategy(generation_mode=mode)

    @BOUNDED
    @given(case=cases)
    def check(case: Case) -> None:
        headers = None
        if owner is not None:
            case.path_parameters = {"conversation": owner.id}
            headers = {"Authorization": f"Bearer {owner.token}"}
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS, headers=headers)

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
