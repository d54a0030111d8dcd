// Following what the presenter shows, and showing one's own page to everybody.

import { Following } from "../models/following.js";
import { fill } from "../models/words.js";

const SHOW_PAGE_AFTER_MS = 200;

export class Presenting {
  #waitingMove = null;
  #moveTimer = null;
  #showPageSoon = null;

  /** @param {HTMLElement} reader the <phien-reader>, which has all rooms */
  constructor(reader) {
    this.reader = reader;
    this.following = new Following(reader.me);
  }

  disconnect() {
    clearTimeout(this.#moveTimer);
    clearTimeout(this.#showPageSoon);
  }

  touched() {
    if (!this.following.isFollowing) return;
    this.following.touched();
    this.#waitingMove = null;
    this.show();
  }

  hear(shown) {
    const before = this.following.shown;
    const go = this.following.hear(shown);
    this.show();
    if (go && !(before?.page === go.page && before?.version === go.version)) this.#moveTo(go);
  }

  follow() {
    const go = this.following.follow();
    this.show();
    if (go) this.#moveTo(go);
  }

  #moveTo(go) {
    this.#waitingMove = go;
    this.moveWhenPenRests();
  }

  moveWhenPenRests() {
    if (!this.#waitingMove) return;
    const { hands } = this.reader;
    const rest = hands.penRestsInMs;
    clearTimeout(this.#moveTimer);
    if (hands.isBusy) return;
    if (rest > 0) {
      this.#moveTimer = setTimeout(() => this.moveWhenPenRests(), rest);
      return;
    }
    const go = this.#waitingMove;
    this.#waitingMove = null;
    this.reader.open(go.version, { page: go.page });
  }

  toggle() {
    if (!this.reader.paper) return;
    if (this.following.isPresenting) {
      this.following.stopPresenting();
      this.reader.book.showPage(null).catch(() => {});
    } else {
      this.following.present();
      this.#tellPage();
    }
    this.show();
  }

  pageTurned() {
    if (!this.following.isPresenting) return;
    clearTimeout(this.#showPageSoon);
    this.#showPageSoon = setTimeout(() => {
      if (this.following.isPresenting && this.reader.paper) this.#tellPage();
    }, SHOW_PAGE_AFTER_MS);
  }

  #tellPage() {
    this.reader.book.showPage(this.reader.page).catch(() => {
      this.following.stopPresenting();
      this.show();
    });
  }

  show() {
    const { reader } = this;
    const { state, shown } = this.following;
    reader.dataset.follow = state;
    for (const part of reader.querySelectorAll("[data-follow-state]")) part.hidden = part.dataset.followState !== state;
    for (const name of reader.querySelectorAll("[data-presenter]")) {
      name.textContent = shown ? fill(name.dataset.presenter, { name: shown.by_name ?? "", page: shown.page }) : "";
    }
    const present = reader.querySelector("[data-present]");
    if (!present) return;
    present.hidden = !(reader.paper?.manifest.may_present && reader.meeting);
    present.setAttribute("aria-pressed", String(state === "presenting"));
  }

  panelSwapped() {
    const shown = presentation();
    if (shown === undefined) return;
    // The presenter stream of the open paper is quicker and is believed; the panel tells of other papers and of the end.
    const { paper } = this.reader;
    const isHeardAlready = shown && shown.version === paper?.version && paper.manifest.streams?.presenter;
    if (!isHeardAlready) this.hear(shown);
  }
}

/** What the room says is being presented; null: nothing; undefined: this page has no such panel. */
export function presentation() {
  const panel = document.querySelector("[data-presentation]");
  if (!panel) return undefined;
  const { version, page, by, byName, title } = panel.dataset;
  return version ? { version, page: Number(page), by: Number(by) || null, by_name: byName, title } : null;
}
