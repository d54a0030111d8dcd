/**
 * Changes the size of the letters at once; the form inside does the same without a script.
 *
 *   <text-size><form><button name="text_size" value="2" aria-pressed="false">A+</button>…</form></text-size>
 */
const A_YEAR_S = 365 * 24 * 3600;

class TextSize extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this.choose);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this.choose);
  }

  /** @param {SubmitEvent} event */
  choose = (event) => {
    const pressed = /** @type {HTMLButtonElement|null} */ (event.submitter);
    if (!pressed) return;
    event.preventDefault();
    document.documentElement.dataset.textSize = pressed.value;
    document.cookie = `text_size=${pressed.value}; path=/; max-age=${A_YEAR_S}; samesite=lax`;
    for (const button of document.querySelectorAll('text-size [name="text_size"]')) {
      button.setAttribute("aria-pressed", String(button.value === pressed.value));
    }
  };
}

customElements.define("text-size", TextSize);
