import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Download } from './context.ts'

/** Waits for the first bytes, so that a seal that does not open is still told as a Problem and not as a cut connection. */
export async function firstBytes(content: Readable): Promise<void> {
  if (content.readableLength > 0 || content.readableEnded) return
  const given = new AbortController()
  try {
    await Promise.race(['readable', 'end'].map((event) => once(content, event, { signal: given.signal })))
  } finally {
    given.abort()
  }
}

export function sendDownload(reply: FastifyReply, { content, fileName, mediaType, bytes }: Download): FastifyReply {
  reply.header('content-type', mediaType).header('content-disposition', contentDisposition(fileName))
  if (bytes !== undefined) reply.header('content-length', bytes)
  return reply.send(content)
}

/** RFC 6266 and 5987: the Chinese name for browsers, an ASCII one for everything else; no character that ends a header or a path. */
export function contentDisposition(fileName: string): string {
  const name =
    fileName
      .normalize('NFC')
      .replace(/[\p{Cc}\p{Cf}\p{Cs}"*/:<>?\\|]/gu, '_')
      .slice(0, 200) || 'download'
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/[%;]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*!]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
