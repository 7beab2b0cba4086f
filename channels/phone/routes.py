"""The phone's addresses: of the platforms whose secret is set, and of no other."""

from dataclasses import dataclass

from fastapi import APIRouter

from channels.conversations import Conversations
from channels.ownership import Ownership
from channels.phone import audiocodes, jambonz, twiml
from channels.phone.calls import Calls
from channels.phone.dialogue import Dialogue
from channels.phone.line import Line
from channels.phone.person import Person
from dossiers.register import Dossiers


@dataclass(frozen=True)
class PhoneSettings:
    """Secrets of the platforms ("" for off), where calls go, our address as they see it."""

    audiocodes_token: str
    twilio_token: str
    telnyx_key: str
    jambonz_secret: str
    public_url: str
    transfer_target: str


def routers(
    settings: PhoneSettings,
    calls: Calls,
    conversations: Conversations,
    dossiers: Dossiers,
    ownership: Ownership,
) -> list[APIRouter]:
    """The routes of the phone over the given calls and conversations."""
    person = Person(conversations, ownership, settings.transfer_target)
    line = Line(calls, Dialogue(conversations, dossiers, person))
    url = settings.public_url.rstrip("/")
    made = []
    if settings.audiocodes_token:
        made.append(audiocodes.router(line, settings.audiocodes_token, url))
    if settings.twilio_token or settings.telnyx_key:
        signers = twiml.Signers(settings.twilio_token, settings.telnyx_key, url)
        made.append(twiml.router(line, signers))
    if settings.jambonz_secret:
        made.append(jambonz.router(line, settings.jambonz_secret))
    return made
