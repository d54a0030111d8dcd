/**
 * A list of names to press one of, shortened while a part of the name is typed; Enter presses the first. Focus comes when the
 * fold around it opens; after the press has been answered the fold closes.
 *
 *   <details><summary>…</summary><form hx-post="…"><name-filter><input type="search"><ul><li><button>Name</button></li></ul>
 *     <p data-none hidden>Nobody.</p></name-filter></form></details>
 */
import { isMeant } from "../models/names.js";

class NameFilter extends HTMLElement {
  connectedCallback() {
    this.fold = this.closest("details");
    this.input = this.querySelector("input[type=search]");
    this.addEventListener("input", this.shorten);
    this.addEventListener("keydown", this.press);
    this.fold?.addEventListener("toggle", this.opened);
    this.closest("form").addEventListener("htmx:afterRequest", this.answered);
    queueMicrotask(this.shorten); // a new panel gets back what was typed in the one before
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.shorten);
    this.removeEventListener("keydown", this.press);
    this.fold?.removeEventListener("toggle", this.opened);
  }

  get lines() {
    return [...this.querySelectorAll("li")];
  }

  shorten = () => {
    for (const line of this.lines) line.hidden = !isMeant(line.textContent, this.input.value);
    this.querySelector("[data-none]").hidden = this.lines.some((line) => !line.hidden);
  };

  /** @param {KeyboardEvent} event */
  press = (event) => {
    if (event.key === "Escape") return this.close();
    if (event.target !== this.input || (event.key !== "Enter" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const first = this.lines.find((line) => !line.hidden)?.querySelector("button");
    if (event.key === "Enter") first?.click();
    else first?.focus();
  };

  opened = () => {
    if (this.fold.open) this.input.focus();
  };

  answered = (event) => {
    if (event.detail.successful) this.close();
  };

  close() {
    this.input.value = "";
    this.shorten();
    this.fold.open = false;
    this.fold.querySelector("summary").focus();
  }
}

customElements.define("name-filter", NameFilter);
