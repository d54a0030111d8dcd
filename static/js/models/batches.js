// How operations are packed into one frame.

export const OPERATIONS_PER_FRAME = 50;
export const BYTES_PER_FRAME = 64 * 1024;
const ENVELOPE_BYTES = 64;

const utf8 = new TextEncoder();

/**
 * @param {{op: string, type: string, payload: object}} row
 * @returns {object} the operation as it goes on the wire
 */
export function wireForm(row) {
  return { ...row.payload, op: row.op, t: row.type };
}

function bytesOf(row) {
  return utf8.encode(JSON.stringify(wireForm(row))).length + 1;
}

/** The server closes on a frame that is too large, so such an operation would block all that stand behind it for ever. */
export function isTooLarge(row) {
  return bytesOf(row) + ENVELOPE_BYTES > BYTES_PER_FRAME;
}

/**
 * The first rows that fit into one frame together, in their order. Never empty when there are rows.
 * @template {{op: string, type: string, payload: object}} Row
 * @param {Row[]} rows
 * @param {number} most
 * @returns {Row[]}
 */
export function firstBatch(rows, most = OPERATIONS_PER_FRAME) {
  const batch = [];
  let bytes = ENVELOPE_BYTES;
  for (const row of rows.slice(0, most)) {
    bytes += bytesOf(row);
    if (batch.length > 0 && bytes > BYTES_PER_FRAME) break;
    batch.push(row);
  }
  return batch;
}
