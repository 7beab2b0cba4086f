"""The public API against its own OpenAPI document, by generated requests."""

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_schema_conformance,
    status_code_conformance,
)

from repere.client import Conversation
from repere.running import Running

# A message's text may be empty for the schema and refused by the API, with a reason.
NOT_IN_THE_SCHEMA = [positive_data_acceptance]
OWNER_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
BOUNDED = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

schema = schemathesis.pytest.from_fixture("api_schema")


@pytest.fixture(scope="session")
def api_schema(running: Running) -> Any:
    """The document that the running application publishes."""
    return schemathesis.openapi.from_url(f"{running.url}/api/openapi.json")


@schema.parametrize()
@BOUNDED
def test_as_a_stranger(case: schemathesis.Case) -> None:
    """Anyone may send anything: the replies are those of the document, never a server error."""
    case.call_and_validate(excluded_checks=NOT_IN_THE_SCHEMA)


@schema.include(path_regex="{conversation}").parametrize()
@BOUNDED
def test_as_the_owner(case: schemathesis.Case, running: Running) -> None:
    """The same in a real conversation, with its token."""
    conversation = Conversation(running.url)
    try:
        case.path_parameters["conversation"] = conversation.id
        authorised = {"Authorization": f"Bearer {conversation.token}"}
        response = case.call(headers=authorised)
        assert response.status_code not in (401, 404)
        case.validate_response(response, headers=authorised, checks=OWNER_CHECKS)
    finally:
        conversation.close()


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
