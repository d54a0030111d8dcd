/**
 * Shows what this person did on the tablet and the server refused, also when that comes to light after a reload. Each
 * stays until it is closed. Operations performed with `quiet` are shown by whoever performed them, or handed over by them
 * with the event "phien:refused".
 *
 *   <phien-refusals aria-live="assertive">
 *     <template><div class="message error"><p class="grow"></p><button class="button quiet" type="button">Đóng</button></div></template>
 *     <template data-code="too_large">Nội dung quá lớn nên không gửi được.</template>
 *   </phien-refusals>
 */
import { connection } from "../realtime/connection.js";

class PhienRefusals extends HTMLElement {
  async connectedCallback() {
    this.stop = connection.performed((outcome) => this.show(outcome));
    document.addEventListener("phien:refused", this.hear);
    for (const outcome of await connection.refused()) this.show(outcome);
  }

  disconnectedCallback() {
    this.stop();
    document.removeEventListener("phien:refused", this.hear);
  }

  /** @param {CustomEvent} event */
  hear = (event) => this.show(event.detail);

  /** @param {import("../realtime/outbox.js").Outcome} outcome */
  show({ op, quiet, refusal }) {
    if (!refusal || quiet || this.querySelector(`[data-op="${op}"]`)) return;
    const message = this.querySelector("template:not([data-code])").content.firstElementChild.cloneNode(true);
    message.dataset.op = op;
    message.querySelector("p").textContent = refusal.text || this.wordsFor(refusal.code);
    message.querySelector("button").addEventListener("click", () => this.dismiss(message));
    this.append(message);
  }

  wordsFor(code) {
    return this.querySelector(`template[data-code="${CSS.escape(code)}"]`)?.content.textContent ?? code;
  }

  /** What has gone from the page is forgotten on the tablet too. */
  dismiss(message) {
    connection.dismiss(message.dataset.op).finally(() => message.remove());
  }
}

customElements.define("phien-refusals", PhienRefusals);
