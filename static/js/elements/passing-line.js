/**
 * A line that holds only for a while, by the server's clock: it goes by itself when its time is over.
 *
 *   <passing-line data-until="2026-11-23T02:44:00Z">Đã chuyển sang nội dung 3. <button>Hoàn tác</button></passing-line>
 */
import { connection } from "../realtime/connection.js";

class PassingLine extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    this.#timer = setTimeout(() => this.remove(), Math.max(0, Date.parse(this.dataset.until) - connection.now()));
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }
}

customElements.define("passing-line", PassingLine);
