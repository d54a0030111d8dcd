// Finding words in the open paper: what is sought, how often it is there, on to the next and back.
//   <find-bar hidden role="search" data-count="{at} / {count}" data-none="…" data-empty="…" data-wordless="…" data-unread="…">
//     <input type="search"> <span data-told role="status"></span>
//     <button data-step="-1">…</button> <button data-step="1">…</button> <button data-mark>…</button> <button data-close>…</button>
//   </find-bar>
// Events (bubbling): "find:ask" (detail: {question}), "find:step" (detail: {step}), "find:mark", "find:closed".

import { fill } from "../models/words.js";

const ASK_AFTER_MS = 150;

export class FindBar extends HTMLElement {
  #asking = null;

  connectedCallback() {
    this.field = this.querySelector("input");
    this.addEventListener("input", this.#written);
    this.addEventListener("keydown", this.#keyed);
    this.addEventListener("click", this.#clicked);
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#written);
    this.removeEventListener("keydown", this.#keyed);
    this.removeEventListener("click", this.#clicked);
    clearTimeout(this.#asking);
  }

  open() {
    const wasHidden = this.hidden;
    this.hidden = false;
    this.field.focus();
    this.field.select();
    if (wasHidden) this.#ask();
  }

  /** Open with a question that was asked elsewhere: the keyboard of a tablet stays away. */
  show(question) {
    clearTimeout(this.#asking);
    this.#asking = null;
    this.hidden = false;
    this.field.value = question;
  }

  close() {
    if (this.hidden) return;
    clearTimeout(this.#asking);
    this.hidden = true;
    this.#emit("find:closed");
  }

  /** @param {{question: string, at: number, count: number, mayMark: boolean, trouble?: "wordless" | "unfetched", unread?: number}} facts */
  tell({ question, at, count, mayMark, trouble, unread = 0 }) {
    const isStillRead = unread > 0 && !trouble && question.trim();
    // While pages are still being read, "not found" would be said too early.
    const words = isStillRead && !count ? [] : [this.#answer(question, at, count, trouble)];
    if (isStillRead) words.push(fill(this.dataset.unread, { count: unread }));
    this.querySelector("[data-told]").textContent = words.filter(Boolean).join(" · ");
    this.dataset.hits = count;
    for (const button of this.querySelectorAll("[data-step]")) button.disabled = count === 0;
    this.querySelector("[data-mark]").disabled = !(mayMark && at >= 0);
  }

  #answer(question, at, count, trouble) {
    if (trouble) return this.dataset[trouble];
    if (!question.trim()) return this.dataset.empty;
    return count ? fill(this.dataset.count, { at: at + 1, count }) : this.dataset.none;
  }

  #ask() {
    clearTimeout(this.#asking);
    this.#asking = null;
    this.#emit("find:ask", { question: this.field.value });
  }

  #step(step) {
    if (this.#asking) return this.#ask(); // the first hit of what has just been written
    this.#emit("find:step", { step });
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }

  #written = () => {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => this.#ask(), ASK_AFTER_MS);
  };

  #keyed = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      return this.close();
    }
    if (event.key === "Enter" && event.target === this.field && !event.isComposing) {
      event.preventDefault();
      this.#step(event.shiftKey ? -1 : 1);
    }
  };

  #clicked = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.step) this.#step(Number(button.dataset.step));
    if ("mark" in button.dataset) this.#emit("find:mark");
    if ("close" in button.dataset) this.close();
  };
}

customElements.define("find-bar", FindBar);
