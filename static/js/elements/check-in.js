/**
 * "I am here": asked of whoever is expected and not checked in. Everybody gets the same panel; the person's own panel
 * `presence:<meeting>` says whether it concerns this one.
 *
 *   <check-in data-meeting="<uuid>" data-sending="…" data-waiting="…" hidden>
 *     <button type="button">Tôi có mặt</button><p role="status"></p>
 *   </check-in>
 */
import { presenceIn } from "../models/presence.js";
import { connection } from "../realtime/connection.js";

class CheckIn extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.checkIn);
    document.addEventListener("phien:panel", this.dress);
    this.dress();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.checkIn);
    document.removeEventListener("phien:panel", this.dress);
  }

  dress = () => {
    const { isAsked } = presenceIn(ownPresence(this.dataset.meeting));
    this.hidden = !isAsked;
  };

  /** @param {MouseEvent} event */
  checkIn = async (event) => {
    const button = event.target.closest("button");
    if (!button || button.disabled) return;
    button.disabled = true;
    this.say(connection.status === "live" ? this.dataset.sending : this.dataset.waiting);
    try {
      await connection.perform("check_in", { meeting: this.dataset.meeting });
      this.hidden = true;
    } catch (refusal) {
      this.say(refusal.text ?? "");
      button.disabled = false;
    }
  };

  say(text) {
    this.querySelector("[role=status]").textContent = text;
  }
}

/** @param {string} meeting @returns {string} the JSON in the person's own panel, or nothing */
export function ownPresence(meeting) {
  return document.querySelector(`[data-panel="presence:${CSS.escape(meeting)}"] script`)?.textContent ?? "";
}

customElements.define("check-in", CheckIn);
