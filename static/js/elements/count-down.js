/**
 * How long until a moment, in whole minutes; within a day only.
 *
 *   <count-down data-until="2026-11-23T01:30:00Z" data-hours="Bắt đầu sau %h giờ %m phút" data-minutes="Bắt đầu sau %m phút"
 *     data-now="Đã đến giờ họp"></count-down>
 */
import { countdownText } from "../models/countdown.js";
import { connection } from "../realtime/connection.js";

const STEP_MS = 10_000;

class CountDown extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(this.show, STEP_MS);
    this.show();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  show = () => {
    const text = countdownText(Date.parse(this.dataset.until) - connection.now(), this.dataset);
    if (this.textContent !== text) this.textContent = text;
  };
}

customElements.define("count-down", CountDown);
