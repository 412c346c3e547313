import { Tag, type TagTone } from '../../web/kit/tag.tsx'
import type { RunLine } from './contract.ts'
import { words } from './page-words.web.ts'

const TONES: Readonly<Record<RunLine['state'], TagTone>> = {
  waiting: 'plain',
  running: 'brand',
  done: 'brand',
  failed: 'passing',
  cancelled: 'plain',
}

export function RunStateTag({ state }: { readonly state: RunLine['state'] }) {
  return <Tag tone={TONES[state]}>{words.states[state]}</Tag>
}

export function isLive({ state }: { readonly state: RunLine['state'] }): boolean {
  return state === 'waiting' || state === 'running'
}
