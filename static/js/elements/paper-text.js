// A paper in words. Pages that were on the screen count as seen, as in the reader; a paper taken back goes from the screen.
//   <paper-text data-version="<uuid>"><section class="text-page" data-page="3">…</section></paper-text>
// A section without words has no data-page: whoever saw it has seen nothing of its page.

import { Receipts } from "../reader/receipts.js";

export class PaperText extends HTMLElement {
  #inSight = new Set();
  #receipts = new Receipts();

  connectedCallback() {
    this.observer = new IntersectionObserver((changes) => this.#seen(changes));
    for (const page of this.querySelectorAll("[data-page]")) this.observer.observe(page);
    this.#receipts.open(this.dataset.version, () => ({ page: null, inSight: [...this.#inSight] }));
    document.addEventListener("phien:panel", this.#look);
    this.#goToAsked();
  }

  disconnectedCallback() {
    this.observer.disconnect();
    this.#receipts.close();
    document.removeEventListener("phien:panel", this.#look);
  }

  #seen(changes) {
    for (const { target, isIntersecting } of changes) {
      if (isIntersecting) this.#inSight.add(Number(target.dataset.page));
      else this.#inSight.delete(Number(target.dataset.page));
    }
  }

  /** To the page that was asked for, unless the address names a place or the browser remembers one. */
  #goToAsked() {
    const asked = new URLSearchParams(location.search).get("page");
    const page = asked && !location.hash && this.querySelector(`#page-${CSS.escape(asked)}`);
    if (!page || scrollY || page === this.querySelector(".text-page")) return;
    page.scrollIntoView();
    page.focus({ preventScroll: true });
  }

  /** The papers of the session changed: of one that may no longer be read nothing stays. */
  #look = async ({ detail }) => {
    if (!detail.panel.startsWith("papers:")) return;
    const answer = await fetch(location.href, { method: "HEAD", credentials: "same-origin", cache: "no-store" }).catch(() => null);
    if (answer?.status === 404) location.reload();
  };
}

customElements.define("paper-text", PaperText);
