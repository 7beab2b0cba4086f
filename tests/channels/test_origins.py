"""Which sites' pages may call the API: those that are named, for what a conversation needs."""

import httpx
import pytest

from repere.client import Conversation
from repere.running import Running

OTHER = "https://autre.example"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,last-event-id",
}


def test_an_allowed_site_reads_replies_errors_and_downloads(
    conversation: Conversation, allowed_site: str
) -> None:
    address = f"/api/conversations/{conversation.id}"
    for path, status in (("messages", 200), ("messages?after=x", 422), ("nothing", 404)):
        answer = conversation.http.get(f"{address}/{path}", headers={"Origin": allowed_site})
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == allowed_site
        assert "Content-Disposition" in answer.headers["access-control-expose-headers"]
        assert answer.headers["vary"] == "Origin"
    refused = conversation.http.get(
        f"{address}/messages", headers={"Origin": allowed_site, "Authorization": "Bearer x"}
    )
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == allowed_site


@pytest.mark.parametrize("path", ["", "/x/messages", "/x/files", "/x/dossiers/x/recapitulatif.pdf"])
def test_preflight(running: Running, allowed_site: str, path: str) -> None:
    address = f"{running.url}/api/conversations{path}"
    allowed = httpx.options(address, headers={**PREFLIGHT, "Origin": allowed_site})
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == allowed_site
    methods = allowed.headers["access-control-allow-methods"]
    assert {"GET", "POST", "DELETE"} <= set(methods.split(", "))
    refused = httpx.options(address, headers={**PREFLIGHT, "Origin": OTHER})
    assert "access-control-allow-origin" not in refused.headers


def test_another_site_and_other_addresses_are_not_shared(
    running: Running, conversation: Conversation, allowed_site: str
) -> None:
    address = f"/api/conversations/{conversation.id}/messages"
    for origin in (OTHER, "null", f"{allowed_site}.evil.example"):
        answer = conversation.http.get(address, headers={"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["vary"] == "Origin"
    assert conversation.http.get(address).headers["vary"] == "Origin"
    for path in ("/ready", "/internal/actions", "/api/openapi.json"):
        answer = httpx.get(f"{running.url}{path}", headers={"Origin": allowed_site})
        assert "access-control-allow-origin" not in answer.headers
    assert "access-control-allow-credentials" not in conversation.http.get(address).headers
