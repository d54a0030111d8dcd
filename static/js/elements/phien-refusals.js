/**
 * Shows what this person did on the tablet and the server refused, also when that comes to light after a reload. Each
 * stays until it is closed. Operations performed with `quiet` are shown by whoever performed them.
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
    for (const outcome of await connection.refused()) this.show(outcome);
  }

  disconnectedCallback() {
    this.stop();
  }

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

  dismiss(message) {
    message.remove();
    connection.dismiss(message.dataset.op);
  }
}

customElements.define("phien-refusals", PhienRefusals);
