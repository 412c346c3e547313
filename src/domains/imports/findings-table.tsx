import { Fragment, useState } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useListKeys } from '../../web/kit/use-list-keys.ts'
import type { FindingsFilter } from './check-result.tsx'
import { type FindingsPage, type FoundRow, type ImportReport, type ImportSheet, readFindings } from './contract.ts'
import { words } from './page-words.web.ts'

const SIZE = 50

interface FindingsTableProps {
  readonly sheet: ImportSheet
  readonly report: ImportReport
  readonly filter: FindingsFilter
  readonly onFilter: (filter: FindingsFilter) => void
}

/** The sheet as the officer knows it, letters and row numbers and all, with the wrong cells framed. */
export function FindingsTable({ sheet, report, filter, onFilter }: FindingsTableProps) {
  const [page, setPage] = useState(1)
  const [open, setOpen] = useState<number>()
  const { sheetId } = sheet
  const answer = useAnswer(readFindings, { params: { sheetId }, query: { page, size: SIZE, ...filter } })
  const rows = answer.data?.rows ?? []
  const index = open === undefined ? undefined : rows.findIndex(({ sheetRow }) => sheetRow === open)
  useListKeys({
    count: rows.length,
    index: index === -1 ? undefined : index,
    onMove: (next) => setOpen(rows[next]?.sheetRow),
    onOpen: () => undefined,
    onClose: () => setOpen(undefined),
  })
  const choose = (next: FindingsFilter) => {
    setPage(1)
    setOpen(undefined)
    onFilter(next)
  }
  const tabs = [
    {
      key: undefined,
      label: words.check.tabs.found,
      count: report.refusedRows + report.repairRows + report.remindedRows,
    },
    { key: 'refuse', label: words.check.tabs.refuse, count: report.refusedRows },
    { key: 'repair', label: words.check.tabs.repair, count: report.repairRows },
    { key: 'remind', label: words.check.tabs.remind, count: report.remindedRows },
    { key: 'all', label: words.check.tabs.all, count: report.rows },
  ] as const
  return (
    <section className="box findings" aria-label={words.check.tabs.found}>
      <div className="tabs" role="tablist">
        {tabs.map(({ key, label, count }) => {
          const isOn = filter.severity === key && filter.code === undefined
          return (
            <button
              key={label}
              type="button"
              role="tab"
              aria-selected={isOn}
              className={isOn ? 'tab on' : 'tab'}
              onClick={() => choose(key === undefined ? {} : { severity: key })}
            >
              {label} <b className="figure">{showCount(count)}</b>
            </button>
          )
        })}
      </div>
      <ProblemNote fault={answer.error} />
      {answer.isPending ? (
        <>
          <p className="table-empty">{words.check.loading}</p>
          <Pending lines={12} />
        </>
      ) : null}
      {answer.data === undefined ? null : (
        <>
          <div className={answer.isPlaceholderData ? 'findings-scroll is-old' : 'findings-scroll'}>
            <Grid page={answer.data} open={open} onOpen={setOpen} />
          </div>
          <div className="findings-foot">
            <span className="note">{words.check.masked}</span>
            <Pager page={page} size={SIZE} total={answer.data.total} onPage={setPage} />
          </div>
        </>
      )}
    </section>
  )
}

interface GridProps {
  readonly page: FindingsPage
  readonly open: number | undefined
  readonly onOpen: (sheetRow: number | undefined) => void
}

function Grid({ page, open, onOpen }: GridProps) {
  if (page.rows.length === 0) return <p className="table-empty">{words.check.noneHere}</p>
  return (
    <table className="table found-grid" aria-label={words.check.tabs.found}>
      <thead>
        <tr className="grid-letters">
          <th scope="col" aria-label={words.check.rowNumber} />
          <th scope="col" aria-label={words.check.reason} />
          {page.columns.map(({ letter }) => (
            <th key={letter} scope="col">
              {letter}
            </th>
          ))}
        </tr>
        <tr>
          <th scope="col" className="number">
            {words.check.rowNumber}
          </th>
          <th scope="col">{words.check.reason}</th>
          {page.columns.map(({ letter, heading, label }) => (
            <th key={letter} scope="col" title={label}>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {page.rows.map((row) => (
          <Fragment key={row.sheetRow}>
            <GridRow
              row={row}
              columns={page.columns}
              isOpen={row.sheetRow === open}
              onOpen={() => onOpen(row.sheetRow === open ? undefined : row.sheetRow)}
            />
            {row.sheetRow === open ? <Explained row={row} span={page.columns.length + 2} /> : null}
          </Fragment>
        ))}
      </tbody>
    </table>
  )
}

interface GridRowProps {
  readonly row: FoundRow
  readonly columns: FindingsPage['columns']
  readonly isOpen: boolean
  readonly onOpen: () => void
}

function GridRow({ row, columns, isOpen, onOpen }: GridRowProps) {
  const whole = row.findings.find(({ column }) => column === null)
  const [first] = row.findings
  return (
    <tr className={isOpen ? 'row-opens on' : 'row-opens'} onClick={onOpen}>
      <th scope="row" className={whole === undefined ? 'number' : `number found-${whole.severity}`}>
        {row.sheetRow}
      </th>
      <td className="found-reason">
        {first === undefined ? null : (
          <button type="button" className="link-button" aria-expanded={isOpen}>
            {first.severity === 'refuse' ? null : <span className="second">{words.severities[first.severity]}：</span>}
            {first.reason}
            {row.findings.length > 1 ? ` +${row.findings.length - 1}` : null}
          </button>
        )}
      </td>
      {columns.map(({ column }, place) => {
        const found = row.findings.find((finding) => finding.column === column)
        return (
          <td key={column} className={found === undefined ? undefined : `found found-${found.severity}`}>
            {row.cells[place] ?? (found === undefined ? null : words.check.empty)}
          </td>
        )
      })}
    </tr>
  )
}

function Explained({ row, span }: { readonly row: FoundRow; readonly span: number }) {
  return (
    <tr className="row-below found-explained">
      <td colSpan={span}>
        {row.findings.map((finding) => (
          <div key={`${finding.code}${finding.letter}`}>
            <b>
              {finding.letter === null ? words.check.whole : `${finding.letter}${row.sheetRow}`} {finding.label}
            </b>{' '}
            {finding.reason} <span className="second">{words.check.marks[finding.severity]}</span>
          </div>
        ))}
      </td>
    </tr>
  )
}
