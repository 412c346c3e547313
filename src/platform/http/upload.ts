import { Transform } from 'node:stream'
import type { Multipart } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../../kernel/problem.ts'
import type { Upload } from './context.ts'
import { httpWords as words } from './words.ts'

/** [SEC-45] Exactly one file. Its stream ends well only when the form has ended well, so whoever stores it stores it whole. */
export async function openUpload(request: FastifyRequest, limitBytes: number): Promise<Upload> {
  if (!request.isMultipart()) throw malformed(words.noFile)
  // One file more than allowed, so that a second one is seen here and not skipped by the parser.
  const parts = request.parts({ limits: { files: 2, fields: 1, parts: 2, fileSize: Number.MAX_SAFE_INTEGER } })
  const part = await nextPart(parts, '')
  if (part === undefined) throw malformed(words.noFile)
  if (part.type !== 'file') throw malformed(words.oneFile)
  const fileName = part.filename.normalize('NFC') || words.file
  let bytes = 0
  const content = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      bytes += chunk.length
      if (bytes > limitBytes) return callback(tooLarge(limitBytes))
      callback(null, chunk)
    },
    flush(callback) {
      nextPart(parts, fileName).then(
        (second) => callback(second === undefined ? null : malformed(words.oneFile)),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
      )
    },
  })
  part.file.on('error', () => content.destroy(truncated(fileName)))
  request.raw.on('aborted', () => content.destroy(truncated(fileName)))
  request.raw.on('error', () => content.destroy(truncated(fileName)))
  // What is still on its way after a refusal is read and dropped: a connection cut in mid-upload would hide the answer.
  content.on('close', () => setImmediate(() => part.file.resume()))
  // A form that ended too early may have failed before anybody listened.
  if (part.file.errored !== null || (part.file.destroyed && !part.file.readableEnded))
    content.destroy(truncated(fileName))
  part.file.pipe(content)
  return { fileName, mediaType: part.mimetype, content }
}

export function tooLarge(limitBytes: number): Problem {
  return new Problem('REQUEST.TOO_LARGE', { limit: `${limitBytes >> 20} MB` })
}

async function nextPart(parts: AsyncIterableIterator<Multipart>, fileName: string): Promise<Multipart | undefined> {
  try {
    const next = await parts.next()
    return next.done === true ? undefined : next.value
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code.endsWith('_LIMIT') || code.startsWith('FST_')) throw malformed(words.oneFile)
    throw truncated(fileName)
  }
}

function truncated(fileName: string): Problem {
  return new Problem('FILE.TRUNCATED', { file: fileName === '' ? words.file : fileName })
}

function malformed(advice: string): Problem {
  return new Problem('REQUEST.MALFORMED', { where: words.file, advice })
}
