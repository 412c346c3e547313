import { cpus, freemem, loadavg, totalmem } from 'node:os'

/** What a reader of a figure has to know about the machine it was taken on. */
export function machineNote(): string {
  const gib = (bytes: number) => (bytes / 1024 ** 3).toFixed(1)
  return `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${gib(totalmem())} GiB (${gib(freemem())} free), Node ${process.version}, ${process.platform} ${process.arch}`
}

/**
 * Jobs in the last minute that want a processor. Above 1 before a run, something else was at work: walls are then worth
 * little, CPU-seconds somewhat more.
 */
export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10
}
