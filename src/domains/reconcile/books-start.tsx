import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { plainDate } from '../../kernel/plain-date.ts'
import { schoolYearOf } from '../../kernel/school-year.ts'
import { useAction, useAnswer } from '../../web/api/query.ts'
import { showCount, showDay } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Empty } from '../../web/kit/empty.tsx'
import { Link } from '../../web/kit/link.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { useGo } from '../../web/router/use-address.ts'
import { createBooksRun, listBooksInputs, type RunInput } from './contract.ts'
import { words } from './page-words.web.ts'
import { batchPath, IMPORTS, runPath } from './paths.web.ts'

const NEEDED = ['population', 'roll'] as const

/** The run that posts: the batches that speak for the unit now are chosen already. */
export function BooksStart() {
  const inputs = useAnswer(listBooksInputs, {})
  return (
    <Box title={words.books.title} note={words.books.note}>
      <div className="box-body">
        <ProblemNote fault={inputs.error} />
        {inputs.isPending ? <Pending lines={4} /> : null}
        {inputs.data === undefined ? null : inputs.data.rows.length === 0 ? (
          <Empty title={words.books.none} action={<ToImports />}>
            <p>{words.books.noneWhat}</p>
          </Empty>
        ) : (
          <BooksForm rows={inputs.data.rows} openRun={inputs.data.openRun} />
        )}
      </div>
    </Box>
  )
}

function ToImports() {
  return (
    <Link to={IMPORTS} className="button">
      {words.books.toImports}
    </Link>
  )
}

function BooksForm({ rows, openRun }: { readonly rows: readonly RunInput[]; readonly openRun: string | null }) {
  const go = useGo()
  const queryClient = useQueryClient()
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set())
  const create = useAction(createBooksRun)
  const taken = rows.filter(({ batchId }) => !left.has(batchId))
  const missing = NEEDED.filter((kind) => !taken.some((input) => input.kind === kind))
  const newest = taken
    .map(({ asOf }) => asOf)
    .toSorted()
    .at(-1)
  const toggle = (batchId: number) => {
    const next = new Set(left)
    if (!next.delete(batchId)) next.add(batchId)
    setLeft(next)
  }
  const start = () => {
    const batchIds = taken.map(({ batchId }) => batchId)
    create.mutate(
      { body: left.size === 0 ? {} : { batchIds } },
      {
        onSuccess: ({ runId, isSame }) => {
          void queryClient.invalidateQueries({ queryKey: ['run.list'] })
          void queryClient.invalidateQueries({ queryKey: ['run.books-inputs'] })
          go(runPath(runId), isSame ? { same: 1 } : {})
        },
      },
    )
  }
  return (
    <div className="stack">
      <div className="books-inputs">
        <DataTable
          label={words.books.inputs}
          columns={columnsOf({ left, toggle })}
          rows={rows}
          keyOf={({ batchId }) => batchId}
        />
      </div>
      {newest === undefined ? null : (
        <p className="note">{words.books.year(words.schoolYear(schoolYearOf(plainDate(newest))))}</p>
      )}
      {openRun === null ? null : (
        <Notice tone="passing">
          {words.books.open} <Link to={runPath(openRun)}>{words.books.seeOpen}</Link>
        </Notice>
      )}
      <ProblemNote fault={create.error} />
      <div className="next-action">
        {missing.length === 0 ? null : (
          <span className="second">
            {words.books.needKinds(missing.map((kind) => words.kinds[kind]).join('、'))} <ToImports />
          </span>
        )}
        <Button
          type="primary"
          disabled={missing.length > 0 || openRun !== null}
          onClick={start}
          loading={create.isPending}
        >
          {words.books.start}
        </Button>
      </div>
    </div>
  )
}

function columnsOf({
  left,
  toggle,
}: {
  readonly left: ReadonlySet<number>
  readonly toggle: (batchId: number) => void
}): readonly Column<RunInput>[] {
  return [
    {
      id: 'take',
      head: words.books.take,
      width: '48px',
      cell: ({ batchId, kind, asOf }) => (
        <Checkbox
          aria-label={words.books.takeBatch(words.kinds[kind], showDay(asOf))}
          checked={!left.has(batchId)}
          onChange={() => toggle(batchId)}
        />
      ),
    },
    {
      id: 'kind',
      head: words.books.kind,
      width: '96px',
      isTitle: true,
      cell: ({ kind }) => words.kinds[kind],
    },
    { id: 'asOf', head: words.books.asOf, width: '128px', cell: ({ asOf }) => showDay(asOf) },
    { id: 'giver', head: words.books.giver, cell: ({ giver }) => giver },
    { id: 'rows', head: words.books.rows, width: '110px', isNumber: true, cell: ({ rows }) => showCount(rows) },
    {
      id: 'batch',
      head: words.books.batch,
      width: '96px',
      cell: ({ batchId }) => <Link to={batchPath(batchId)}>{words.books.nth(batchId)}</Link>,
    },
  ]
}
