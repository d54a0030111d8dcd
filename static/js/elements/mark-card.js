// A card beside a mark: whose it is, who sees it, its words, and what its owner can do with it. What is written on it is
// never lost: closing it keeps the words.
//   <mark-card hidden data-mine-ink="Nét của tôi" data-mine-highlight="…" data-mine-note="…" data-new-note="…" data-private="Riêng tư" …>
//     <p data-owner></p> <p data-state></p> <p data-note hidden></p> <p data-quote hidden></p> <p data-body hidden></p>
//     <label data-writing hidden>… <textarea></textarea></label>
//     <button data-do="done">…</button> <button data-do="share">…</button> <button data-do="withdraw">…</button> …
//   </mark-card>
// Events: "mark:do" (detail: {act: "write" | "share" | "withdraw" | "erase" | "copy", mark, body?, place?}); "mark:closed".

import { fill } from "../models/words.js";

export class MarkCard extends HTMLElement {
  connectedCallback() {
    this.words = this.querySelector("textarea");
    this.addEventListener("click", this.#clicked);
    this.addEventListener("keydown", this.#keyed);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
    this.removeEventListener("keydown", this.#keyed);
  }

  /** @param {{mark: object, isMine: boolean, isShared: boolean, mayShare: boolean, x: number, y: number}} facts px in the parent */
  show({ mark, isMine, isShared, mayShare, x, y }) {
    this.close();
    this.mark = mark;
    this.place = null;
    const kind = mark.kind[0].toUpperCase() + mark.kind.slice(1);
    this.querySelector("[data-owner]").textContent = isMine ? this.dataset[`mine${kind}`] : mark.owner_name;
    this.querySelector("[data-state]").textContent = this.#stateOf(mark, isMine, isShared);
    this.#tell("[data-note]", mark.note ? fill(this.dataset.notShared, { reason: mark.note }) : "");
    this.#tell("[data-quote]", mark.anchor?.quote ?? "");
    const writes = isMine && mark.kind === "note";
    this.#tell("[data-body]", writes ? "" : mark.body ?? "");
    this.#write(writes, mark.body);
    this.#offer("done", writes);
    this.#offer("share", isMine && !isShared && mayShare);
    this.#offer("withdraw", isMine && isShared);
    this.#offer("copy", Boolean(mark.anchor));
    this.#offer("erase", isMine);
    this.#appear(x, y);
  }

  /** An empty card for a note that does not exist yet. @param {{place: object, isShared: boolean, x: number, y: number}} facts */
  beginNote({ place, isShared, x, y }) {
    this.close();
    this.mark = null;
    this.place = place;
    this.querySelector("[data-owner]").textContent = this.dataset.newNote;
    this.querySelector("[data-state]").textContent = isShared ? this.dataset.shared : this.dataset.private;
    for (const part of ["[data-note]", "[data-quote]", "[data-body]"]) this.#tell(part, "");
    this.#write(true, "");
    for (const act of ["share", "withdraw", "copy", "erase"]) this.#offer(act, false);
    this.#offer("done", true);
    this.#appear(x, y);
    this.words.focus({ preventScroll: true });
  }

  focusFirst() {
    this.querySelector("textarea:not([hidden] *), button:not([hidden])")?.focus({ preventScroll: true });
  }

  close() {
    if (this.hidden) return;
    this.hidden = true;
    this.#keepWords();
    this.mark = this.place = null;
    this.dispatchEvent(new CustomEvent("mark:closed", { bubbles: true }));
  }

  #keepWords() {
    if (!this.isWriting) return;
    this.isWriting = false;
    const body = this.words.value.trim();
    if (!body || body === this.mark?.body) return;
    const { mark, place } = this;
    this.dispatchEvent(new CustomEvent("mark:do", { bubbles: true, detail: { act: "write", mark, body, place } }));
  }

  #stateOf(mark, isMine, isShared) {
    const words = [isShared ? this.dataset.shared : this.dataset.private];
    if (isMine && mark.sync === "pending") words.push(this.dataset.pending);
    if (isMine && mark.sync === "refused") words.push(this.dataset.refused);
    if (mark.at) words.push(clock(mark.at));
    return words.join(" · ");
  }

  #tell(selector, words) {
    const part = this.querySelector(selector);
    part.hidden = !words;
    part.textContent = words;
  }

  #write(writes, body) {
    this.isWriting = writes;
    this.querySelector("[data-writing]").hidden = !writes;
    this.words.value = body ?? "";
  }

  #offer(act, isOffered) {
    this.querySelector(`[data-do="${act}"]`).hidden = !isOffered;
  }

  #appear(x, y) {
    this.hidden = false;
    this.#stand(x, y);
  }

  /** Beside the point, and inside the paper. */
  #stand(x, y) {
    const room = this.parentElement.getBoundingClientRect();
    const { width, height } = this.getBoundingClientRect();
    const left = Math.max(8, Math.min(x - width / 2, room.width - width - 8));
    const top = y + 20 + height < room.height - 8 ? y + 20 : Math.max(8, Math.min(y - height - 20, room.height - height - 8));
    this.style.left = `${left}px`;
    this.style.top = `${top}px`;
  }

  #clicked = (event) => {
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (!act) return;
    const mark = this.mark;
    if (act === "erase") this.isWriting = false;
    this.close();
    if (act !== "done") this.dispatchEvent(new CustomEvent("mark:do", { bubbles: true, detail: { act, mark } }));
  };

  #keyed = (event) => {
    const isDone = event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey));
    if (!isDone) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
    this.closest("phien-reader")?.scroller?.focus({ preventScroll: true });
  };
}

function clock(at) {
  return new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" }).format(new Date(at));
}

customElements.define("mark-card", MarkCard);
