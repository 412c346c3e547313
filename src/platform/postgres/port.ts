import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

export const LOOPBACK = '127.0.0.1'
export const PORT_FILE = 'port'

/** [PG-11] The port of the last start while it is free, so that a note of the address stays true; else any free one. */
export async function choosePort(folder: string): Promise<number> {
  const path = join(folder, PORT_FILE)
  const kept = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0
  const isUsable = Number.isInteger(kept) && kept > 0 && kept < 65_536
  const port = (isUsable ? await tryPort(kept) : undefined) ?? (await tryPort(0))
  if (port === undefined) throw new Error('no free port on this machine')
  writeFileSync(path, `${port}\n`)
  return port
}

async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer()
  return await new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })
}
