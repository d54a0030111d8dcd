/**
 * The conclusion of the current item, typed at the desk. It stands beside the streamed panels, so that no push touches it; the
 * panel "conclusion" says which item is on and how new the saved text is. Saves a moment after the last key, and when left.
 *
 *   <span hidden data-conclusion data-item="12" data-url="…" data-revision="3"></span>    (in the panel)
 *   <conclusion-editor data-sending="…" data-unsaved="…" data-offline="…">
 *     <form hx-post="…" data-item="12"><textarea name="text"></textarea><input name="revision"><div data-said></div></form>
 *   </conclusion-editor>
 */
import { whatNext } from "../models/conclusion_draft.js";

const SAVED_AFTER_MS = 1200;
const TRIED_AGAIN_AFTER_MS = 4000;
const REVISION_HEADER = "Phien-Revision";

class ConclusionEditor extends HTMLElement {
  #saved = "";
  #sent = "";
  #isBusy = false;
  #isRefused = false;
  #timer = 0;

  connectedCallback() {
    this.addEventListener("input", this.#typed);
    this.addEventListener("focusout", this.#save);
    this.addEventListener("click", this.#choose);
    this.addEventListener("htmx:beforeRequest", this.#begun);
    this.addEventListener("htmx:afterRequest", this.#answered);
    document.addEventListener("phien:panel", this.#heard);
    document.addEventListener("visibilitychange", this.#save);
    this.#follow();
  }

  disconnectedCallback() {
    document.removeEventListener("phien:panel", this.#heard);
    document.removeEventListener("visibilitychange", this.#save);
    clearTimeout(this.#timer);
  }

  get form() {
    return this.querySelector("form");
  }

  get isDirty() {
    return this.form !== null && this.form.elements.text.value.trim() !== this.#saved.trim();
  }

  get draft() {
    const { form } = this;
    return {
      item: form?.dataset.item ?? "",
      revision: form ? Number(form.querySelector("input[name=revision]").value) : 0,
      isDirty: this.isDirty,
      isBusy: this.#isBusy,
      isRefused: this.#isRefused,
    };
  }

  /** What the server says now. */
  get kept() {
    const { item = "", url = "", revision = "0" } = document.querySelector("[data-conclusion]")?.dataset ?? {};
    return { item, url, revision: Number(revision) };
  }

  #heard = (event) => {
    if (event.detail.panel === "conclusion") this.#follow();
  };

  #follow() {
    const next = whatNext(this.draft, this.kept);
    if (next === "send") this.#save();
    else if (next === "fetch") this.#fetch(this.kept.url);
    else if (next === "clear") this.replaceChildren();
  }

  /** @param {string} url @param {{isDropped?: boolean}} how isDropped: what was typed is given up for what is saved */
  async #fetch(url, { isDropped = false } = {}) {
    if (this.#isBusy) return;
    this.#isBusy = true;
    const isWrittenIn = this.contains(document.activeElement);
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" } });
      if (answer.ok && (isDropped || !this.isDirty)) this.#show(await answer.text(), isWrittenIn);
    } catch {
      this.#timer = setTimeout(() => this.#follow(), TRIED_AGAIN_AFTER_MS);
    } finally {
      this.#isBusy = false;
    }
    if (this.draft.item !== "") this.#follow();
  }

  #show(html, isWrittenIn) {
    this.innerHTML = html;
    window.htmx?.process(this);
    this.#saved = this.form.elements.text.value;
    this.#isRefused = false;
    if (isWrittenIn) this.form.elements.text.focus();
  }

  #typed = () => {
    this.#isRefused = false;
    if (!this.querySelector("[data-keep-mine]")) this.#say(this.isDirty ? this.dataset.unsaved : "");
    this.#later(SAVED_AFTER_MS);
  };

  #later(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#save, ms);
  }

  #save = () => {
    clearTimeout(this.#timer);
    if (!this.isDirty || this.#isBusy || this.#isRefused || this.querySelector("[data-keep-mine]")) return;
    this.form.requestSubmit();
  };

  #begun = () => {
    this.#isBusy = true;
    this.#sent = this.form.elements.text.value;
    this.#say(this.dataset.sending);
  };

  /** @param {CustomEvent} event of htmx */
  #answered = ({ detail: { xhr, successful } }) => {
    this.#isBusy = false;
    if (successful && xhr.status === 200) {
      this.#saved = this.#sent;
      this.form.querySelector("input[name=revision]").value = xhr.getResponseHeader(REVISION_HEADER);
      if (this.isDirty) this.#later(SAVED_AFTER_MS);
      this.#follow();
    } else if (xhr.status === 0 || xhr.status >= 500) {
      this.#say(this.dataset.offline);
      this.#later(TRIED_AGAIN_AFTER_MS);
    } else this.#isRefused = true; // the answer says why, beside the text
  };

  /** After two have written: one's own text over the other's, or the other's. */
  #choose = (event) => {
    if (event.target.closest("[data-keep-mine]")) this.#isRefused = false;
    if (!event.target.closest("[data-take-theirs]")) return;
    event.preventDefault();
    this.#fetch(this.form.action, { isDropped: true });
  };

  #say(words) {
    const place = this.querySelector("[data-said]");
    if (place && place.textContent !== words) place.textContent = words;
  }
}

customElements.define("conclusion-editor", ConclusionEditor);
