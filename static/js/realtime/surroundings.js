// Everything the connection needs of a browser, gathered so that tests can give it another one.

import { csrfToken } from "../csrf.js";
import { DeviceStore } from "./device_store.js";
import { IndexedStore } from "./indexed_store.js";

export function browserSurroundings() {
  const monotonic = () => performance.now();
  return {
    monotonic,
    timeOrigin: performance.timeOrigin,
    wallClock: () => Date.now(),
    random: Math.random,
    newId,
    setTimeout: (work, ms) => window.setTimeout(work, ms),
    clearTimeout: (timer) => window.clearTimeout(timer),
    isOnline: () => navigator.onLine,
    openSocket: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}/socket/`),
    post,
    openStore: (name) => new DeviceStore(window.indexedDB ? new IndexedStore(name, window.indexedDB) : null, monotonic),
    locks: navigator.locks ?? null,
    openChannel: (name) => (window.BroadcastChannel ? new BroadcastChannel(name) : null),
    onWaking,
    isVisible: () => document.visibilityState === "visible",
    onVisibility: (listener) => document.addEventListener("visibilitychange", () => listener(document.visibilityState === "visible")),
    onGone: (listener) => window.addEventListener("pagehide", listener),
    onOffline: (listener) => window.addEventListener("offline", listener),
  };
}

/** `crypto.randomUUID` exists only under HTTPS; on an unsealed network a ballot must still find a number. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<{ok: boolean, isLoggedOut: boolean, answer: any}>}
 */
async function post(path, body = {}) {
  const response = await fetch(path, {
    method: "POST",
    credentials: "same-origin",
    cache: "no-store",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout?.(10000),
  });
  const isLoggedOut = response.redirected || response.status === 401;
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json") ?? false;
  return { ok: response.ok && isJson, isLoggedOut, answer: isJson ? await response.json() : null };
}

function onWaking(listener) {
  window.addEventListener("online", listener);
  window.addEventListener("pageshow", listener);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") listener();
  });
}
