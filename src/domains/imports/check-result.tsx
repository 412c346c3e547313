import { useState } from 'react'
import { showCount, showDecimal } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Notice } from '../../web/kit/problem-note.tsx'
import { CommitBox } from './commit-box.tsx'
import type { FindingCount, ImportNote, ImportReport, ImportSheet } from './contract.ts'
import { FindingsTable } from './findings-table.tsx'
import { SEVERITIES, type Severity } from './kinds.ts'
import { words } from './page-words.web.ts'

interface CheckResultProps {
  readonly sheet: ImportSheet
  readonly report: ImportReport
}

/** What is shown of the rows: those of one kind of trouble, or of one severity. */
export type FindingsFilter = { readonly severity?: Severity | 'all'; readonly code?: string }

/** What may spoil the whole sheet stands before what is only told. */
const STRONG: ReadonlySet<ImportNote['code']> = new Set(['other-kind', 'no-township'])

/** Which cells are wrong, and whether the sheet may go in. */
export function CheckResult({ sheet, report }: CheckResultProps) {
  const [filter, setFilter] = useState<FindingsFilter>({})
  const strong = report.notes.filter(({ code }) => STRONG.has(code))
  const others = report.notes.filter(({ code }) => !STRONG.has(code))
  return (
    <>
      {strong.length === 0 ? null : (
        <Notice>
          {strong.map(({ code, text }) => (
            <div key={code}>
              <b>{text}</b>
            </div>
          ))}
        </Notice>
      )}
      {others.length === 0 ? null : (
        <Notice tone="passing">
          <b>{words.check.notes}</b>
          {others.map(({ code, text }) => (
            <div key={`${code}${text}`}>{text}</div>
          ))}
        </Notice>
      )}
      <div className="check-result">
        <FindingsTable sheet={sheet} report={report} filter={filter} onFilter={setFilter} />
        <div className="stack">
          <Where report={report} filter={filter} onFilter={setFilter} />
          <CommitBox sheet={sheet} report={report} />
        </div>
      </div>
      <Effect report={report} />
    </>
  )
}

interface WhereProps {
  readonly report: ImportReport
  readonly filter: FindingsFilter
  readonly onFilter: (filter: FindingsFilter) => void
}

function Where({ report, filter, onFilter }: WhereProps) {
  const all = report.counts.reduce((sum, { findings }) => sum + findings, 0)
  const most = Math.max(1, ...report.counts.map(({ findings }) => findings))
  return (
    <Box title={words.check.where} note={words.check.places(showCount(all))}>
      {all === 0 ? (
        <div className="box-body">
          <b>{words.check.none}</b>
          <p className="note">{words.check.noneSub}</p>
        </div>
      ) : null}
      {SEVERITIES.map((severity) => {
        const counts = report.counts.filter((line) => line.severity === severity)
        if (counts.length === 0) return null
        return (
          <div key={severity} className="where-group">
            <div className="where-head second">{words.severities[severity]}</div>
            <ul className="where">
              {counts.map((line) => (
                <WhereLine
                  key={line.code}
                  line={line}
                  most={most}
                  isChosen={filter.code === line.code}
                  onChoose={() => onFilter(filter.code === line.code ? {} : { code: line.code })}
                />
              ))}
            </ul>
          </div>
        )
      })}
    </Box>
  )
}

interface WhereLineProps {
  readonly line: FindingCount
  readonly most: number
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function WhereLine({ line, most, isChosen, onChoose }: WhereLineProps) {
  return (
    <li>
      <button
        type="button"
        className={isChosen ? 'where-line on' : 'where-line'}
        aria-pressed={isChosen}
        onClick={onChoose}
      >
        <span>{line.label}</span>
        <b className="figure">{showCount(line.findings)}</b>
        <span className="where-bar" aria-hidden="true">
          <span style={{ width: `${Math.max(4, (line.findings / most) * 100)}%` }} />
        </span>
      </button>
    </li>
  )
}

function Effect({ report }: { readonly report: ImportReport }) {
  const { newChildren, changed, unchanged, repeats } = report.effect
  const parts = [
    [words.check.newChildren, newChildren],
    [words.check.changed, changed],
    [words.check.unchanged, unchanged],
    [words.check.repeats, repeats],
  ] as const
  return (
    <Box>
      <div className="box-body effect">
        <b>{words.check.effect}</b>
        {parts.map(([label, count]) => (
          <span key={label}>
            {label} <b className="figure">{showCount(count)}</b>
          </span>
        ))}
        <span className="second">{words.check.sum(showCount(report.goodRows))}</span>
        <span className="second effect-took">
          {words.check.done} · {words.check.took(showDecimal(report.seconds))}
        </span>
      </div>
      {report.covers.length === 0 ? null : (
        <div className="box-body effect-covers note">
          {words.check.covers}：
          {report.covers
            .slice(0, 6)
            .map(({ name, rows }) => `${name} ${showCount(rows)} ${words.rows}`)
            .join('，')}
          {report.coverCount > 6 ? words.check.coversMore(showCount(report.coverCount)) : null}
        </div>
      )}
    </Box>
  )
}
