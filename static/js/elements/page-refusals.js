/**
 * Shows what went wrong with an htmx act: the server's own sentence is swapped in, and where no sentence came
 * (no network, 403, 404, 500) one of the templates inside says so.
 *
 *   <page-refusals id="refusals" role="alert"><template data-for="offline">…</template>…</page-refusals>
 */
class PageRefusals extends HTMLElement {
  connectedCallback() {
    this.templates = new Map([...this.querySelectorAll("template")].map((one) => [one.dataset.for, one]));
    this.addEventListener("click", this.close);
    document.addEventListener("keydown", this.closeByKey);
    document.body.addEventListener("htmx:sendError", this.offline);
    document.body.addEventListener("htmx:responseError", this.refused);
    document.body.addEventListener("htmx:beforeRequest", this.clear);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.close);
    document.removeEventListener("keydown", this.closeByKey);
    document.body.removeEventListener("htmx:sendError", this.offline);
    document.body.removeEventListener("htmx:responseError", this.refused);
    document.body.removeEventListener("htmx:beforeRequest", this.clear);
  }

  /** @param {string} cause */
  say(cause) {
    const template = this.templates.get(cause);
    if (template) this.replaceChildren(template.content.cloneNode(true));
  }

  clear = () => this.replaceChildren();
  offline = () => this.say("offline");

  /** @param {CustomEvent} event */
  refused = (event) => {
    const status = event.detail.xhr.status;
    this.say(status === 403 ? "forbidden" : status === 404 ? "gone" : "failed");
  };

  /** @param {MouseEvent} event */
  close = (event) => {
    if (event.target.closest("[data-close]")) this.clear();
  };

  /** @param {KeyboardEvent} event */
  closeByKey = (event) => {
    if (event.key === "Escape") this.clear();
  };
}

customElements.define("page-refusals", PageRefusals);
