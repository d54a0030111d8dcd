// All marks of the open paper as a list: the way to them without drawing, by keyboard and for screen readers.
//   <mark-list hidden data-word-page="Trang {page}" data-mine data-private data-shared data-pending data-refused data-not-shared>
//     <ul class="list"></ul> <p data-none></p> <template><li>…</li></template> <button data-close></button>
//   </mark-list>
// Events (bubbling): "mark:show" (detail: {mark}), "mark:do" (detail: {act, mark}).

import { fill } from "../models/words.js";

export class MarkList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#clicked);
    this.addEventListener("keydown", this.#keyed);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
    this.removeEventListener("keydown", this.#keyed);
  }

  toggle(book) {
    if (!this.hidden) return this.close();
    this.opener = document.activeElement;
    this.hidden = false;
    this.refresh(book);
    this.querySelector("[data-close]").focus();
  }

  close() {
    if (this.hidden) return;
    this.hidden = true;
    this.opener?.focus?.();
  }

  /** Redrawn as a whole; the focus stays on the button it was on, or goes to the next one. */
  refresh(book) {
    if (this.hidden || !book) return;
    const focused = this.contains(document.activeElement) ? [...this.#buttons()].indexOf(document.activeElement) : -1;
    const marks = book.marks.all().sort((one, other) => one.page - other.page);
    this.marks = new Map(marks.map((mark) => [mark.id, mark]));
    this.querySelector("ul").replaceChildren(...marks.map((mark) => this.#row(mark, book)));
    this.querySelector("[data-none]").hidden = marks.length > 0;
    if (focused >= 0) (this.#buttons()[focused] ?? this.querySelector("[data-close]")).focus();
  }

  #buttons() {
    return [...this.querySelectorAll("button:not([hidden])")];
  }

  #row(mark, book) {
    const row = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const isMine = book.marks.isMine(mark);
    const isShared = mark.layer === "shared";
    row.dataset.markId = mark.id;
    row.querySelector("[data-swatch]").style.background = mark.style.color;
    row.querySelector("[data-where]").textContent = fill(this.dataset.wordPage, { page: mark.page });
    const words = [isMine ? this.dataset.mine : mark.owner_name, isShared ? this.dataset.shared : this.dataset.private];
    if (mark.sync !== "saved") words.push(this.dataset[mark.sync]);
    row.querySelector("[data-facts]").textContent = words.join(" · ");
    const note = row.querySelector("[data-note]");
    note.hidden = !mark.note;
    note.textContent = mark.note ? fill(this.dataset.notShared, { reason: mark.note }) : "";
    const offers = { share: isMine && !isShared && mark.sync !== "refused", withdraw: isMine && isShared, erase: isMine };
    for (const button of row.querySelectorAll("[data-do]")) button.hidden = !(offers[button.dataset.do] ?? true);
    return row;
  }

  #clicked = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("close" in button.dataset) return this.close();
    const mark = this.marks?.get(button.closest("[data-mark-id]")?.dataset.markId);
    if (!mark) return;
    const act = button.dataset.do;
    if (act === "show") this.dispatchEvent(new CustomEvent("mark:show", { bubbles: true, detail: { mark } }));
    else this.dispatchEvent(new CustomEvent("mark:do", { bubbles: true, detail: { act, mark } }));
  };

  #keyed = (event) => {
    if (event.key === "Escape") this.close();
  };
}

customElements.define("mark-list", MarkList);
