// Beside selected words: highlight them, write a note about them, copy them. It takes neither focus nor selection away.
//   <selection-bar hidden>
//     <button data-act="highlight" data-color="#ffe27a">Tô vàng</button> … <button data-act="note">…</button>
//     <button data-act="copy">…</button>
//   </selection-bar>
// Event: "selection:do" (detail: {act, color?}).

const GAP_PX = 10;

export class SelectionBar extends HTMLElement {
  connectedCallback() {
    this.addEventListener("pointerdown", this.#keepSelection);
    this.addEventListener("click", this.#clicked);
  }

  disconnectedCallback() {
    this.removeEventListener("pointerdown", this.#keepSelection);
    this.removeEventListener("click", this.#clicked);
  }

  /** @param {{first: DOMRect, last: DOMRect, mayMark: boolean}} facts the first and the last piece of the selection */
  show({ first, last, mayMark }) {
    this.hidden = false;
    for (const button of this.querySelectorAll("[data-act]")) button.hidden = !mayMark && button.dataset.act !== "copy";
    const room = this.parentElement.getBoundingClientRect();
    const { width, height } = this.getBoundingClientRect();
    const middle = (last.left + last.right) / 2 - room.left;
    const below = last.bottom - room.top + GAP_PX;
    const above = first.top - room.top - height - GAP_PX;
    const top = below + height <= room.height - GAP_PX || above < GAP_PX ? below : above;
    this.style.left = `${Math.max(8, Math.min(middle - width / 2, room.width - width - 8))}px`;
    this.style.top = `${Math.max(8, Math.min(top, room.height - height - 8))}px`;
  }

  close() {
    this.hidden = true;
  }

  #keepSelection = (event) => event.preventDefault();

  #clicked = (event) => {
    const { act, color } = event.target.closest("[data-act]")?.dataset ?? {};
    if (act) this.dispatchEvent(new CustomEvent("selection:do", { detail: { act, color } }));
  };
}

customElements.define("selection-bar", SelectionBar);
