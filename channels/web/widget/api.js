/** The public web API as the widget uses it. */

import { texts } from "./texts.js";

/** @typedef {import("./types.js").Started} Started */
/** @typedef {import("./types.js").History} History */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Attachment} Attachment */

const TIMEOUT_MS = 20_000;

/** Something the server refused, or could not be asked. `status` 0: the network failed. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message in French, for the person
   * @param {number} [retryAfter] seconds
   */
  constructor(status, message, retryAfter = 0) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Whether the same demand may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 409 || this.status === 429 || this.status >= 500;
  }

  /** Whether the conversation cannot be reached any more. */
  get gone() {
    return this.status === 401 || this.status === 404;
  }
}

export class Api {
  /** @param {string} base the origin of Repère */
  constructor(base) {
    this.base = base;
    this.conversation = "";
    this.token = "";
  }

  /** @returns {Promise<Started>} */
  async start() {
    return this.#json("POST", "/api/conversations", {});
  }

  /**
   * @param {{text?: string, choice?: string, client_id: string}} message
   * @returns {Promise<{messages: Message[]}>}
   */
  send(message) {
    return this.#json("POST", this.#path("messages"), message);
  }

  /**
   * @param {number} after
   * @returns {Promise<History>}
   */
  history(after) {
    return this.#json("GET", `${this.#path("messages")}?after=${after}`);
  }

  /** @returns {Promise<void>} */
  async erase() {
    await this.#request("DELETE", this.#path());
  }

  /**
   * @param {number} seq
   * @param {boolean} useful
   * @param {string} [reason]
   * @returns {Promise<void>}
   */
  async feedback(seq, useful, reason) {
    await this.#request("POST", this.#path("feedback"), { seq, useful, reason });
  }

  /** The person is writing: an agent sees it. */
  async typing() {
    await this.#request("POST", this.#path("typing"));
  }

  /**
   * Server-sent events, read with fetch so that the token goes in a header.
   * @param {AbortSignal} signal
   * @param {number} after
   * @returns {Promise<Response>}
   */
  async events(signal, after) {
    const headers = { ...this.#headers(), Accept: "text/event-stream", "Last-Event-ID": String(after) };
    const url = `${this.base}${this.#path("events")}`;
    const response = await fetch(url, { headers, signal, cache: "no-store", credentials: "omit" });
    if (!response.ok) throw await failure(response);
    return response;
  }

  /**
   * A file of ours (it needs the token), to be saved by the browser.
   * @param {string} url
   * @returns {Promise<{blob: Blob, name: string}>}
   */
  async file(url) {
    const response = await this.#request("GET", url);
    const said = response.headers.get("Content-Disposition") ?? "";
    const name = /filename\*=UTF-8''([^;]+)|filename="?([^";]+)"?/i.exec(said);
    return { blob: await response.blob(), name: decodeURIComponent(name?.[1] ?? name?.[2] ?? "") };
  }

  /**
   * Send a document; XMLHttpRequest because it tells how far the sending is.
   * @param {string} piece
   * @param {File} file
   * @param {import("./types.js").UploadOptions} options
   * @returns {Promise<Attachment>}
   */
  upload(piece, file, { onProgress, signal }) {
    const form = new FormData();
    form.append("piece", piece);
    form.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", `${this.base}${this.#path("files")}`);
    for (const [name, value] of Object.entries(this.#headers())) request.setRequestHeader(name, value);
    return new Promise((resolve, reject) => {
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) onProgress(event.loaded / event.total);
      };
      request.onerror = () => reject(new ApiError(0, texts.uploadFailed));
      request.onabort = () => reject(new DOMException(texts.stopped, "AbortError"));
      request.onload = () => {
        const body = parsed(request.responseText);
        if (request.status < 300) resolve(body["attachment"]);
        else reject(new ApiError(request.status, String(body.detail ?? texts.uploadFailed)));
      };
      signal.addEventListener("abort", () => request.abort());
      request.send(form);
    });
  }

  /** @param {string} [end] */
  #path(end) {
    return `/api/conversations/${this.conversation}${end ? `/${end}` : ""}`;
  }

  /** @returns {Record<string, string>} */
  #headers() {
    return this.token ? { Authorization: `Bearer ${this.token}` } : {};
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<any>}
   */
  async #json(method, path, body) {
    const response = await this.#request(method, path, body);
    try {
      return await response.json();
    } catch {
      throw new ApiError(0, texts.unavailable);
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   */
  async #request(method, path, body) {
    const headers = this.#headers();
    if (body !== undefined) headers["Content-Type"] = "application/json";
    /** @type {Response} */
    let response;
    try {
      response = await fetch(new URL(path, `${this.base}/`), {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        cache: "no-store",
        credentials: "omit",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      throw new ApiError(0, texts.retrying);
    }
    if (!response.ok) throw await failure(response);
    return response;
  }
}

/**
 * @param {Response} response
 * @returns {Promise<ApiError>}
 */
async function failure(response) {
  const problem = parsed(await response.text().catch(() => ""));
  const fallback = response.status >= 500 ? texts.unavailable : texts.refused;
  const message = typeof problem.detail === "string" ? problem.detail : fallback;
  const retryAfter = Number(response.headers.get("Retry-After")) || 0;
  return new ApiError(response.status, message, retryAfter);
}

/**
 * @param {string} text
 * @returns {Record<string, any>}
 */
function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" ? value : {};
  } catch {
    return {};
  }
}
