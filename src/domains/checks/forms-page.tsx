import { useState } from 'react'
import { Problem } from '../../kernel/problem.ts'
import { isCode } from '../../web/api/api-problem.ts'
import { useAnswer } from '../../web/api/query.ts'
import { upload } from '../../web/api/upload.ts'
import { showCount, showInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { DropArea } from '../../web/kit/drop-area.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { ProgressLine } from '../../web/kit/progress-line.tsx'
import { useGo } from '../../web/router/use-address.ts'
import { words } from './page-words.web.ts'
import { CHECKS, PROGRESS, sheetPath } from './paths.web.ts'
import { type CheckSheet, listSheets, type SheetCounts, uploadForm } from './sheet-contract.ts'
import './checks.css'

/** Where filled forms come back; what became of each row has its own page. */
export default function FormsPage() {
  return (
    <div className="stack">
      <PageHead title={words.forms.title} note={words.forms.note}>
        <Link to={CHECKS} className="button">
          {words.accept.back}
        </Link>
        <Link to={PROGRESS} className="button">
          {words.forms.get}
        </Link>
      </PageHead>
      <Send />
      <Mine />
    </div>
  )
}

function Send() {
  const go = useGo()
  const [sending, setSending] = useState<number>()
  const [fault, setFault] = useState<unknown>()
  const take = async (file: File) => {
    setFault(undefined)
    if (file.size === 0) return setFault(new Problem('FILE.EMPTY', { file: file.name }))
    setSending(0)
    try {
      const sheet = await upload(uploadForm, {}, file, {
        onProgress: ({ doneBytes }) => setSending(Math.min(100, Math.floor((doneBytes / file.size) * 100))),
      })
      go(sheetPath(sheet.sheetId))
    } catch (problem) {
      if (!isCode(problem, 'CLIENT.STOPPED')) setFault(problem)
    } finally {
      setSending(undefined)
    }
  }
  return (
    <Box title={words.forms.how} note={words.forms.howNote}>
      {fault === undefined ? null : (
        <div className="box-body">
          <ProblemNote fault={fault} />
        </div>
      )}
      {sending === undefined ? (
        <DropArea
          label={words.forms.label}
          accept=".xlsx,.csv"
          hint={words.forms.accepts}
          onFile={(file) => void take(file)}
        />
      ) : (
        <div className="box-body stack" role="status">
          <ProgressLine label={words.forms.label} percent={sending} />
          {sending < 100 ? words.forms.sending(sending) : words.forms.reading}
        </div>
      )}
    </Box>
  )
}

type Line = Omit<CheckSheet, 'rows'>

function Mine() {
  const sheets = useAnswer(listSheets, {})
  return (
    <Box title={words.forms.mine}>
      <ProblemNote fault={sheets.error} />
      <DataTable
        label={words.forms.mine}
        columns={COLUMNS}
        rows={sheets.data?.rows ?? []}
        keyOf={({ sheetId }) => sheetId}
        empty={words.forms.empty}
      />
    </Box>
  )
}

/** Rows that changed anything. */
export function writtenOf({ given, tried, closes, known, ...counts }: SheetCounts): number {
  return given + tried + closes + known + counts.new
}

const COLUMNS: readonly Column<Line>[] = [
  {
    id: 'at',
    head: words.forms.at,
    isTitle: true,
    cell: ({ sheetId, createdAt }) => <Link to={sheetPath(sheetId)}>{showInstant(createdAt)}</Link>,
  },
  {
    id: 'rows',
    head: words.forms.rows,
    width: '96px',
    isNumber: true,
    cell: ({ counts }) => (counts === null ? null : showCount(counts.rows)),
  },
  {
    id: 'state',
    head: words.forms.state,
    width: '40%',
    cell: ({ committedAt, counts }) =>
      committedAt !== null && counts !== null
        ? words.forms.committed(showCount(writtenOf(counts)))
        : words.forms.checked,
  },
]
