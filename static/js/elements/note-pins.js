// The signs of the notes on one page, over its ink. They can be reached and opened by key; a pen or a finger on the paper
// goes through them, so that no stroke ever ends on one. Made by <paper-page>:
//   <note-pins><button class="note-pin" data-mark-id="…" data-sync="saved" aria-label="Ghi chú: …">…</button></note-pins>
// Event (bubbling): "mark:open" (detail: {id}).

import { apply } from "../models/affine.js";

const LABEL_LENGTH = 120;

export class NotePins extends HTMLElement {
  #shown = "";
  #halo = null;
  #scale = 1;

  /** @param {{page: number, matrix: number[], book: object, words: DOMStringMap}} facts */
  setUp({ page, matrix, book, words }) {
    Object.assign(this, { page, matrix, book, words });
    this.addEventListener("click", (event) => this.#clicked(event));
    return this;
  }

  place(scale) {
    this.#scale = scale;
    if (this.childElementCount) this.show({ anew: true });
  }

  show({ anew = false } = {}) {
    const notes = this.book.marks.onPage(this.page).filter((mark) => mark.kind === "note");
    const facts = notes.map(({ id, body, sync, layer }) => [id, body, sync, layer]).join("\n");
    if (facts === this.#shown && !anew) return;
    this.#shown = facts;
    const focused = this.contains(document.activeElement) ? document.activeElement.dataset.markId : null;
    this.replaceChildren(...notes.map((mark) => this.#pin(mark)));
    if (focused) this.querySelector(`[data-mark-id="${focused}"]`)?.focus({ preventScroll: true });
  }

  #pin(mark) {
    const pin = document.createElement("button");
    const [x, y] = apply(this.matrix, ...mark.geometry.point);
    pin.type = "button";
    pin.className = "note-pin";
    Object.assign(pin.dataset, { markId: mark.id, sync: mark.sync, layer: mark.layer });
    pin.setAttribute("aria-label", `${this.words.wordNote}: ${mark.body.slice(0, LABEL_LENGTH)}`);
    pin.toggleAttribute("data-halo", mark.id === this.#halo);
    pin.style.left = `${x * this.#scale}px`;
    pin.style.top = `${y * this.#scale}px`;
    pin.style.setProperty("--note", mark.style.color);
    return pin;
  }

  showHalo(mark) {
    this.#halo = mark?.id ?? null;
    for (const pin of this.children) pin.toggleAttribute("data-halo", pin.dataset.markId === this.#halo);
  }

  #clicked(event) {
    const id = event.target.closest("[data-mark-id]")?.dataset.markId;
    if (id) this.dispatchEvent(new CustomEvent("mark:open", { bubbles: true, detail: { id } }));
  }

  empty() {
    this.#shown = "";
    this.replaceChildren();
  }
}

customElements.define("note-pins", NotePins);
