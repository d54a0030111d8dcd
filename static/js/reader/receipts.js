// Tells the server that the paper was opened, which of its pages were seen and on which one the reader is, to go on there
// on another device: an operation like a stroke, so that it survives a broken network, and never anything that reading waits for.

import { ReadingTime, SEEN_AFTER_MS } from "../models/reading_time.js";
import { connection } from "../realtime/connection.js";

const TELL_EVERY_MS = 15_000;

export class Receipts {
  #time = new ReadingTime();
  #seen = () => ({ page: 1, inSight: [] });
  #ticking = null;
  #telling = null;
  #toldPage = null;

  /** @param {string} version @param {() => {page: number|null, inSight: number[]}} seen */
  open(version, seen) {
    this.version = version;
    this.#seen = seen;
    this.#tell([]);
    this.#ticking = setInterval(() => this.moved(), SEEN_AFTER_MS / 2);
    this.#telling = setInterval(() => this.tell(), TELL_EVERY_MS);
    document.addEventListener("visibilitychange", this.#hidden);
    addEventListener("pagehide", this.tell);
  }

  close() {
    if (!this.version) return;
    clearInterval(this.#ticking);
    clearInterval(this.#telling);
    document.removeEventListener("visibilitychange", this.#hidden);
    removeEventListener("pagehide", this.tell);
    this.tell();
    this.version = null;
    this.#time = new ReadingTime();
  }

  moved() {
    this.#time.look(document.visibilityState === "visible" ? this.#seen().inSight : [], performance.now());
  }

  #hidden = () => {
    this.moved();
    if (document.visibilityState === "hidden") this.tell();
  };

  tell = () => {
    const pages = this.#time.take(performance.now());
    if (pages.length || this.#seen().page !== this.#toldPage) this.#tell(pages);
  };

  #tell(pages) {
    this.#toldPage = this.#seen().page;
    const place = this.#toldPage ? { page: this.#toldPage, at: Date.now() } : {};
    connection.perform("open_paper", { version: this.version, pages, ...place }, { quiet: true }).catch(() => {});
  }
}
