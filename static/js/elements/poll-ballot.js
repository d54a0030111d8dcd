/**
 * One ballot: dresses the poll's panel, which is the same for everyone, with who I am and what I have chosen. What is chosen
 * and not sent lives outside of the element, under the key of the poll, so that no push ever takes it away.
 *
 *   <poll-ballot data-poll="<uuid>" data-roll="12 14" data-waiting="15" data-open data-confirmed data-may-change>
 *     <div data-choices hidden><button data-choice="for" aria-pressed="false">…</button> …</div>
 *     <p data-said></p> <p data-refused hidden></p>
 *     <div data-confirming hidden><button data-send>…</button> <button data-unpick>…</button></div>
 *     <button data-reopen hidden>…</button> <button data-put-away>…</button>
 *     <template data-say="received">Received at [time]: [choice]</template> <template data-label="for">For</template>
 *   </poll-ballot>
 *
 * Own ballots come in the person's panel "votes:<meeting>", as JSON by poll.
 */
import { acknowledge, acknowledgeSent, noBallot, press, refuse, reopen, send, standing, unpick } from "../models/ballot_state.js";
import { connection } from "../realtime/connection.js";

/** @type {Map<string, import("../models/ballot_state.js").Ballot>} */
const ballots = new Map();
/** Results this person has put away, until the page is loaded again. @type {Set<string>} */
const putAway = new Set();
/** @type {Set<PollBallot>} */
const shown = new Set();

class PollBallot extends HTMLElement {
  connectedCallback() {
    shown.add(this);
    this.addEventListener("click", this.act);
    hearOwnVotes();
    this.show();
  }

  disconnectedCallback() {
    shown.delete(this);
    this.removeEventListener("click", this.act);
  }

  get key() {
    return this.dataset.poll;
  }

  get ballot() {
    return ballots.get(this.key) ?? noBallot();
  }

  get poll() {
    const { roll = "", waiting = "", open, confirmed, mayChange } = this.dataset;
    return {
      person: document.body.dataset.person ?? "",
      roll: roll.split(" "),
      waiting: waiting.split(" "),
      isOpen: open !== undefined,
      isConfirmed: confirmed !== undefined,
      mayChange: mayChange !== undefined,
    };
  }

  /** @param {MouseEvent} event */
  act = (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (!button) return;
    if (button.dataset.choice !== undefined) this.press(button.dataset.choice);
    else if (button.dataset.send !== undefined) this.send(this.ballot.picked);
    else if (button.dataset.unpick !== undefined) keep(this.key, unpick(this.ballot));
    else if (button.dataset.reopen !== undefined) keep(this.key, reopen(this.ballot));
    else if (button.dataset.putAway !== undefined) this.putAway();
  };

  press(choice) {
    const { ballot, toSend } = press(this.ballot, choice, this.poll);
    if (toSend !== null) return this.send(toSend);
    keep(this.key, ballot);
  }

  send(choice) {
    if (choice === null) return;
    keep(this.key, send(this.ballot, choice));
    // What becomes of it is heard below, like that of an earlier load of this page.
    connection.perform("cast_ballot", { poll: this.key, choice }, { quiet: true }).catch(() => {});
  }

  putAway() {
    putAway.add(this.key);
    this.show();
  }

  show() {
    this.hidden = this.dataset.mayBePutAway !== undefined && putAway.has(this.key);
    const now = standing(this.ballot, this.poll);
    this.dataset.standing = now.kind;
    this.part("choices", now.mayChoose);
    this.part("confirming", now.kind === "chosen");
    this.part("reopen", now.mayReopen);
    for (const button of this.querySelectorAll("[data-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.choice === now.choice));
    }
    this.say("said", this.sentence(now));
    this.say("refused", now.refusal);
  }

  part(name, isShown) {
    const part = this.querySelector(`[data-${name}]`);
    if (part) part.hidden = !isShown;
  }

  say(name, text) {
    const place = this.querySelector(`[data-${name}]`);
    if (!place) return;
    if (place.textContent !== text) place.textContent = text;
    place.hidden = text === "";
  }

  sentence({ kind, choice, time, how }) {
    const offline = kind === "sent" && connection.status !== "live" && connection.way === null;
    const name = offline ? "unsent" : kind === "received" && how === "aloud" ? "received-aloud" : kind;
    const words = this.querySelector(`template[data-say="${name}"]`)?.content.textContent ?? "";
    return words.replace("[choice]", this.label(choice)).replace("[time]", time);
  }

  label(choice) {
    if (choice === null) return "";
    return this.querySelector(`template[data-label="${CSS.escape(choice)}"]`)?.content.textContent ?? "";
  }
}

function keep(key, ballot) {
  ballots.set(key, ballot);
  for (const element of shown) if (element.key === key) element.show();
}

const ballotOf = (key) => ballots.get(key) ?? noBallot();

/** The acknowledged and the refused, of this page load or an earlier one. */
function hearOutcome({ type, payload, answer, refusal }) {
  if (type !== "cast_ballot") return;
  const key = payload.poll;
  keep(key, refusal ? refuse(ballotOf(key), refusal) : acknowledgeSent(ballotOf(key), answer));
}

/** What is on record for this person, as the page brought it or the person's own stream. */
function hearOwnVotes() {
  for (const place of document.querySelectorAll('[data-panel^="votes:"] script[type="application/json"]')) {
    for (const [key, received] of Object.entries(JSON.parse(place.textContent))) keep(key, acknowledge(ballotOf(key), received));
  }
}

/** A reload in the middle of sending: what is still in the outbox is "sent", not "asked". */
async function recallWaiting() {
  for (const { type, payload } of await connection.waiting()) {
    if (type === "cast_ballot") keep(payload.poll, send(ballotOf(payload.poll), payload.choice));
  }
}

if (!customElements.get("poll-ballot")) {
  connection.performed(hearOutcome);
  connection.addEventListener("status", () => shown.forEach((element) => element.show()));
  document.addEventListener("phien:panel", (event) => event.detail.panel.startsWith("votes:") && hearOwnVotes());
  recallWaiting();
  customElements.define("poll-ballot", PollBallot);
}
