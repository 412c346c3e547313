import { ageOn, type PlainDate } from '../../kernel/plain-date.ts'
import type { Column } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { accountWords } from '../whereabouts/index.ts'
import type { CaseLine, Holder } from './contract.ts'
import { showAge, showDue } from './due.web.ts'
import { words } from './page-words.web.ts'
import { casePath } from './paths.web.ts'

export function caseColumns(today: string): readonly Column<CaseLine>[] {
  return [
    {
      id: 'name',
      head: words.list.name,
      width: '104px',
      isTitle: true,
      cell: (line) => <Link to={casePath(line.caseId)}>{line.name}</Link>,
    },
    {
      id: 'age',
      head: words.list.age,
      width: '64px',
      cell: ({ birthDay }) => (birthDay === null ? null : showYears(birthDay, today)),
    },
    { id: 'place', head: words.list.place, width: '20%', cell: ({ place }) => place },
    {
      id: 'why',
      head: words.list.why,
      cell: ({ account, stage, since }) => (
        <span className="case-why">
          <Tag tone={stage === 'case' ? 'child' : 'plain'}>{accountWords.accounts[account]}</Tag>
          <span className="second">{words.list.since(since)}</span>
        </span>
      ),
    },
    {
      id: 'evidence',
      head: words.list.evidence,
      width: '116px',
      isHiddenOnPhone: true,
      cell: ({ confirmed }) => <span className="second">{showAge(confirmed, today)}</span>,
    },
    { id: 'holder', head: words.list.holder, width: '22%', cell: ({ holder }) => <HolderCell holder={holder} /> },
    {
      id: 'due',
      head: words.list.due,
      width: '104px',
      isNumber: true,
      cell: ({ dueDay }) => <DueCell day={dueDay} today={today} />,
    },
  ]
}

function HolderCell({ holder }: { readonly holder: Holder }) {
  return (
    <>
      {holder.unit.name} <span className="second">{holder.person}</span>{' '}
      {holder.isStandIn ? <Tag tone="passing">{words.standIn}</Tag> : null}
    </>
  )
}

export function DueCell({ day, today }: { readonly day: string; readonly today: string }) {
  const { text, isPassing } = showDue(day, today)
  return (
    <span className={isPassing ? 'case-due passing' : 'case-due'} title={day}>
      {text}
    </span>
  )
}

export function showYears(birthDay: string, today: string): string {
  return words.years(ageOn(birthDay as PlainDate, today as PlainDate))
}
