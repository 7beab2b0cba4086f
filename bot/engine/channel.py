"""The engine's only input channel: one turn a request, from the gateway alone."""

import hmac
from typing import Any, Awaitable, Callable, Dict, Optional

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse


class GatewayInput(InputChannel):
    """Takes ``{"conversation", "text", "metadata"}`` and answers ``{"messages": [...]}``.

    A message is whatever an action sent as a custom payload: ``{"text", "card"}``. The text may be
    a Rasa payload (leading ``/``): the gateway vouches that no citizen wrote it.
    """

    def __init__(self, secret: str) -> None:
        if not secret:
            raise ValueError("the engine's channel needs REPERE_ENGINE_SECRET")
        self._expected = f"Bearer {secret}"

    @classmethod
    def name(cls) -> str:
        return "repere"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "GatewayInput":
        return cls((credentials or {}).get("secret", ""))

    def blueprint(
        self, on_new_message: Callable[[UserMessage], Awaitable[Optional[Any]]]
    ) -> Blueprint:
        webhook = Blueprint("repere_webhook", __name__)

        @webhook.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            if not self._is_gateway(request):
                return response.json({"error": "forbidden"}, status=403)
            body = request.json
            output = CollectingOutputChannel()
            await on_new_message(
                UserMessage(
                    body["text"],
                    output,
                    body["conversation"],
                    input_channel=self.name(),
                    metadata=body.get("metadata"),
                )
            )
            said = [m["custom"] for m in output.messages if "custom" in m]
            return response.json({"messages": said})

        @webhook.route("/parse", methods=["POST"])
        async def parse(request: Request) -> HTTPResponse:
            """What is understood of a text said at a stage, of a field, without a conversation."""
            if not self._is_gateway(request):
                return response.json({"error": "forbidden"}, status=403)
            body = request.json
            said = UserMessage(
                body["text"], metadata={"stage": body.get("stage"), "slot": body.get("slot")}
            )
            processor = request.app.ctx.agent.processor
            return response.json(await processor.parse_message(said))

        @webhook.route("/conversations/<conversation:str>", methods=["DELETE"])
        async def forget(request: Request, conversation: str) -> HTTPResponse:
            if not self._is_gateway(request):
                return response.json({"error": "forbidden"}, status=403)
            _own_store(request.app.ctx.agent.tracker_store).forget(conversation)
            return response.empty()

        return webhook

    def _is_gateway(self, request: Request) -> bool:
        given = request.headers.get("Authorization") or ""
        return hmac.compare_digest(given.encode(), self._expected.encode())


def _own_store(store: Any) -> Any:
    """Our tracker store, inside those that Rasa wraps around it."""
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    return store
