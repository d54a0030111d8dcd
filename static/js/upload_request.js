import { csrfToken } from "./csrf.js";

// The way of an upload to the server: XMLHttpRequest, because fetch does not tell how much of a body has left.

const SILENT_WHILE_SENDING_MS = 20000; // a line that is dead without anybody having said so
const SILENT_WHILE_CHECKED_MS = 180000; // the last piece is answered when the file has been looked into

/**
 * @param {{method: string, address: string, headers: Record<string, string>, body: Blob | null, signal: AbortSignal,
 *   onProgress: (sent: number) => void}} message
 * @returns {Promise<{status: number, header: (name: string) => string, told: any}>} status 0: no answer
 */
export function send({ method, address, headers, body, onProgress, signal }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let watch;
    const abort = () => request.abort();
    const wait = (ms) => {
      clearTimeout(watch);
      watch = setTimeout(abort, ms);
    };
    request.open(method, address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.addEventListener("progress", ({ loaded }) => {
      wait(loaded < (body?.size ?? 0) ? SILENT_WHILE_SENDING_MS : SILENT_WHILE_CHECKED_MS);
      onProgress(loaded);
    });
    request.addEventListener("loadend", () => {
      clearTimeout(watch);
      signal.removeEventListener("abort", abort);
      resolve({ status: request.status, header: (name) => request.getResponseHeader(name) ?? "", told: toldIn(request) });
    });
    signal.addEventListener("abort", abort);
    wait(SILENT_WHILE_SENDING_MS);
    request.send(body);
    if (signal.aborted) request.abort();
  });
}

function toldIn(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

/** Wait so long, or until the line is back, or until it does not matter any more. */
export function rest(ms, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener("online", done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
