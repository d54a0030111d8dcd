import { waitBefore } from "./backoff.js";
import { FIRST_PIECE_BYTES, PIECE_TYPE, VERSION, fingerprint, meaningOf, metadata, nextPieceBytes, pieceBytesAfterCut } from "./upload_pieces.js";

/** How often in a row an answer other than "later" may lead nowhere. */
const CONFUSED_MOST = 8;
/** Ends after which the file may go on where it was. */
const CONTINUED = ["failed", "login"];

/**
 * Sends one file in pieces until the server has taken it in or refused it, whatever the line does meanwhile.
 *
 * What it needs of the outside is given: `send({method, address, headers, body, onProgress, signal})` resolves to
 * {status, header(name), told} and never rejects (status 0: no answer); `rest(ms, signal)` resolves when it is time to
 * try again, sooner when the line is back.
 *
 * tell(state, detail) is called with "sending" (percent), "checking", "offline", "paused", and once at the end "done",
 * "refused" (sentence), "login" (run() goes on once somebody has logged in), "failed" or "stopped".
 */
export class ResumableUpload {
  constructor({ file, address, words, kept, send, rest, tell, now, random = Math.random }) {
    Object.assign(this, { file, place: address, words, kept, send, rest, tell, now, random });
    this.print = fingerprint(file, [address, words.item, words.document].filter(Boolean).join("#"));
    this.pieceBytes = FIRST_PIECE_BYTES;
    this.offset = null; // null: the server must be asked
    this.attempt = 0;
    this.confused = 0;
    this.isPaused = false;
    this.isStopped = false;
  }

  /** Send until the end, or until it is paused. */
  run() {
    this.isPaused = false;
    this.interruption = new AbortController();
    this.running ??= this.goOn().finally(() => (this.running = undefined));
    return this.running;
  }

  async goOn() {
    this.address ||= this.kept.find(this.print);
    while (!this.isPaused && !this.isStopped) {
      const end = await this.step();
      if (end && !this.isStopped) return this.finish(...end);
    }
    if (this.isStopped) return this.giveUp();
    return this.tell("paused");
  }

  /** Let the piece that is under way arrive, and send no more. */
  pause() {
    this.isPaused = true;
    if (!this.isSending) this.interruption?.abort();
    this.tell("paused");
  }

  /** Give the file up, here and on the server. */
  stop() {
    this.isStopped = true;
    if (this.running) this.interruption.abort();
    else this.giveUp();
  }

  /** Leave everything as it is: the page goes away, and the file may be chosen again. */
  leave() {
    this.isPaused = true;
    this.interruption?.abort();
  }

  async step() {
    if (!this.address) return this.begin();
    if (this.offset === null) return this.look();
    return this.sendPiece();
  }

  async begin() {
    this.tell("sending", 0);
    const words = metadata({ filename: this.file.name, ...this.words });
    const answer = await this.ask("POST", this.place, { "Upload-Length": String(this.file.size), "Upload-Metadata": words });
    if (answer.status !== 201) return this.consider(answer);
    this.address = answer.header("Location");
    this.kept.keep(this.print, this.address);
    this.offset = 0;
    this.attempt = 0;
    return null;
  }

  async look() {
    const answer = await this.ask("HEAD", this.address);
    if (answer.status !== 200) return this.consider(answer);
    this.attempt = 0;
    if (Number(answer.header("Upload-Length")) !== this.file.size) return this.beginAnew();
    this.offset = Number(answer.header("Upload-Offset"));
    return null;
  }

  /** The last piece is answered when the file was checked; an empty one asks what became of a file that is complete. */
  async sendPiece() {
    const { offset } = this;
    const piece = this.file.slice(offset, offset + this.pieceBytes);
    const isLast = offset + piece.size >= this.file.size;
    const onProgress = (sent) => {
      if (this.isPaused) return;
      if (isLast && sent >= piece.size) this.tell("checking");
      else this.tell("sending", Math.floor((100 * (offset + sent)) / this.file.size));
    };
    onProgress(0);
    const began = this.now();
    this.isSending = true;
    const answer = await this.ask("PATCH", this.address, { "Upload-Offset": String(offset), "Content-Type": PIECE_TYPE }, piece, onProgress);
    this.isSending = false;
    if (meaningOf(answer.status) !== "on") return this.consider(answer);
    this.attempt = this.confused = 0;
    this.offset = Number(answer.header("Upload-Offset"));
    if (this.offset >= this.file.size) return ["done"];
    if (piece.size === this.pieceBytes) this.pieceBytes = nextPieceBytes(piece.size, this.now() - began);
    return null;
  }

  ask(method, address, headers = {}, body = null, onProgress = () => {}) {
    const all = { "Tus-Resumable": VERSION, ...headers };
    return this.send({ method, address, headers: all, body, onProgress, signal: this.interruption.signal });
  }

  /** What now, after an answer that is not the one hoped for? Returns the end, or null to go on. */
  async consider(answer) {
    const meaning = meaningOf(answer.status);
    this.offset = null;
    if (this.isStopped || this.isPaused) return null;
    if (meaning === "refused") return ["refused", answer.told?.text ?? ""];
    if (meaning === "login") return ["login"];
    if (meaning === "wait") return this.goOnLater(answer.status === 0);
    if (meaning === "failed" || ++this.confused > CONFUSED_MOST) return ["failed", answer.told?.text ?? ""];
    if (meaning === "anew" && this.address) return this.beginAnew();
    if (meaning === "why" && this.address) return this.askWhy();
    return this.goOnLater(false);
  }

  async goOnLater(isCut) {
    if (isCut) {
      this.pieceBytes = pieceBytesAfterCut(this.pieceBytes);
      this.tell("offline");
    }
    await this.rest(waitBefore(this.attempt++, this.random), this.interruption.signal);
    return null;
  }

  /** A refused file is gone, but what was said of it is kept; one that has expired is simply sent again. */
  async askWhy() {
    const headers = { "Upload-Offset": "0", "Content-Type": PIECE_TYPE };
    const answer = await this.ask("PATCH", this.address, headers, this.file.slice(0, 0));
    if (answer.status === 410) return this.beginAnew();
    return this.consider(answer);
  }

  beginAnew() {
    this.kept.forget(this.print);
    this.address = "";
    this.offset = null;
    return null;
  }

  finish(state, detail) {
    if (!CONTINUED.includes(state)) this.kept.forget(this.print);
    this.tell(state, detail);
  }

  async giveUp() {
    this.address ||= this.kept.find(this.print);
    this.kept.forget(this.print);
    this.tell("stopped");
    if (!this.address) return;
    this.interruption = new AbortController();
    await this.ask("DELETE", this.address); // unheard, the server forgets it after a day
  }
}
