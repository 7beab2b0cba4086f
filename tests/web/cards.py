"""Cards of every kind, as the engine sends them."""

from typing import Any

Card = dict[str, Any]

PIECE = "piece:declaration_vol"
SOURCES = [
    {
        "document": "duplicata",
        "title": "Demander un duplicata",
        "section": "Le motif et la personne",
        "period": "2017",
    },
    {
        "document": "teleprocedures",
        "title": "Les téléprocédures",
        "section": "Duplicata : le paiement",
        "period": "2017-2018",
    },
]

STEPS: tuple[str, Card | None] = (
    "Connectez-vous, cliquez sur « Mon Espace », puis sur « Je refais ma carte grise ». Indiquez "
    "le motif, la personne concernée et le numéro d'immatriculation. Cochez les conditions légales "
    "d'utilisation, validez, puis payez par carte bancaire. N'oubliez pas « Cliquer ici pour "
    "enregistrer votre paiement ». Le site est immatriculation.ants.gouv.fr.",
    {
        "kind": "answer",
        "topic": "etapes/duplicata",
        "title": "Demander un duplicata de carte grise",
        "steps": [
            {"title": "Connectez-vous", "text": "Cliquez sur « Mon Espace »."},
            {"title": "Remplissez la demande", "text": "Indiquez le motif et la plaque."},
            {"title": "Validez", "text": "Cochez les conditions légales d'utilisation."},
            {"title": "Payez en ligne", "text": "Cliquez sur « Valider »."},
            {"title": "Enregistrez le paiement", "text": "C'est impératif."},
        ],
        "notes": [
            "Les documents ne disent pas quel est le cas particulier.",
            "Depuis 2025, la règle a changé (service-public.fr).",
            "Une troisième précision.",
            "Une quatrième précision.",
        ],
        "choices": [{"label": "Que vais-je recevoir ?", "value": "topic:fin/duplicata"}],
        "sources": SOURCES,
    },
)

PIECES: tuple[str, Card | None] = (
    "Il faut le certificat étranger et un justificatif d'identité. Le reste dépend du cas.",
    {
        "kind": "answer",
        "topic": "pieces/vehicule_etranger",
        "title": "Véhicule importé : les pièces",
        "items": [{"label": f"Pièce numéro {rank}", "note": "À jour."} for rank in range(1, 10)],
        "sources": SOURCES[:1],
    },
)

CLARIFY: tuple[str, Card | None] = (
    "A-t-elle été perdue ou volée ?",
    {
        "kind": "clarify",
        "choices": [
            {"label": "Elle est perdue", "value": "detail:motif=perte"},
            {"label": "Elle a été volée", "value": "detail:motif=vol"},
        ],
    },
)

DECLINE: tuple[str, Card | None] = (
    "Le prix du cheval fiscal ne figure pas dans mes documents.",
    {
        "kind": "decline",
        "reason": "not_covered",
        "choices": [{"label": "Parler à une personne", "value": "talk:humain"}],
    },
)

HANDOFF: tuple[str, Card | None] = (
    "Votre demande est transmise.",
    {"kind": "handoff", "state": "queued"},
)

HOSTILE: tuple[str, Card | None] = (
    "<img src=x onerror=alert(1)> <script>alert(2)</script> https://ants.gouv.fr.evil.example/ "
    "javascript:alert(3) " + "anticonstitutionnellement" * 20,
    {
        "kind": "answer",
        "title": "<b>Titre</b>" + "x" * 200,
        "steps": [{"title": "<i>un</i>", "text": "<svg onload=alert(4)>" + "y" * 200}],
        "items": [{"label": "<u>pièce</u>" + "z" * 200, "note": "<style>*{display:none}</style>"}],
        "notes": ["<iframe src=javascript:alert(5)></iframe>"],
        "choices": [{"label": "<button>choix</button>" + "w" * 200, "value": "topic:x"}],
        "sources": [
            {"document": "d", "title": "<em>t</em>", "section": "<b>s</b>", "period": "<a>2017</a>"}
        ],
    },
)


def question(
    slot: str,
    text: str,
    done: int,
    form: str = "text",
    choices: tuple[str, ...] = (),
    help: str = "",
) -> tuple[str, Card | None]:
    card: Card = {
        "kind": "question",
        "demarche": "duplicata",
        "slot": slot,
        "format": form,
        "progress": {"done": done, "total": 4},
    }
    if help:
        card["help"] = help
    if choices:
        card["choices"] = [{"label": c, "value": f"set:{slot}={c}"} for c in choices]
    return text, card


def recap(answers: dict[str, str], piece: str) -> tuple[str, Card | None]:
    labels = {"motif": "Motif", "plaque": "Numéro d'immatriculation", "date": "Date du vol"}
    said = " ; ".join(f"{label} : {answers.get(slot, '—')}" for slot, label in labels.items())
    return (
        f"Voici votre récapitulatif. {said}. Tout est-il exact ?",
        {
            "kind": "recap",
            "demarche": "duplicata",
            "title": "Récapitulatif",
            "fields": [
                {"slot": slot, "label": label, "value": answers.get(slot, "—")}
                for slot, label in labels.items()
            ],
            "pieces": [{"id": "declaration_vol", "label": "Déclaration de vol", "state": piece}],
            "choices": [
                {"label": "Tout est exact", "value": "act:validate"},
                {"label": "Modifier : la plaque", "value": "act:edit=plaque"},
            ],
        },
    )


DOSSIER: tuple[str, Card | None] = (
    "Votre dossier est prêt. Son numéro est RP-7K3M-92QD.",
    {
        "kind": "dossier",
        "demarche": "duplicata",
        "title": "Duplicata de carte grise",
        "number": "RP-7K3M-92QD",
        "status": "Prête à déposer",
        "next": "Connectez-vous sur immatriculation.ants.gouv.fr et cliquez sur « Mon Espace ».",
        "secret": "orage-lilas-42",
        "downloads": [{"label": "Télécharger le récapitulatif", "url": "/recap.pdf"}],
    },
)


class Duplicata:
    """A duplicata after a theft: four questions, one document, the recap, the dossier."""

    QUESTIONS = (
        question("motif", "Que s'est-il passé ?", 0, "choice", ("Perdue", "Volée")),
        question(
            "plaque", "Quel est le numéro d'immatriculation ?", 1, help="Exemple : AB-123-CD."
        ),
        question("date", "Quand le vol a-t-il eu lieu ?", 2, "date"),
        question(
            "piece:declaration_vol", "Envoyez la déclaration de vol.", 3, "file", ("Plus tard",)
        ),
    )

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.rank = -1
        self.correcting = ""
        self.piece = "missing"

    def reply(self, text: str, choice: str | None) -> list[tuple[str, Card | None]]:
        if choice and choice.endswith("quand même"):
            return self.uploaded("sent")
        if choice == "act:validate":
            return [DOSSIER]
        if choice == "act:edit=plaque":
            self.correcting = "plaque"
            return [self.QUESTIONS[1]]
        if self.correcting:
            self.answers[self.correcting] = text
            self.correcting = ""
            return [recap(self.answers, self.piece)]
        if self.rank >= 0:
            card = self.QUESTIONS[self.rank][1] or {}
            self.answers[card["slot"]] = text
        self.rank += 1
        if self.rank == len(self.QUESTIONS):
            return [recap(self.answers, self.piece)]
        return [self.QUESTIONS[self.rank]]

    def uploaded(self, state: str) -> list[tuple[str, Card | None]]:
        if state == "doubtful":
            said = "Le document envoyé est difficile à lire. Envoyez-en un autre."
            keep = ("Utiliser ce document quand même",)
            return [question(PIECE, said, 3, "file", keep)]
        self.piece = "sent"
        return [recap(self.answers, self.piece)]


def answers(text: str, choice: str | None) -> list[tuple[str, Card | None]]:
    """An answer of each kind, by a word of the question."""
    said = f"{text} {choice or ''}".lower()
    for word, reply in (
        ("hostile", HOSTILE),
        ("pièces", PIECES),
        ("prix", DECLINE),
        ("personne", HANDOFF),
        ("motif", STEPS),
        ("perdu", STEPS),
        ("carte grise", CLARIFY),
    ):
        if word in said:
            return [reply]
    return [("D'accord.", {"kind": "smalltalk"})]
