/** Every text the widget says by itself, in French. What Repère answers comes from the server. */

export const texts = {
  name: "Repère",
  tagline: "Carte grise et permis",
  launcher: "Une question ?",
  launcherDetail: "Ouvrir Repère, le guide carte grise et permis",
  close: "Fermer la conversation",
  log: "Messages de la conversation",
  you: "Vous",
  agent: "Agent",
  system: "Information",
  options: "Options de la conversation",

  fresh: "Nouvelle conversation",
  transcript: "Télécharger la conversation",
  erase: "Effacer la conversation",
  eraseTitle: "Effacer la conversation ?",
  eraseText:
    "Tous les messages de cette conversation et les documents envoyés seront effacés de nos serveurs. C'est définitif.",
  eraseConfirm: "Effacer définitivement",
  erased: "Votre conversation est effacée.",
  freshTitle: "Commencer une nouvelle conversation ?",
  freshText: "Vous ne verrez plus la conversation actuelle sur cet appareil.",
  freshErase: "Effacer aussi la conversation actuelle de nos serveurs",
  freshConfirm: "Commencer",
  cancel: "Annuler",
  retry: "Réessayer",
  remove: "Supprimer",
  edit: "Modifier",

  label: "Votre message",
  /** @type {Record<string, string>} by format of the question asked; none: no question */
  placeholders: {
    "": "Écrivez votre question",
    text: "Écrivez votre réponse",
    date: "Par exemple : 12/03/2019",
    email: "Par exemple : nom@exemple.fr",
    phone: "Par exemple : 06 12 34 56 78",
    plate: "Par exemple : AB-123-CD",
  },
  send: "Envoyer",
  privacy: "Ni mot de passe, ni numéro de carte bancaire.",
  empty: "Écrivez votre message avant de l'envoyer.",
  /** @param {number} count @param {number} max */
  tooLong: (count, max) =>
    `Votre message compte ${count} caractères. Résumez-le en ${max} caractères au plus.`,
  /** @param {number} left */
  left: (left) =>
    left >= 0
      ? `${left} caractère${left > 1 ? "s" : ""} restant${left > 1 ? "s" : ""}`
      : `${-left} caractère${left < -1 ? "s" : ""} en trop`,

  waiting: "En attente d'envoi",
  sending: "Envoi en cours",
  failed: "Message non envoyé.",
  typing: "Repère écrit",
  /** @param {string} name */
  typingAgent: (name) => `${name || "L'agent"} écrit`,
  slow: "Je cherche encore la réponse.",
  newMessage: "Nouveau message",
  today: "Aujourd'hui",
  yesterday: "Hier",
  /** @param {string} who @param {string} time */
  said: (who, time) => `${who}, à ${time}`,
  /** @param {number} count */
  offered: (count) => `${count} choix proposé${count > 1 ? "s" : ""}.`,

  starting: "Ouverture de la conversation…",
  offline: "Connexion perdue. Vos messages partiront dès son retour.",
  retrying: "Connexion perdue, je réessaie.",
  unavailable: "Repère est momentanément indisponible.",
  gone: "Cette conversation n'existe plus : elle a été effacée ou elle est trop ancienne.",
  refused: "Le serveur a refusé cette demande.",
  ownerQueue: "Votre demande attend un agent. Repère vous répond en attendant.",
  /** @param {string} name */
  ownerAgent: (name) => `Vous parlez avec ${(name || "un agent").replace(/\.$/, "")}.`,

  choices: "Choix proposés",
  /** @param {number} count */
  steps: (count) => `Les ${count} étapes, une par une`,
  /** @param {number} count */
  moreItems: (count) => (count > 1 ? `Voir les ${count} autres` : "Voir le suivant"),
  /** @param {number} count */
  moreNotes: (count) => (count > 1 ? `Voir ${count} autres précisions` : "Voir une autre précision"),
  more: "Lire la suite",
  notes: "À savoir",
  /** @param {number} count */
  fromMany: (count) => `D'après ${count} documents`,
  /** @param {string} title */
  fromOne: (title) => `D'après « ${title} »`,
  declined: "Absent de mes documents",
  newTab: " (nouvel onglet)",

  useful: "Cette réponse vous aide-t-elle ?",
  yes: "Oui",
  no: "Non",
  why: "Qu'est-ce qui ne va pas ?",
  reasons: [
    "Ce n'est pas ma question",
    "Il manque quelque chose",
    "C'est faux ou dépassé",
    "C'est difficile à comprendre",
  ],
  ownWords: "Ou dites-le avec vos mots",
  sendFeedback: "Envoyer l'avis",
  thanks: "Merci, votre avis est enregistré.",
  feedbackFailed: "Votre avis n'a pas pu être envoyé.",

  /** @param {number} done @param {number} total */
  progress: (done, total) => `Étape ${Math.min(done + 1, total)} sur ${total}`,
  pieces: "Documents à joindre",
  /** @param {string} label */
  change: (label) => `Je veux modifier : ${label}`,
  /** @type {Record<string, string>} */
  pieceStates: {
    missing: "À joindre",
    filled: "Donné",
    at_hand: "En votre possession",
    doubtful: "Difficile à lire",
    sent: "Envoyé",
    refused: "Refusé",
    accepted: "Accepté",
  },
  number: "Numéro du dossier",
  status: "État",
  next: "Prochaine étape",
  secret: "Code de reprise",
  secretHelp: "Notez ce code : avec le numéro, il permet de reprendre le dossier. Il ne sera plus affiché.",
  resumeTitle: "Reprendre le dossier",
  resumeHelp: "Donnez le code de reprise noté quand le dossier a été ouvert : huit lettres et chiffres.",
  resume: "Reprendre",
  resumeLater: "Plus tard",
  /** @param {string} number @param {string} code */
  resumeAsked: (number, code) => `Reprendre le dossier ${number}, code ${code}`,
  resumeWrong: "Un code de reprise compte huit lettres et chiffres. Vérifiez-le, puis réessayez.",
  copy: "Copier",
  copied: "Copié",
  downloadFailed: "Le document n'a pas pu être téléchargé. Réessayez.",
  /** @type {Record<string, string>} */
  handoff: {
    queued: "Parler à une personne",
  },

  pick: "Choisir un fichier",
  photo: "Prendre une photo",
  drop: "ou déposez-le ici",
  dropHere: "Déposez le document ici",
  unread: "Nouveau message d'un agent.",
  dropNothing: "Aucun document n'est demandé pour le moment.",
  formats: "PDF, JPEG, PNG ou HEIC.",
  /** @param {string} name */
  uploading: (name) => `Envoi de ${name}`,
  /** @param {string} name */
  uploaded: (name) => `${name} est envoyé.`,
  uploadFailed: "L'envoi a échoué. Vérifiez votre connexion, puis réessayez.",
  stopped: "Envoi annulé.",
  /** @param {string} label */
  addPiece: (label) => `Joindre : ${label}`,
};
