"""The audit log: what agents read and do. It only grows; the database refuses the rest."""

from typing import Any, Protocol

from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session

from channels.desk.models import AuditRow

# The lines' action, as people read it.
ACTIONS = {
    "session.opened": "connexion",
    "session.refused": "connexion refusée",
    "session.locked": "connexion bloquée",
    "session.closed": "déconnexion",
    "session.closed_all": "déconnexion partout",
    "password.changed": "mot de passe changé",
    "totp.enabled": "code à usage unique activé",
    "totp.disabled": "code à usage unique retiré",
    "access.refused": "accès refusé",
    "presence.changed": "disponibilité changée",
    "queue.read": "file consultée",
    "conversation.read": "conversation lue",
    "conversation.opened": "conversation ouverte au guichet",
    "conversation.asked": "question posée au guide",
    "conversation.taken": "conversation prise",
    "conversation.given_back": "conversation rendue au guide",
    "conversation.transferred": "conversation transférée",
    "conversation.closed": "conversation terminée",
    "message.sent": "message envoyé",
    "note.added": "note ajoutée",
    "knowledge.searched": "recherche dans les fiches",
    "suggestions.read": "réponses suggérées lues",
    "reply.added": "réponse toute prête ajoutée",
    "reply.removed": "réponse toute prête retirée",
    "dossiers.read": "liste des dossiers consultée",
    "dossier.read": "dossier lu",
    "piece.read": "pièce regardée",
    "recap.read": "récapitulatif téléchargé",
    "dossier.received": "dossier pris en main",
    "piece.accepted": "pièce acceptée",
    "piece.refused": "pièce refusée",
    "dossier.asked": "information demandée",
    "dossier.moved": "état du dossier changé",
    "dossier.filled": "réponse donnée pour la personne",
    "guide.questions.read": "questions sans réponse lues",
    "guide.questions.set_aside": "questions écartées",
    "proposal.added": "proposition écrite",
    "proposal.rewritten": "proposition modifiée",
    "proposal.checked": "proposition vérifiée",
    "proposal.approved": "proposition approuvée",
    "proposal.refused": "proposition refusée",
    "proposal.exported": "correctif téléchargé",
    "figures.read": "chiffres consultés",
    "figures.exported": "chiffres exportés",
    "audit.read": "journal consulté",
    "audit.exported": "journal exporté",
    "team.read": "équipe consultée",
    "user.added": "compte créé",
    "user.role": "rôle changé",
    "user.password": "mot de passe temporaire",
    "user.disabled": "compte désactivé",
    "user.enabled": "compte réactivé",
    "token.made": "jeton créé",
    "token.revoked": "jeton révoqué",
    "webhook.added": "webhook ajouté",
    "webhook.removed": "webhook retiré",
}


class Someone(Protocol):
    """Who acts: an agent, or the command line."""

    @property
    def id(self) -> str | None: ...
    @property
    def name(self) -> str: ...


def record(
    where: Session | Database,
    agent: Someone,
    action: str,
    object: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Add a line. In a session, it is written with what it tells, or not at all.

    ``object`` names what was read or changed (``conversation:3f…``, ``dossier:RP-7K3M-92QD``);
    ``detail`` holds no text of a person.
    """
    line = AuditRow(
        agent_id=agent.id, agent=agent.name, action=action, object=object, detail=detail
    )
    if isinstance(where, Session):
        where.add(line)
        return
    with Session(where) as db, db.begin():
        db.add(line)
