// How a file is cut into pieces, how it is known again, and what the server's answers to the pieces mean (tus 1.0).

export const VERSION = "1.0.0";
export const PIECE_TYPE = "application/offset+octet-stream";

// A cut costs the piece that was under way, and so does a pause: a piece should travel for a second or two.
export const FIRST_PIECE_BYTES = 1024 * 1024;
export const SMALLEST_PIECE_BYTES = 256 * 1024;
export const LARGEST_PIECE_BYTES = 8 * 1024 * 1024;
const SHORT_MS = 1000;
const LONG_MS = 4000;

/**
 * @param {number} bytes of the piece that arrived
 * @param {number} took milliseconds
 */
export function nextPieceBytes(bytes, took) {
  if (took < SHORT_MS) return Math.min(LARGEST_PIECE_BYTES, bytes * 2);
  if (took > LONG_MS) return Math.max(SMALLEST_PIECE_BYTES, Math.floor(bytes / 2));
  return bytes;
}

/** @param {number} bytes of the piece that did not arrive */
export function pieceBytesAfterCut(bytes) {
  return Math.max(SMALLEST_PIECE_BYTES, Math.floor(bytes / 2));
}

/**
 * By what a file is known again when it is chosen once more, after a reload or on another day.
 *
 * @param {{name: string, size: number, lastModified: number}} file
 * @param {string} place where it goes: the meeting, and its item or the paper it is a version of
 */
export function fingerprint(file, place) {
  return [place, file.name, file.size, file.lastModified].join("|");
}

/** @param {Record<string, string>} words @returns {string} as the header Upload-Metadata wants it */
export function metadata(words) {
  const pairs = Object.entries(words).filter(([, value]) => value !== "");
  return pairs.map(([name, value]) => `${name} ${base64(value)}`).join(",");
}

function base64(text) {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}

/**
 * What an answer asks of the sender.
 *
 * "on": the piece arrived; "look": ask how far the file is, but not for ever; "anew": begin from the first byte; "wait":
 * ask again until it is time; "why": it is gone, an empty piece is told why; "refused": with a sentence; "login": who
 * sends it must log in again; "failed": it makes no sense to go on by itself.
 *
 * @param {number} status 0 when there was no answer
 */
export function meaningOf(status) {
  if (status >= 200 && status < 300) return "on";
  if ([409, 460, 500].includes(status)) return "look";
  if (status === 404) return "anew";
  if (status === 410) return "why";
  if (status === 413 || status === 422) return "refused";
  if (status === 401) return "login";
  if ([0, 408, 423, 429, 502, 503, 504].includes(status)) return "wait";
  return "failed";
}
