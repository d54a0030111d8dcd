/**
 * Says in words how the page is connected and how much has not been sent. Writes `data-connection` on itself for its looks.
 *
 *   <connection-status role="status" data-live="Đã kết nối" data-reconnecting="Đang kết nối lại" data-offline="Mất kết nối"
 *     data-unsent="%s chưa gửi" data-unsaved="chưa lưu được trên máy này">Đang kết nối lại</connection-status>
 */
import { connection } from "../realtime/connection.js";

// What is answered at once is not worth a word, and words that flicker are not read.
const UNSENT_SHOWN_AFTER_MS = 1000;

class ConnectionStatus extends HTMLElement {
  connectedCallback() {
    connection.addEventListener("status", this.show);
    this.show();
  }

  disconnectedCallback() {
    connection.removeEventListener("status", this.show);
    clearTimeout(this.later);
  }

  show = () => {
    this.dataset.connection = connection.status;
    clearTimeout(this.later);
    if (connection.pending === 0) this.write(0);
    else if (this.unsentShown || connection.status !== "live") this.write(connection.pending);
    else {
      this.write(0);
      this.later = setTimeout(() => this.write(connection.pending), UNSENT_SHOWN_AFTER_MS);
    }
  };

  /** @param {number} unsent */
  write(unsent) {
    this.unsentShown = unsent > 0;
    const words = [this.dataset[connection.status] ?? ""];
    if (unsent > 0) words.push((this.dataset.unsent ?? "%s").replace("%s", String(unsent)));
    if (!connection.isSaved) words.push(this.dataset.unsaved ?? "");
    this.toggleAttribute("data-not-saved", !connection.isSaved);
    const text = words.filter(Boolean).join(" · ");
    if (this.textContent !== text) this.textContent = text;
  }
}

customElements.define("connection-status", ConnectionStatus);
