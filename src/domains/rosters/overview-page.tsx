import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { call } from '../../web/api/call.ts'
import { useAnswer } from '../../web/api/query.ts'
import { showCount, showDay } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { useAddressState } from '../../web/router/use-address.ts'
import { BasesBox } from './bases-box.tsx'
import { BelowBox } from './below-box.tsx'
import { ChecksBox } from './checks-box.tsx'
import { ClassBox, FirstBox, ListBox } from './compared-boxes.tsx'
import { compareLists, type Overview, readOverview } from './contract.ts'
import { LedgersBox } from './ledgers-box.tsx'
import { words } from './page-words.web.ts'
import './rosters.css'

/** Who handed in, what the three comparisons found, and whether the books close. */
export default function OverviewPage() {
  const [address] = useAddressState()
  const unitId = /^\d{1,9}$/.test(address.unit ?? '') ? Number(address.unit) : undefined
  const answer = useAnswer(readOverview, { query: unitId === undefined ? {} : { unitId } })
  if (answer.isPending) return <Pending lines={14} />
  if (answer.data === undefined) return <ProblemNote fault={answer.error} />
  return <Page overview={answer.data} onCompared={() => void answer.refetch()} />
}

function Page({ overview, onCompared }: { readonly overview: Overview; readonly onCompared: () => void }) {
  const { message } = App.useApp()
  const comparing = useMutation({
    mutationFn: () => call(compareLists, { body: {} }),
    onSuccess: ({ posted, opened }) => {
      void message.success(words.overview.compared(showCount(posted), showCount(opened)))
      onCompared()
    },
  })
  const { unit, month, booksDay, run, below } = overview
  const [year = '', number = ''] = month.split('-')
  const monthWord = words.overview.monthOf(year, String(Number(number)))
  return (
    <div className="stack rosters">
      <PageHead
        title={words.overview.title}
        note={
          booksDay === null
            ? words.overview.noteNotOpen(unit.name, monthWord)
            : words.overview.note(unit.name, monthWord, showDay(booksDay))
        }
        primary={
          overview.mayCompare && booksDay !== null ? (
            <Button type="primary" loading={comparing.isPending} onClick={() => comparing.mutate()}>
              {words.overview.compare}
            </Button>
          ) : null
        }
      >
        <Button icon={<Icon name="print" size={14} />} onClick={() => window.print()}>
          {words.overview.print}
        </Button>
      </PageHead>
      <ProblemNote fault={comparing.error} />
      {booksDay === null ? (
        <Notice>
          {words.overview.notOpen} <Link to="/runs/new">{words.overview.toRuns}</Link>
        </Notice>
      ) : null}
      <ChecksBox checks={overview.checks} month={monthWord} />
      {booksDay === null ? null : <BasesBox bases={overview.bases} unitId={unit.unitId} day={booksDay} />}
      <RunNotice overview={overview} />
      {booksDay === null ? null : (
        <div className="rosters-compared">
          <div className="stack">
            <FirstBox bases={overview.bases} unitId={unit.unitId} day={booksDay} />
            {run === null ? null : <ListBox run={run} kind="poverty" />}
          </div>
          {run === null ? null : (
            <div className="stack">
              <ClassBox run={run} />
              <ListBox run={run} kind="relief" />
              <ListBox run={run} kind="disability" />
            </div>
          )}
        </div>
      )}
      {overview.mayExport && booksDay !== null ? <LedgersBox unitId={unit.unitId} /> : null}
      {below.length === 0 ? null : (
        <Box title={words.compared.below}>
          <BelowBox runs={below} />
        </Box>
      )}
    </div>
  )
}

function RunNotice({ overview: { run, booksDay, below } }: { readonly overview: Overview }) {
  if (booksDay === null) return null
  if (run === null) return <Notice>{below.length === 0 ? words.compared.notYet : words.compared.notYetOther}</Notice>
  if (run.isUndone) return <Notice tone="passing">{words.compared.undone}</Notice>
  return run.isOld ? <Notice tone="passing">{words.compared.old}</Notice> : null
}
