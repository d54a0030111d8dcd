/**
 * The desk by keyboard: letters press the button that names them (data-key), arrows walk through the agenda, Enter takes
 * the item up that has the focus. Nothing happens while somebody writes; Escape leaves what is being written.
 *
 *   <desk-keys></desk-keys>   …   <button data-key="n">Chuyển sang nội dung 4 <kbd>N</kbd></button>
 */
const WRITTEN_IN = "input, textarea, select, [contenteditable]";

class DeskKeys extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this.press);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.press);
  }

  /** @param {KeyboardEvent} event */
  press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest(WRITTEN_IN)) return this.leave(event);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.walk(event, event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter") this.takeUp(event);
    else this.pressNamed(event);
  };

  leave(event) {
    if (event.key === "Escape") event.target.blur();
  }

  pressNamed(event) {
    if (event.key.length !== 1) return;
    const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]:not([hidden])`);
    if (!button) return;
    event.preventDefault();
    if (button.closest("[data-busy]")) return; // what was pressed a moment ago has not been answered yet
    if (button.matches(WRITTEN_IN)) button.focus();
    else button.click();
  }

  walk(event, step) {
    const lines = [...document.querySelectorAll(".room-agenda [data-item]")];
    if (lines.length === 0) return;
    const here = lines.findIndex((line) => line.contains(document.activeElement));
    const start = here >= 0 ? here + step : lines.findIndex((line) => line.getAttribute("aria-current") === "true") + (step > 0 ? 1 : -1);
    event.preventDefault();
    lines[Math.max(0, Math.min(lines.length - 1, start))].focus();
  }

  takeUp(event) {
    if (!event.target.matches(".room-agenda [data-item]")) return;
    event.preventDefault();
    event.target.querySelector(".take-up")?.click();
  }
}

customElements.define("desk-keys", DeskKeys);
