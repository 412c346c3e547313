/**
 * What happens when the session ends under a page. A call that meets the end
 * waits here; the sign-in dialog opens over the page, and when it has succeeded
 * every waiting call is made again. Nothing that was typed is lost.
 *
 * closed: nobody has signed in, a refused call just fails · open: signed in ·
 * asking: the dialog is up and calls are waiting.
 */
type GateState = 'closed' | 'open' | 'asking'

let state: GateState = 'closed'
let csrfToken = ''
let waiting: { readonly again: () => void; readonly giveUp: () => void }[] = []
let refresh: () => Promise<boolean> = async () => false
const listeners = new Set<() => void>()

export const sessionGate = {
  get state(): GateState {
    return state
  },
  get csrf(): string {
    return csrfToken
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  /** Signed in, or signed in again: waiting calls go on with the new token. */
  open(csrf: string): void {
    csrfToken = csrf
    move('open')
    for (const call of takeWaiting()) call.again()
  },
  /** A token for calls of the dialog itself, before the waiting ones go on. */
  adopt(csrf: string): void {
    csrfToken = csrf
  },
  /** Signed out on purpose: waiting calls fail. */
  close(): void {
    csrfToken = ''
    move('closed')
    for (const call of takeWaiting()) call.giveUp()
  },
  /** True once a session is there again, false when there was none to renew or it was given up. */
  renewed(): Promise<boolean> {
    if (state === 'closed') return Promise.resolve(false)
    move('asking')
    return new Promise((resolve) => {
      waiting.push({ again: () => resolve(true), giveUp: () => resolve(false) })
    })
  },
  /** How to read the token anew when another tab has signed in; true when it is still the same person and post. */
  onStaleToken(read: () => Promise<boolean>): void {
    refresh = read
  },
  refreshToken(): Promise<boolean> {
    return state === 'open' ? refresh() : Promise.resolve(false)
  },
}

function move(next: GateState): void {
  if (state === next) return
  state = next
  for (const listener of listeners) listener()
}

function takeWaiting(): typeof waiting {
  const taken = waiting
  waiting = []
  return taken
}
