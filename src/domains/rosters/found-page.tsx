import { Button } from 'antd'
import { useAnswer } from '../../web/api/query.ts'
import { showCount, showDay } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useAddressState, usePathPart } from '../../web/router/use-address.ts'
import { accountWords } from '../whereabouts/index.ts'
import { FOUND_CLASSES, type FoundChild, listFound } from './contract.ts'
import { words } from './page-words.web.ts'
import { casePath, childPath, ROSTERS } from './paths.web.ts'
import { COMPARED, type Compared, GROUNDS, LIST_CLASSES, SEAT_CLASSES } from './rules.ts'
import './rosters.css'

const SIZE = 50
const classWords = { ...words.seat, ...words.listed }

/** Which children did this comparison find? */
export default function FoundPage() {
  const runId = usePathPart('runId')
  const [address, change] = useAddressState()
  const page = Number(address.page ?? 1)
  const compared: Compared = COMPARED.find((one) => one === address.compared) ?? 'class'
  const found = FOUND_CLASSES.find((one) => one === address.class)
  const ground = GROUNDS.find((one) => one === address.ground)
  const answer = useAnswer(listFound, {
    params: { runId },
    query: {
      page,
      size: SIZE,
      compared,
      ...(found === undefined ? {} : { class: found }),
      ...(ground === undefined ? {} : { ground }),
    },
  })
  const { data } = answer
  const classes = compared === 'class' ? SEAT_CLASSES : LIST_CLASSES
  return (
    <div className="stack rosters">
      <PageHead
        title={found === undefined ? words.found.titles[compared] : classWords[found]}
        note={
          data === undefined ? undefined : (
            <>
              <b className="figure">{showCount(data.total)}</b> ·{' '}
              {words.found.note(data.run.unit.name, showDay(data.run.day))}
            </>
          )
        }
      >
        <Choice
          label={words.found.classLabel}
          none={words.found.all}
          value={found ?? ''}
          options={classes.map((one) => ({ value: one, label: classWords[one] }))}
          onChange={(one) => change({ class: one, page: undefined })}
        />
        {found === 'named-absent' ? (
          <Choice
            label={words.found.groundLabel}
            none={words.found.allGrounds}
            value={ground ?? ''}
            options={GROUNDS.map((one) => ({ value: one, label: words.ground[one] }))}
            onChange={(one) => change({ ground: one, page: undefined })}
          />
        ) : null}
        <Button icon={<Icon name="print" size={14} />} onClick={() => window.print()}>
          {words.overview.print}
        </Button>
        <Link to={ROSTERS} className="button">
          {words.found.back}
        </Link>
      </PageHead>
      <ProblemNote fault={answer.error} />
      {answer.isPending ? <Pending lines={12} /> : null}
      {data === undefined ? null : (
        <Box className={answer.isPlaceholderData ? 'is-old' : ''}>
          <DataTable
            label={words.found.table}
            columns={compared === 'class' ? SEAT_COLUMNS : LIST_COLUMNS}
            rows={data.rows}
            keyOf={({ childId }) => childId}
            empty={words.found.none}
          />
          <Pager page={page} size={SIZE} total={data.total} onPage={(next) => change({ page: next })} />
        </Box>
      )}
    </div>
  )
}

const NAME: Column<FoundChild> = {
  id: 'name',
  head: words.found.name,
  width: '104px',
  isTitle: true,
  cell: ({ childId, name }) => <Link to={childPath(childId)}>{name}</Link>,
}
const GRADE: Column<FoundChild> = {
  id: 'grade',
  head: words.found.grade,
  width: '88px',
  cell: ({ nominalGrade }) =>
    nominalGrade === null || nominalGrade < 1 || nominalGrade > 9 ? null : words.found.gradeOf(nominalGrade),
}
const WHAT: Column<FoundChild> = {
  id: 'what',
  head: words.found.what,
  width: '220px',
  cell: (child) => (
    <>
      <Tag tone={child.class === 'named-absent' || child.class === 'out' ? 'child' : 'plain'}>
        {classWords[child.class]}
      </Tag>{' '}
      {child.ground === null ? null : <span className="second">{words.ground[child.ground]}</span>}
    </>
  ),
}
const ACCOUNT: Column<FoundChild> = {
  id: 'account',
  head: words.found.account,
  width: '190px',
  cell: ({ account, caseId }) => (
    <>
      {account === null ? words.found.notInBooks : accountWords.accounts[account]}{' '}
      {caseId === null ? null : <Link to={casePath(caseId)}>{words.found.toCase}</Link>}
    </>
  ),
}
const STOOD: Column<FoundChild> = {
  id: 'stood',
  head: words.found.stood,
  width: '120px',
  isHiddenOnPhone: true,
  cell: ({ stood }) => (
    <span className="second">{stood === null ? words.found.notInBooks : accountWords.accounts[stood]}</span>
  ),
}

const SEAT_COLUMNS: readonly Column<FoundChild>[] = [
  NAME,
  GRADE,
  { id: 'school', head: words.found.school, cell: ({ school }) => school },
  { id: 'other', head: words.found.other, cell: ({ other }) => other },
  WHAT,
  {
    id: 'days',
    head: words.found.days,
    width: '88px',
    isNumber: true,
    cell: ({ absentDays }) => (absentDays === null ? null : words.found.daysOf(absentDays)),
  },
  STOOD,
  ACCOUNT,
]

const LIST_COLUMNS: readonly Column<FoundChild>[] = [
  NAME,
  GRADE,
  {
    id: 'household',
    head: words.found.household,
    width: '96px',
    cell: ({ household }) => (household === null ? null : words.found.householdOf(household)),
  },
  { id: 'place', head: words.found.place, cell: ({ place }) => place },
  { id: 'school', head: words.found.school, cell: ({ school }) => school },
  WHAT,
  STOOD,
  ACCOUNT,
]
