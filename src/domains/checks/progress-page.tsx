import { useAnswer } from '../../web/api/query.ts'
import { showCount, showDay } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useMay } from '../../web/viewer.tsx'
import { checkProgress, type ProgressLine } from './contract.ts'
import { FormButton } from './form-button.tsx'
import { words } from './page-words.web.ts'
import { CHECKS, printPath } from './paths.web.ts'
import './checks.css'

/** Unit by unit: what is open, what waits, what is late; and its form. */
export default function ProgressPage() {
  const progress = useAnswer(checkProgress, {})
  const mayExport = useMay('check.export')
  const rows = progress.data?.rows ?? []
  const hasForms = mayExport && rows.some(({ hasSheet }) => hasSheet)
  return (
    <div className="stack">
      <PageHead
        title={words.progress.title}
        note={progress.data === undefined ? null : words.progress.note(showDay(progress.data.today))}
      >
        <Link to={CHECKS} className="button">
          {words.accept.back}
        </Link>
        {hasForms && rows.length > 1 ? <FormButton /> : null}
      </PageHead>
      <ProblemNote fault={progress.error} />
      {progress.isPending ? <Pending lines={10} /> : null}
      {progress.data === undefined ? null : (
        <Box>
          <DataTable
            label={words.progress.table}
            columns={columnsOf(mayExport)}
            rows={rows}
            keyOf={({ unitId }) => unitId}
            empty={words.progress.empty}
          />
        </Box>
      )}
    </div>
  )
}

type Sum = 'open' | 'tried' | 'given' | 'returned' | 'overdue' | 'done'

/** Nil is no news: it stands in grey. Every figure leads to its children. */
function sumColumn(id: Sum, width: string): Column<ProgressLine> {
  return {
    id,
    head: words.progress[id],
    width,
    isNumber: true,
    cell: (line) => {
      const count = line[id]
      if (count === 0) return <span className="second">0</span>
      if (id === 'done') return showCount(count)
      const tab = id === 'open' ? '' : `&tab=${id}`
      return (
        <Link to={`${CHECKS}?owner=${line.unitId}${tab}`} className={id === 'overdue' ? 'check-due passing' : ''}>
          {showCount(count)}
        </Link>
      )
    },
  }
}

function columnsOf(mayExport: boolean): readonly Column<ProgressLine>[] {
  const kinds: Readonly<Record<string, string>> = words.progress.kinds
  return [
    {
      id: 'unit',
      head: words.progress.unit,
      isTitle: true,
      cell: ({ name, kind }) => (
        <>
          {name} <span className="second">{kinds[kind]}</span>
        </>
      ),
    },
    sumColumn('open', '88px'),
    sumColumn('tried', '88px'),
    sumColumn('given', '88px'),
    sumColumn('returned', '88px'),
    sumColumn('overdue', '88px'),
    sumColumn('done', '88px'),
    ...(mayExport
      ? [
          {
            id: 'form',
            head: '',
            width: '220px',
            cell: ({ unitId, name, hasSheet }: ProgressLine) =>
              hasSheet ? (
                <span className="check-buttons">
                  <FormButton unit={{ unitId, name }} />
                  <Link to={printPath(unitId)} className="button">
                    {words.progress.print}
                  </Link>
                </span>
              ) : null,
          },
        ]
      : []),
  ]
}
