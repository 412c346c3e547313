import type { Column } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import { Tag, type TagTone } from '../../web/kit/tag.tsx'
import type { CheckLine } from './contract.ts'
import { DueCell, showYears } from './due.web.tsx'
import { words } from './page-words.web.ts'
import { checkPath } from './paths.web.ts'
import { ResultLabel } from './result-label.tsx'
import type { TaskState } from './rules.ts'
import { checksWords } from './words.ts'

const TONES: Readonly<Record<TaskState, TagTone>> = {
  open: 'plain',
  tried: 'plain',
  given: 'brand',
  returned: 'passing',
}

export function checkColumns(today: string): readonly Column<CheckLine>[] {
  return [
    {
      id: 'name',
      head: words.list.name,
      width: '150px',
      isTitle: true,
      cell: ({ caseId, name, birthDay }) => (
        <>
          <Link to={checkPath(caseId)}>{name}</Link>{' '}
          <span className="second nowrap">{birthDay === null ? null : showYears(birthDay, today)}</span>
        </>
      ),
    },
    {
      id: 'place',
      head: words.list.place,
      width: '17%',
      cell: ({ place, school }) => [place, school].filter((part) => part !== null).join(' · '),
    },
    { id: 'why', head: words.list.why, cell: (line) => <WhyCell line={line} /> },
    { id: 'state', head: words.list.state, width: '210px', cell: (line) => <StateCell line={line} /> },
    {
      id: 'holder',
      head: words.list.holder,
      width: '16%',
      isHiddenOnPhone: true,
      cell: ({ owner }) => (
        <>
          {owner.unit.name} <span className="second">{owner.person}</span>{' '}
          {owner.isStandIn ? <Tag tone="passing">{words.standIn}</Tag> : null}
        </>
      ),
    },
    {
      id: 'due',
      head: words.list.due,
      width: '96px',
      isNumber: true,
      cell: ({ dueDay }) => <DueCell day={dueDay} today={today} />,
    },
  ]
}

function WhyCell({ line: { why, since, proposed } }: { readonly line: CheckLine }) {
  return (
    <>
      {checksWords.why[why]}{' '}
      <span className="second nowrap">
        {proposed === null ? words.list.since(since) : words.list.looks(checksWords.results[proposed])}
      </span>
    </>
  )
}

function StateCell({ line: { state, report, isVisited } }: { readonly line: CheckLine }) {
  if (!isVisited) return <span className="second">{words.list.notVisited}</span>
  return (
    <>
      <Tag tone={TONES[state]}>{words.states[state]}</Tag>{' '}
      {state === 'given' && report?.result != null ? <ResultLabel code={report.result} /> : null}{' '}
      {state === 'given' && (report?.missing.length ?? 0) > 0 ? (
        <span className="second nowrap">{words.list.lacks}</span>
      ) : null}
    </>
  )
}
