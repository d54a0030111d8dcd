/**
 * A clock of the meeting, by the server's time. `data-since` with `data-running` counts on from `data-base-seconds`.
 *
 *   <phien-clock data-show="remaining" data-since="2026-11-23T01:30:00Z" data-base-seconds="0" data-planned-seconds="1200"
 *     data-running data-word-left="còn" data-word-over="quá"></phien-clock>
 *
 * data-show: "remaining" | "elapsed" | "time" (time of day, in data-time-zone). Writes data-over when the plan is exceeded.
 */
import { elapsedSeconds, lengthInWords, lengthText, remainingFace } from "../models/clock_face.js";
import { connection } from "../realtime/connection.js";

/** @type {Set<PhienClock>} */
const clocks = new Set();
let timer = 0;

class PhienClock extends HTMLElement {
  static observedAttributes = ["data-since", "data-base-seconds", "data-planned-seconds", "data-running", "data-show"];

  connectedCallback() {
    // A timer is not announced each second; whoever asks for it hears it.
    if (!this.hasAttribute("role")) this.setAttribute("role", "timer");
    clocks.add(this);
    this.show();
    if (clocks.size === 1) waitForNextSecond();
  }

  disconnectedCallback() {
    clocks.delete(this);
    if (clocks.size === 0) clearTimeout(timer);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.show();
  }

  show() {
    const text = this.dataset.show === "time" ? this.timeOfDay() : this.dataset.show === "elapsed" ? this.length(this.elapsed) : this.remaining();
    if (this.textContent !== text) this.textContent = text;
  }

  get elapsed() {
    const { since, baseSeconds = "0", running } = this.dataset;
    const count = { baseSeconds: Number(baseSeconds), since: since ? Date.parse(since) : null, isRunning: running !== undefined };
    return elapsedSeconds(count, connection.now());
  }

  remaining() {
    const { text, isOver } = remainingFace(Number(this.dataset.plannedSeconds ?? 0), this.elapsed);
    this.toggleAttribute("data-over", isOver);
    const word = isOver ? this.dataset.wordOver : this.dataset.wordLeft;
    const length = this.dataset.minutes ? this.length(Number(this.dataset.plannedSeconds ?? 0) - this.elapsed) : text;
    return word ? `${word} ${length}` : length;
  }

  /** With data-minutes="%s phút" and data-seconds="%s giây" lengths are said in words. */
  length(seconds) {
    const { minutes, seconds: word } = this.dataset;
    return minutes && word ? lengthInWords(seconds, { minutes, seconds: word }) : lengthText(seconds);
  }

  timeOfDay() {
    const zone = this.dataset.timeZone || undefined;
    return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(connection.now());
  }
}

function waitForNextSecond() {
  timer = setTimeout(() => {
    clocks.forEach((clock) => clock.show());
    waitForNextSecond();
  }, 1000 - (connection.now() % 1000));
}

customElements.define("phien-clock", PhienClock);
