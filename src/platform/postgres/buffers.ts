const LEAST = 256
const MOST = 1024

/** Shared buffers: an eighth of the memory, which the program and its imports share with the server. */
export function bufferMegabytes(machineBytes: number): number {
  return Math.min(MOST, Math.max(LEAST, Math.floor(machineBytes / 8 / 2 ** 20)))
}
