/**
 * Shapes of what the API sends (the message and card contract) and of what the widget keeps.
 *
 * @typedef {{label: string, value: string}} Choice
 * @typedef {{document: string, title: string, section: string, period: string}} Source
 * @typedef {{title: string, text: string}} Step
 * @typedef {{label: string, note?: string}} Item
 * A pièce's state, or words about it.
 * @typedef {"missing"|"filled"|"at_hand"|"doubtful"|"sent"|"refused"|"accepted"|string} PieceState
 * @typedef {{slot: string, label: string, value: string}} RecapField
 * @typedef {{id: string, label: string, state: PieceState, note?: string}} Piece
 * @typedef {{done: number, total: number}} Progress
 * @typedef {{label: string, url: string}} Download
 *
 * @typedef {Object} Card
 * @property {"answer"|"clarify"|"question"|"recap"|"dossier"|"decline"|"handoff"|"smalltalk"} kind
 * @property {string} [topic]
 * @property {string} [title]
 * @property {Step[]} [steps]
 * @property {Item[]} [items]
 * @property {string[]} [notes]
 * @property {Choice[]} [choices]
 * @property {Source[]} [sources]
 * @property {"out_of_scope"|"not_covered"|"not_understood"} [reason]
 * @property {string} [demarche]
 * @property {string} [slot]
 * @property {string} [piece]
 * @property {string} [help]
 * @property {string} [format]
 * @property {Progress} [progress]
 * @property {RecapField[]} [fields]
 * @property {Piece[]} [pieces]
 * @property {string} [number]
 * @property {string} [status]
 * @property {string} [next]
 * @property {Download[]} [downloads]
 * @property {string} [secret]
 * @property {"queued"|"agent"|"closed"} [state]
 *
 * @typedef {Object} Message
 * @property {number} seq
 * @property {"user"|"bot"|"agent"|"system"} author
 * @property {string} at
 * @property {string} text
 * @property {Card|null} card
 * @property {string} [client_id]
 * @property {string} [sender] the agent's name
 *
 * @typedef {"bot"|"queue"|"agent"} Owner
 * @typedef {{conversation: string, token: string, messages: Message[], features?: string[]}} Started
 * @typedef {{messages: Message[], owner: Owner, features?: string[]}} History
 * @typedef {{id: string, piece: string, state: PieceState, warnings: string[]}} Attachment
 *
 * A message not yet confirmed by the server. `id` is its client id: sent again, it is not repeated.
 * @typedef {Object} Outgoing
 * @property {string} id
 * @property {string} text what is shown: what was typed, or the label of the choice
 * @property {string} [choice]
 * @property {string} at
 * @property {"queued"|"sending"|"failed"} state
 * @property {string} [error]
 *
 * @typedef {"starting"|"online"|"retrying"|"offline"|"failed"|"gone"} Status
 *
 * What cards ask of the conversation they stand in.
 * @typedef {Object} Actions
 * @property {(choice: Choice) => void} choose
 * @property {(text: string) => void} say
 * @property {(download: Download) => Promise<void>} download
 * @property {(seq: number, useful: boolean, reason?: string) => Promise<void>} feedback
 * @property {() => boolean} canFeedback
 * @property {(piece: string, file: File, options: UploadOptions) => Promise<Attachment>} upload
 *
 * @typedef {Object} UploadOptions
 * @property {(share: number) => void} onProgress
 * @property {AbortSignal} signal
 */

export {};
