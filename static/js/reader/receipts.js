// Tells the server that the paper was opened and which of its pages were seen: an operation like a stroke, so that it
// survives a broken network, and never anything that reading waits for.

import { ReadingTime, SEEN_AFTER_MS } from "../models/reading_time.js";
import { connection } from "../realtime/connection.js";

const TELL_EVERY_MS = 15_000;

export class Receipts {
  #time = new ReadingTime();
  #pages = () => [];
  #ticking = null;
  #telling = null;

  /** @param {string} version @param {() => number[]} pagesInSight */
  open(version, pagesInSight) {
    this.version = version;
    this.#pages = pagesInSight;
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
    this.#time.look(document.visibilityState === "visible" ? this.#pages() : [], performance.now());
  }

  #hidden = () => {
    this.moved();
    if (document.visibilityState === "hidden") this.tell();
  };

  tell = () => {
    const pages = this.#time.take(performance.now());
    if (pages.length) this.#tell(pages);
  };

  #tell(pages) {
    connection.perform("open_paper", { version: this.version, pages }, { quiet: true }).catch(() => {});
  }
}
