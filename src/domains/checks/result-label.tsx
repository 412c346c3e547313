import { Tag } from '../../web/kit/tag.tsx'
import { classOf, type ResultCode } from './results.ts'
import { checksWords } from './words.ts'

/** Code and name of a result; found out of school is the one loud class. */
export function ResultLabel({ code }: { readonly code: ResultCode }) {
  return (
    <span className="check-result">
      <Tag tone={code.startsWith('D') ? 'child' : 'plain'}>{classOf(code)}</Tag> {checksWords.results[code]}
    </span>
  )
}
