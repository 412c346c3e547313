import type { z } from 'zod'
import type { Route } from '../../kernel/route.ts'
import { offline, problemOfAnswer, stopped, unreadable } from './api-problem.ts'
import { type AnyRequest, headersOf, type RequestOf, urlOf, withSession } from './request.ts'

export interface TransferProgress {
  readonly doneBytes: number
  /** Undefined where the server does not say. */
  readonly totalBytes: number | undefined
}

interface TransferOptions {
  readonly onProgress?: (progress: TransferProgress) => void
  readonly signal?: AbortSignal
}

/** Sends one file. Through XMLHttpRequest, because fetch does not tell how much of a body has gone out. */
export async function upload<R extends Route>(
  route: R,
  request: RequestOf<R>,
  file: File,
  options: TransferOptions = {},
): Promise<z.output<R['answer']>> {
  const text = await withSession(route, () => sendFile(route, request, file, options))
  try {
    return route.answer.parse(JSON.parse(text)) as z.output<R['answer']>
  } catch {
    throw unreadable(200)
  }
}

function sendFile(route: Route, request: AnyRequest, file: File, options: TransferOptions): Promise<string> {
  const form = new FormData()
  form.append('file', file, file.name)
  const xhr = new XMLHttpRequest()
  xhr.open(route.method, urlOf(route, request))
  for (const [name, value] of Object.entries(headersOf(route))) xhr.setRequestHeader(name, value)
  return new Promise((resolve, reject) => {
    const stop = () => xhr.abort()
    options.signal?.addEventListener('abort', stop)
    xhr.upload.onprogress = (event) => {
      options.onProgress?.({ doneBytes: event.loaded, totalBytes: event.lengthComputable ? event.total : undefined })
    }
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve(xhr.responseText)
      else reject(problemOfAnswer(xhr.status, xhr.responseText))
    }
    xhr.onerror = () => reject(offline())
    xhr.onabort = () => reject(stopped())
    xhr.onloadend = () => options.signal?.removeEventListener('abort', stop)
    xhr.send(form)
  })
}
