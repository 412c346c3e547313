import type { Route } from '../../kernel/route.ts'
import { offline, problemOfAnswer, stopped } from './api-problem.ts'
import { fetchAnswer } from './call.ts'
import { type RequestOf, withSession } from './request.ts'
import type { TransferProgress } from './upload.ts'

export interface Download {
  readonly fileName: string
  readonly blob: Blob
}

/** Fetches a file, telling how much has come. */
export async function download<R extends Route>(
  route: R,
  request: RequestOf<R>,
  onProgress: (progress: TransferProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Download> {
  const answer = await withSession(route, async () => {
    const response = await fetchAnswer(route, request, { signal })
    if (!response.ok) throw problemOfAnswer(response.status, await response.text())
    return response
  })
  const parts = await readParts(answer, onProgress, signal)
  return {
    fileName: fileNameOf(answer.headers.get('content-disposition')) ?? 'download',
    blob: new Blob(parts, { type: answer.headers.get('content-type') ?? 'application/octet-stream' }),
  }
}

/** Hands a file to the browser's own download. */
export function saveFile({ fileName, blob }: Download): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // Chromium reads the URL after the click has returned; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

async function readParts(
  answer: Response,
  onProgress: (progress: TransferProgress) => void,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const length = Number(answer.headers.get('content-length') ?? '')
  const totalBytes = length > 0 && answer.headers.get('content-encoding') === null ? length : undefined
  const parts: Uint8Array<ArrayBuffer>[] = []
  let doneBytes = 0
  const reader = answer.body?.getReader()
  try {
    for (;;) {
      const step = await reader?.read()
      if (step === undefined || step.done) return parts
      parts.push(step.value)
      doneBytes += step.value.byteLength
      onProgress({ doneBytes, totalBytes })
    }
  } catch {
    throw signal?.aborted === true ? stopped() : offline()
  }
}

/** RFC 6266: `filename*=UTF-8''...` first, because Chinese names stand only there. */
export function fileNameOf(disposition: string | null): string | undefined {
  const extended = disposition?.match(/filename\*\s*=\s*UTF-8''([^;]+)/i)?.[1]
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended.trim())
    } catch {
      return undefined
    }
  }
  return disposition?.match(/filename\s*=\s*"?([^";]+)"?/i)?.[1]?.trim()
}
