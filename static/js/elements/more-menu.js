// A button with a few rarer things above it. Escape, a choice or a touch beside it close it.
//   <more-menu><button type="button" aria-expanded="false" aria-controls="reader-more">Thêm</button>
//     <div id="reader-more" hidden>…</div></more-menu>

export class MoreMenu extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#clicked);
    this.addEventListener("keydown", this.#keyed);
    document.addEventListener("pointerdown", this.#touchedElsewhere);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
    this.removeEventListener("keydown", this.#keyed);
    document.removeEventListener("pointerdown", this.#touchedElsewhere);
  }

  get #button() {
    return this.querySelector("[aria-expanded]");
  }

  get #choices() {
    return document.getElementById(this.#button.getAttribute("aria-controls"));
  }

  get isOpen() {
    return this.#button.getAttribute("aria-expanded") === "true";
  }

  #show(isOpen) {
    this.#choices.hidden = !isOpen;
    this.#button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.#choices.querySelector("button:not(:disabled)")?.focus({ preventScroll: true });
  }

  #clicked = (event) => {
    const button = event.target.closest("button");
    if (button === this.#button) return this.#show(!this.isOpen);
    if (button && !("stay" in button.dataset)) this.#show(false);
  };

  #touchedElsewhere = (event) => {
    if (this.isOpen && !this.contains(event.target)) this.#show(false);
  };

  #keyed = (event) => {
    if (!this.isOpen) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      this.#show(false);
      this.#button.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...this.#choices.querySelectorAll("button:not(:disabled)")].filter((button) => button.checkVisibility());
    buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length]?.focus();
  };
}

customElements.define("more-menu", MoreMenu);
