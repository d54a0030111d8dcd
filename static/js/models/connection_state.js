// The line to the server as a pure machine: step(state, event) gives the next state and what is to be done.
// `realtime/line.js` does it. Nothing here knows sockets or timers.

export const TICK_MS = 1000;
export const PING_EVERY_MS = 5000;
export const DEAD_AFTER_MS = 12000;
export const GREETING_PATIENCE_MS = 8000;
export const SYNC_EVERY_MS = 2000;
// Most likely the server is away; a room that asks in two ways at once must not be what keeps it from coming back.
export const SYNC_AFTER_FAILURE_MS = 6000;

// A page in the background has its timers slowed to one a minute. Silence alone would then call every healthy line dead, so
// a question must have stood unanswered too.
const ANSWER_PATIENCE_MS = 6000;
// After these there is nothing to come back to for this page. "other_person" is our own word: see realtime/line.js.
const FAREWELLS = new Set(["logged_out", "removed", "other_person"]);
const UNOPENED_BEFORE_SYNC = 3;
// The trip of the welcome is slow and tells the time badly; the first pong soon after tells it better.
const FIRST_PING_AFTER_MS = 1000;

/**
 * @typedef {"asleep"|"waiting"|"ticket"|"opening"|"live"|"ended"} Phase
 * @typedef {{phase: Phase, attempt: number, unopened: number, online: boolean, syncing: boolean, syncWorks: boolean,
 *   heardAt: number, pingedAt: number, unansweredSince: number|null}} State
 * @typedef {{type: string, at?: number, code?: string, opened?: boolean, online?: boolean}} Event
 * @typedef {{do: string, attempt?: number, ms?: number, code?: string}} Effect
 */

/** @returns {State} */
export function firstState() {
  return {
    phase: "asleep",
    attempt: 0,
    unopened: 0,
    online: true,
    syncing: false,
    syncWorks: false,
    heardAt: 0,
    pingedAt: 0,
    unansweredSince: null,
  };
}

/** @param {State} state @returns {"live"|"reconnecting"|"offline"} */
export function statusOf(state) {
  if (state.phase === "live" || (state.syncing && state.syncWorks)) return "live";
  return state.online ? "reconnecting" : "offline";
}

/**
 * @param {State} state
 * @param {Event} event
 * @returns {{state: State, effects: Effect[]}}
 */
export function step(state, event) {
  if (state.phase === "ended") return stay(state);
  const take = EVENTS[event.type];
  return take ? take(state, event) : stay(state);
}

const EVENTS = {
  start: (state) => (state.phase === "asleep" ? attempt(state) : stay(state)),
  rest: (state) => to({ ...firstState(), online: state.online }, [{ do: "close_socket" }, { do: "cancel_retry" }, { do: "stop_sync" }]),
  retry_due: (state) => (state.phase === "waiting" ? attempt(state) : stay(state)),
  ticket: (state) =>
    state.phase === "ticket" ? to({ ...state, phase: "opening" }, [{ do: "open_socket" }]) : stay(state),
  ticket_failed: (state) => (state.phase === "ticket" ? wait(state) : stay(state)),
  ticket_refused: (state) => (state.phase === "ticket" ? wait(state, [{ do: "leave", code: "logged_out" }]) : stay(state)),
  greeting_late: (state) =>
    state.phase === "opening" ? socketLost(state, { opened: false }, [{ do: "close_socket" }]) : stay(state),
  socket_closed: (state, event) => (isOnSocket(state) ? socketLost(state, event) : stay(state)),
  welcome: (state, event) => (state.phase === "opening" ? welcomed(state, event) : stay(state)),
  heard: (state, event) => to({ ...state, heardAt: event.at, unansweredSince: null }),
  tick: (state, event) => (state.phase === "live" ? tick(state, event) : stay(state)),
  bye: byeSaid,
  offline: wentOffline,
  woken: woken,
  sync_done: (state) => (state.syncing ? synced({ ...state, syncWorks: true, online: true }, SYNC_EVERY_MS) : stay(state)),
  sync_failed: (state) => (state.syncing ? synced({ ...state, syncWorks: false }, SYNC_AFTER_FAILURE_MS) : stay(state)),
};

function to(state, effects = []) {
  return { state, effects };
}

function stay(state) {
  return { state, effects: [] };
}

function isOnSocket(state) {
  return state.phase === "opening" || state.phase === "live";
}

function attempt(state, before = []) {
  return to({ ...state, phase: "ticket" }, [...before, { do: "ask_ticket" }]);
}

function wait(state, before = []) {
  const next = { ...state, phase: "waiting", attempt: state.attempt + 1 };
  return to(next, [...before, { do: "retry_in", attempt: state.attempt }]);
}

function synced(state, ms) {
  return to(state, [{ do: "sync_in", ms }]);
}

function socketLost(state, event, before = []) {
  if (state.phase === "live") return wait({ ...state, attempt: 0 }, before);
  // Opened but not welcomed: perhaps the ticket was not liked. Never opened: a proxy that eats sockets, the ticket is good.
  const effects = event.opened ? [...before, { do: "forget_ticket" }] : before;
  const unopened = state.unopened + 1;
  if (state.syncing || unopened < UNOPENED_BEFORE_SYNC) return wait({ ...state, unopened }, effects);
  return wait({ ...state, unopened, syncing: true }, [...effects, { do: "sync_in", ms: 0 }]);
}

function welcomed(state, event) {
  const next = { ...state, phase: "live", attempt: 0, unopened: 0, online: true, syncing: false, syncWorks: false };
  return to({ ...next, heardAt: event.at, pingedAt: event.at - PING_EVERY_MS + FIRST_PING_AFTER_MS, unansweredSince: null }, [{ do: "stop_sync" }]);
}

function tick(state, { at }) {
  if (isDead(state, at)) return wait({ ...state, attempt: 0 }, [{ do: "close_socket" }]);
  if (at - state.pingedAt < PING_EVERY_MS) return stay(state);
  return to({ ...state, pingedAt: at, unansweredSince: state.unansweredSince ?? at }, [{ do: "ping" }]);
}

function isDead(state, at) {
  if (at - state.heardAt < DEAD_AFTER_MS || state.unansweredSince === null) return false;
  return at - state.unansweredSince >= ANSWER_PATIENCE_MS;
}

function byeSaid(state, { code }) {
  const close = { do: "close_socket" };
  const leave = { do: "leave", code };
  if (FAREWELLS.has(code)) {
    return to({ ...state, phase: "ended", syncing: false, syncWorks: false }, [close, { do: "stop_sync" }, { do: "forget_ticket" }, leave]);
  }
  // Upgrade, restart, slow, and any word a later server may say: come back. What else to do, the page decides.
  const next = state.phase === "live" ? { ...state, attempt: 1 } : state;
  return wait(next, code === "ticket" ? [close, { do: "forget_ticket" }, leave] : [close, leave]);
}

/** An open socket stays open and swallows what is sent when the network goes (measured), so we close it ourselves. */
function wentOffline(state) {
  if (state.phase === "asleep") return to({ ...state, online: false });
  const next = { ...state, online: false, phase: "waiting", attempt: Math.max(state.attempt, 4), syncWorks: false };
  // "offline" can be wrong on closed networks: go on trying, slowly.
  return to(next, [{ do: "close_socket" }, { do: "retry_in", attempt: next.attempt }]);
}

function woken(state, { at, online = true }) {
  const next = { ...state, online };
  if (state.phase === "waiting") return attempt({ ...next, attempt: 0 }, [{ do: "cancel_retry" }]);
  // After a sleep the socket may be a corpse; asking it would cost seconds, a new line costs one round trip.
  if (state.phase === "live" && at - state.heardAt >= DEAD_AFTER_MS) {
    return attempt({ ...next, attempt: 0 }, [{ do: "close_socket" }]);
  }
  return to(next);
}
