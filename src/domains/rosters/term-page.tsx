import { Button } from 'antd'
import { download } from '../../web/api/download.ts'
import { useAnswer } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { Count } from '../../web/kit/count.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useAddressState } from '../../web/router/use-address.ts'
import { downloadTerm, readTerm, TERM_BASES, TERM_STATES, type TermChild, type TermPlace } from './contract.ts'
import { words } from './page-words.web.ts'
import { childPath, FAMILIES, TERM } from './paths.web.ts'
import { TakeButton } from './take-button.tsx'
import './rosters.css'

const SIZE = 50

/** Whom has the township to tell that school begins? */
export default function TermPage() {
  const [address, change] = useAddressState()
  const page = Number(address.page ?? 1)
  const base = TERM_BASES.find((one) => one === address.base)
  const state = TERM_STATES.find((one) => one === address.state)
  const unit = /^\d{1,9}$/.test(address.unit ?? '') ? { unitId: Number(address.unit) } : {}
  const year = /^20\d{2}$/.test(address.year ?? '') ? { year: Number(address.year) } : {}
  const answer = useAnswer(readTerm, {
    query: {
      page,
      size: SIZE,
      ...unit,
      ...year,
      ...(base === undefined ? {} : { base }),
      ...(state === undefined ? {} : { state }),
    },
  })
  const { data } = answer
  return (
    <div className="stack rosters">
      <PageHead
        title={data === undefined ? words.termPage.documentTitle : words.termPage.title(String(data.year))}
        documentTitle={words.termPage.documentTitle}
        note={
          data === undefined
            ? undefined
            : words.termPage.note(data.unit.name, showCount(data.total), data.from, data.until)
        }
      >
        <Choice
          label={words.termPage.base}
          none={words.termPage.bases}
          value={base ?? ''}
          options={TERM_BASES.map((one) => ({ value: one, label: words.workbook.base[one] }))}
          onChange={(one) => change({ base: one, page: undefined })}
        />
        <Choice
          label={words.termPage.state}
          none={words.termPage.states}
          value={state ?? ''}
          options={TERM_STATES.map((one) => ({ value: one, label: words.workbook.state[one] }))}
          onChange={(one) => change({ state: one, page: undefined })}
        />
        <Button icon={<Icon name="print" size={14} />} onClick={() => window.print()}>
          {words.overview.print}
        </Button>
        <Link to={FAMILIES} className="button">
          {words.termPage.back}
        </Link>
        {data?.mayExport === true ? (
          <TakeButton
            name={words.termPage.take}
            take={(reason) =>
              download(downloadTerm, { body: { unitId: data.unit.unitId, year: data.year, reason } }, () => undefined)
            }
          />
        ) : null}
      </PageHead>
      <ProblemNote fault={answer.error} />
      {answer.isPending ? <Pending lines={12} /> : null}
      {data === undefined ? null : (
        <div className={answer.isPlaceholderData ? 'rosters-term is-old' : 'rosters-term'}>
          <Box>
            <DataTable
              label={words.termPage.table}
              columns={COLUMNS}
              rows={data.rows}
              keyOf={({ childId }) => childId}
              empty={words.termPage.none}
            />
            <Pager page={page} size={SIZE} total={data.total} onPage={(next) => change({ page: next })} />
          </Box>
          {data.places.length < 2 ? null : (
            <Box title={words.termPage.places}>
              <DataTable
                label={words.termPage.places}
                columns={PLACE_COLUMNS}
                rows={data.places}
                keyOf={({ unitId }) => unitId}
              />
            </Box>
          )}
        </div>
      )}
    </div>
  )
}

const COLUMNS: readonly Column<TermChild>[] = [
  {
    id: 'name',
    head: words.term.name,
    width: '100px',
    isTitle: true,
    cell: ({ childId, name }) => <Link to={childPath(childId)}>{name}</Link>,
  },
  {
    id: 'sex',
    head: words.term.sex,
    width: '56px',
    cell: ({ sex }) => (sex === null ? null : words.workbook.sex[sex]),
  },
  { id: 'birth', head: words.term.birth, width: '108px', cell: ({ birthDay }) => birthDay },
  {
    id: 'place',
    head: words.termPage.place,
    cell: ({ base, registered, living }) => (base === 'registered' ? registered : living),
  },
  {
    id: 'base',
    head: words.term.base,
    width: '140px',
    cell: ({ base }) => <Tag tone={base === 'migrant' ? 'brand' : 'plain'}>{words.workbook.base[base]}</Tag>,
  },
  {
    id: 'state',
    head: words.term.state,
    width: '230px',
    cell: ({ state, school }) => (
      <>
        {state === 'none' ? <Tag tone="passing">{words.workbook.state.none}</Tag> : words.workbook.state[state]}{' '}
        <span className="second">{school}</span>
      </>
    ),
  },
]

const PLACE_COLUMNS: readonly Column<TermPlace>[] = [
  {
    id: 'place',
    head: words.term.township,
    isTitle: true,
    cell: ({ unitId, name }) => (
      <Link to={TERM} search={{ unit: unitId }}>
        {name}
      </Link>
    ),
  },
  {
    id: 'registered',
    head: words.termPage.registered,
    width: '64px',
    isNumber: true,
    cell: ({ registered }) => <Count count={registered} />,
  },
  {
    id: 'migrant',
    head: words.termPage.migrant,
    width: '64px',
    isNumber: true,
    cell: ({ migrant }) => <Count count={migrant} />,
  },
  {
    id: 'none',
    head: words.workbook.state.none,
    width: '72px',
    isNumber: true,
    cell: ({ none }) => <Count count={none} />,
  },
]
