// A card beside a mark: whose it is, who sees it, and what its owner can do with it.
//   <mark-card hidden data-mine="Nét của tôi" data-private="Riêng tư" data-shared="Chung" data-pending="đang gửi" …>
//     <p data-owner></p> <p data-state></p> <p data-note hidden></p>
//     <button data-do="share">…</button> <button data-do="withdraw">…</button> <button data-do="erase">…</button>
//   </mark-card>
// Event: "mark:do" (detail: {act: "share" | "withdraw" | "erase", mark}); "mark:closed".

import { fill } from "../models/words.js";

export class MarkCard extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#clicked);
    this.addEventListener("keydown", this.#keyed);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
    this.removeEventListener("keydown", this.#keyed);
  }

  /** @param {{mark: object, isMine: boolean, isShared: boolean, mayShare: boolean, x: number, y: number}} facts px in the parent */
  show({ mark, isMine, isShared, mayShare, x, y }) {
    this.mark = mark;
    this.querySelector("[data-owner]").textContent = isMine ? this.dataset.mine : mark.owner_name;
    this.querySelector("[data-state]").textContent = this.#stateOf(mark, isMine, isShared);
    const note = this.querySelector("[data-note]");
    note.hidden = !mark.note;
    note.textContent = mark.note ? fill(this.dataset.notShared, { reason: mark.note }) : "";
    this.#offer("share", isMine && !isShared && mayShare);
    this.#offer("withdraw", isMine && isShared);
    this.#offer("erase", isMine);
    this.hidden = false;
    this.#stand(x, y);
  }

  close() {
    if (this.hidden) return;
    this.hidden = true;
    this.mark = null;
    this.dispatchEvent(new CustomEvent("mark:closed", { bubbles: true }));
  }

  #stateOf(mark, isMine, isShared) {
    const words = [isShared ? this.dataset.shared : this.dataset.private];
    if (isMine && mark.sync === "pending") words.push(this.dataset.pending);
    if (isMine && mark.sync === "refused") words.push(this.dataset.refused);
    if (mark.at) words.push(clock(mark.at));
    return words.join(" · ");
  }

  #offer(act, isOffered) {
    this.querySelector(`[data-do="${act}"]`).hidden = !isOffered;
  }

  /** Beside the point, and inside the paper. */
  #stand(x, y) {
    const room = this.parentElement.getBoundingClientRect();
    const { width, height } = this.getBoundingClientRect();
    const left = Math.max(8, Math.min(x - width / 2, room.width - width - 8));
    const top = y + 20 + height < room.height - 8 ? y + 20 : Math.max(8, y - height - 20);
    this.style.left = `${left}px`;
    this.style.top = `${top}px`;
  }

  #clicked = (event) => {
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (!act) return;
    const mark = this.mark;
    this.close();
    if (act !== "close") this.dispatchEvent(new CustomEvent("mark:do", { bubbles: true, detail: { act, mark } }));
  };

  #keyed = (event) => {
    if (event.key === "Escape") this.close();
  };
}

function clock(at) {
  return new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" }).format(new Date(at));
}

customElements.define("mark-card", MarkCard);
