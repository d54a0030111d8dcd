/**
 * One ballot: dresses the poll's panel, which is the same for everyone, with who I am and what I have chosen. What is chosen
 * and not sent lives outside of the element, under the key of the poll, so that no push ever takes it away.
 *
 *   <poll-ballot data-poll="<uuid>" data-opened-at="2026-11-27T02:41:00+00:00" data-roll="12 14" data-waiting="15" data-open data-confirmed data-may-change>
 *     <div data-choices hidden><button data-choice="for" aria-pressed="false">…</button> …</div>
 *     <p data-said></p> <p data-refused hidden></p>
 *     <div data-confirming hidden><button data-send>…</button> <button data-unpick>…</button></div>
 *     <button data-reopen hidden>…</button> <button data-put-away>…</button>
 *     <template data-say="received">Received at [time]: [choice]</template> <template data-label="for">For</template>
 *   </poll-ballot>
 *
 * data-kind="election" data-seats="3": each button takes a candidate up or leaves it. data-kind="rating" data-subjects="p-1 p-2": the
 * buttons of each person stand in a <fieldset data-subject="p-1">. Both show how far one is in <p data-progress>.
 *
 * Own ballots come in the person's panel "votes:<meeting>", as JSON by poll.
 */
import { acknowledge, acknowledgeSent, marksOf, noBallot, pick, press, progress, refuse, reopen, send, standing, unpick } from "../models/ballot_state.js";
import { connection } from "../realtime/connection.js";

/** @type {Map<string, import("../models/ballot_state.js").Ballot>} */
const ballots = new Map();
/** The opening on whose paper a choice was made. @type {Map<string, string>} */
const openings = new Map();
/** Results this person has put away, until the page is loaded again. @type {Set<string>} */
const putAway = new Set();
/** @type {Set<PollBallot>} */
const shown = new Set();

class PollBallot extends HTMLElement {
  connectedCallback() {
    shown.add(this);
    this.addEventListener("click", this.act);
    hearOwnVotes();
    this.beginPaper();
    this.show();
  }

  disconnectedCallback() {
    shown.delete(this);
    this.removeEventListener("click", this.act);
  }

  /** A vote taken back and opened anew has another paper: what was picked on the old one is not kept. */
  beginPaper() {
    const { openedAt } = this.dataset;
    const before = openings.get(this.key);
    if (openedAt === undefined || openedAt === before) return;
    if (before !== undefined) keep(this.key, unpick(this.ballot));
    openings.set(this.key, openedAt);
    recallPicked(this.key);
  }

  get key() {
    return this.dataset.poll;
  }

  get ballot() {
    return ballots.get(this.key) ?? noBallot();
  }

  get poll() {
    const { roll = "", waiting = "", open, confirmed, mayChange, kind = "question", seats = "1", subjects = "", options = "" } = this.dataset;
    return {
      person: document.body.dataset.person ?? "",
      roll: roll.split(" "),
      waiting: waiting.split(" "),
      isOpen: open !== undefined,
      isConfirmed: confirmed !== undefined,
      mayChange: mayChange !== undefined,
      kind,
      options: options.split(" "),
      subjects: subjects.split(" "),
      seats: Number(seats),
    };
  }

  /** @param {MouseEvent} event */
  act = (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (!button) return;
    if (button.dataset.choice !== undefined) this.press(button.dataset.choice, button.closest("[data-subject]")?.dataset.subject);
    else if (button.dataset.send !== undefined) this.send(this.ballot.picked);
    else if (button.dataset.unpick !== undefined) keep(this.key, unpick(this.ballot));
    else if (button.dataset.reopen !== undefined) keep(this.key, reopen(this.ballot));
    else if (button.dataset.putAway !== undefined) this.putAway();
  };

  press(choice, subject) {
    const { ballot, toSend } = press(this.ballot, choice, this.poll, subject);
    if (toSend !== null) return this.send(toSend);
    keep(this.key, ballot);
  }

  send(choice) {
    if (choice === null) return;
    const paper = { opened_at: openings.get(this.key), ballot_of: this.ballot.received?.received_at ?? "" };
    keep(this.key, send(this.ballot, choice));
    // What becomes of it is heard below, like that of an earlier load of this page.
    connection.perform("cast_ballot", { poll: this.key, choice, ...paper }, { quiet: true }).catch(() => {});
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
      button.setAttribute("aria-pressed", String(this.isPressed(button, now.choice)));
    }
    this.showProgress(now);
    this.showVoter(now);
    this.say("said", this.sentence(now));
    this.say("refused", now.refusal);
  }

  isPressed(button, choice) {
    const subject = button.closest("[data-subject]")?.dataset.subject;
    return marksOf(choice).includes(subject ? `${subject}=${button.dataset.choice}` : button.dataset.choice);
  }

  /** How many are chosen or rated; in an election that is full, the others wait until one is left. */
  showProgress(now) {
    const place = this.querySelector("[data-progress]");
    if (!place) return;
    const { done, all } = progress(now.choice, this.poll);
    place.hidden = !now.mayChoose;
    place.textContent = (place.dataset.words ?? "").replace("[done]", String(done)).replace("[all]", String(all));
    if (this.poll.kind !== "election" || all === 1) return;
    for (const button of this.querySelectorAll("[data-choice]")) {
      button.setAttribute("aria-disabled", String(done >= all && button.getAttribute("aria-pressed") === "false"));
    }
  }

  /** Whose ballot this is, for tablets that go from hand to hand. */
  showVoter(now) {
    const name = document.querySelector("[data-voter-of]")?.textContent ?? "";
    this.part("voter", now.mayChoose && name !== "");
    const place = this.querySelector("[data-voter-name]");
    if (place && place.textContent !== name) place.textContent = name;
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
    if (this.poll.kind === "rating") return (this.dataset.rated ?? "").replace("[all]", String(marksOf(choice).length));
    return marksOf(choice).map((key) => this.querySelector(`template[data-label="${CSS.escape(key)}"]`)?.content.textContent ?? "").join(", ");
  }
}

function keep(key, ballot) {
  ballots.set(key, ballot);
  keepPicked(key, ballot.picked);
  for (const element of shown) if (element.key === key) element.show();
}

const ballotOf = (key) => ballots.get(key) ?? noBallot();

/** What is picked and not sent survives a reload of this tab; it never leaves the tablet. */
function placeOfPicked(key) {
  return `phien:picked:${document.body.dataset.person ?? ""}:${key}:${openings.get(key) ?? ""}`;
}

function keepPicked(key, picked) {
  try {
    if (picked === null) sessionStorage.removeItem(placeOfPicked(key));
    else sessionStorage.setItem(placeOfPicked(key), picked);
  } catch {
    // Storage is full or forbidden: the choice is kept as long as the page.
  }
}

function recallPicked(key) {
  let picked = null;
  try {
    picked = sessionStorage.getItem(placeOfPicked(key));
  } catch {
    return;
  }
  if (picked !== null) ballots.set(key, pick(ballotOf(key), picked));
}

/** The acknowledged and the refused, of this page load or an earlier one. */
function hearOutcome({ op, type, payload, answer, refusal }) {
  if (type !== "cast_ballot") return;
  const key = payload.poll;
  keep(key, refusal ? refuse(ballotOf(key), refusal) : acknowledgeSent(ballotOf(key), answer));
  if (refusal) sayRefusal(op, key, refusal);
}

/** Where the ballot is, or, when its panel has gone, above the page. */
function sayRefusal(op, key, refusal) {
  const isSaid = [...shown].some((element) => element.key === key && !element.hidden && element.querySelector("[data-refused]"));
  if (isSaid) connection.dismiss(op);
  else document.dispatchEvent(new CustomEvent("phien:refused", { detail: { op, refusal } }));
}

/** What was refused while another page of this tablet was open. */
async function recallRefused() {
  for (const outcome of await connection.refused()) hearOutcome(outcome);
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
  recallRefused();
}
