import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Column } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import { Tag, type TagTone } from '../../web/kit/tag.tsx'
import type { Direction, OutsideLine } from './contract.ts'
import { words } from './page-words.web.ts'
import { linePath } from './paths.web.ts'
import { expiresWithin, isSilent, type LineState } from './rules.ts'
import { outsideWords } from './words.ts'

const TONES: Readonly<Record<LineState, TagTone>> = {
  open: 'plain',
  asked: 'brand',
  silent: 'passing',
  confirmed: 'checked',
  denied: 'passing',
  ended: 'plain',
}

export interface LineFacts {
  readonly direction: Direction
  readonly today: string
  readonly expiringDays: number
}

export function lineColumns({ direction, today, expiringDays }: LineFacts): readonly Column<OutsideLine>[] {
  const place =
    direction === 'out'
      ? { id: 'host', head: words.list.host, cell: ({ host }: OutsideLine) => host }
      : { id: 'home', head: words.list.home, cell: ({ home }: OutsideLine) => home }
  return [
    {
      id: 'name',
      head: words.list.name,
      width: '96px',
      isTitle: true,
      cell: ({ lineId, name }) => <Link to={linePath(lineId)}>{name}</Link>,
    },
    { id: 'birth', head: words.list.birth, width: '108px', cell: ({ birth }) => birth },
    { ...place, width: '15%' },
    { id: 'school', head: words.list.school, cell: (line) => <SchoolCell line={line} /> },
    { id: 'state', head: words.list.state, width: '136px', cell: (line) => <StateTag line={line} today={today} /> },
    {
      id: 'proof',
      head: words.list.proof,
      width: '25%',
      cell: (line) => <ProofCell line={line} today={today} days={expiringDays} />,
    },
  ]
}

function SchoolCell({ line: { school, grade } }: { readonly line: OutsideLine }) {
  return (
    <>
      {school} {grade === null ? null : <span className="second nowrap">{words.list.gradeOf(grade)}</span>}
    </>
  )
}

/** What the day's close has not sent back yet reads as it will. */
export function StateTag({ line, today }: { readonly line: OutsideLine; readonly today: string }) {
  const state = isSilent({ state: line.state, dueDay: line.dueDay as PlainDate | null }, today as PlainDate)
    ? 'silent'
    : line.state
  return <Tag tone={TONES[state]}>{outsideWords.states[state]}</Tag>
}

interface ProofProps {
  readonly line: OutsideLine
  readonly today: string
  readonly days: number
}

function ProofCell({ line, today, days }: ProofProps) {
  const { state, proof, answer, checkedDay, validUntil, dueDay } = line
  if (state === 'asked' && dueDay !== null) return <span className="second">{words.list.dueBy(dueDay)}</span>
  if (state === 'denied' && answer !== null) return outsideWords.answers[answer]
  if (proof === null || checkedDay === null || validUntil === null) return null
  const isOver = validUntil <= today
  const isEnding = expiresWithin(validUntil as PlainDate, today as PlainDate, days)
  return (
    <span className="outside-proof">
      {outsideWords.proofs[proof]} <span className="second nowrap">{words.list.checked(checkedDay)}</span>{' '}
      {isOver ? (
        <Tag tone="passing">{words.list.expired}</Tag>
      ) : isEnding ? (
        <Tag tone="passing">{words.list.until(validUntil)}</Tag>
      ) : null}
    </span>
  )
}
