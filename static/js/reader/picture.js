/**
 * A picture of a page or of a part of it, decoded, so that it is there whole when it is put in.
 *
 * @param {Blob} blob @param {string} className @param {AbortSignal} signal
 * @returns {Promise<HTMLImageElement>} who drops it revokes its address
 */
export async function decoded(blob, className, signal) {
  const image = new Image();
  image.className = className;
  image.alt = "";
  image.draggable = false;
  image.src = URL.createObjectURL(blob);
  try {
    await image.decode();
    signal.throwIfAborted();
  } catch (error) {
    URL.revokeObjectURL(image.src);
    throw error;
  }
  return image;
}
