import { useCallback } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { showInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { NamedDay } from '../../web/kit/day-input.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { SearchBox } from '../../web/kit/search-box.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useAddressState } from '../../web/router/use-address.ts'
import { words as kit } from '../../web/words.ts'
import { type AuditLine, listAudit } from './audit-contract.ts'
import { words } from './page-words.web.ts'

const SIZE = 50
const KINDS = ['read', 'write', 'sign-in', 'export', 'reveal', 'refused'] as const

/** Who looked at what, and why; nothing here can be changed. */
export default function AuditPage() {
  const [address, change] = useAddressState()
  const page = Number(address.page ?? 1)
  const kind = KINDS.find((known) => known === address.kind)
  const filter = {
    ...(address.from === undefined ? {} : { from: address.from }),
    ...(address.until === undefined ? {} : { until: address.until }),
    ...(kind === undefined ? {} : { kind }),
    ...(address.q === undefined ? {} : { q: address.q }),
  }
  const audit = useAnswer(listAudit, { query: { page, size: SIZE, ...filter } })
  const search = useCallback((q: string) => change({ q, page: undefined }), [change])
  return (
    <div className="stack">
      <PageHead title={words.audit.title} note={words.audit.note} />
      <Box>
        <div className="filters">
          <NamedDay
            label={words.audit.from}
            value={address.from ?? ''}
            onChange={(from) => change({ from, page: undefined })}
          />
          <NamedDay
            label={words.audit.until}
            value={address.until ?? ''}
            onChange={(until) => change({ until, page: undefined })}
          />
          <Choice
            label={words.audit.kind}
            none={kit.all}
            value={kind ?? ''}
            options={KINDS.map((value) => ({ value, label: words.audit.kinds[value] }))}
            onChange={(value) => change({ kind: value, page: undefined })}
          />
          <SearchBox label={words.audit.search} value={address.q ?? ''} onSearch={search} />
        </div>
        <ProblemNote fault={audit.error} />
        {audit.isPending ? <Pending lines={12} /> : null}
        {audit.data === undefined ? null : (
          <>
            <DataTable
              label={words.audit.title}
              columns={COLUMNS}
              rows={audit.data.rows}
              keyOf={({ auditId }) => auditId}
              empty={words.audit.empty}
            />
            <Pager page={page} size={SIZE} total={audit.data.total} onPage={(next) => change({ page: next })} />
          </>
        )}
      </Box>
    </div>
  )
}

function kindWord(kind: string): string {
  const known = KINDS.find((one) => one === kind)
  return known === undefined ? kind : words.audit.kinds[known]
}

/** Eight characters tell one file from another on a page; the whole would hide the rest of the line. */
const UUID_TAIL = /(?<=^[0-9a-f]{8})-[0-9a-f-]{27}/

/** [REG-27] `unit:20` as the bureau says it: by name where it has one; an id too long to read is cut, the whole stands in the tip. */
function Target({ line: { target, targetNames } }: { readonly line: AuditLine }) {
  if (target === null) return null
  return (
    <span title={target}>
      {target.split(' ').map((one) => {
        const [, kind = '', id = ''] = /^([\w-]+):(.*)$/.exec(one) ?? []
        const known: Readonly<Record<string, string>> = words.audit.targets
        const name = targetNames.find((named) => named.id === one)?.name
        return (
          <span key={one} className="audit-target">
            {known[kind] ?? kind}{' '}
            {name === undefined ? <span className="second">{id.replace(UUID_TAIL, '')}</span> : name}
          </span>
        )
      })}
    </span>
  )
}

/** The code behind a refusal is for who looks into it, not for the column. */
function Outcome({ line }: { readonly line: AuditLine }) {
  if (line.outcome === 'ok') return words.audit.outcomes.ok
  return (
    <span title={line.outcome}>
      {line.kind === 'refused' ? words.audit.outcomes.refused : words.audit.outcomes.failed}
    </span>
  )
}

const COLUMNS: readonly Column<AuditLine>[] = [
  {
    id: 'at',
    head: words.audit.at,
    width: '140px',
    cell: ({ at }) => <span className="second">{showInstant(at)}</span>,
  },
  {
    id: 'person',
    head: words.audit.person,
    width: '104px',
    cell: ({ person }) => (person === null ? <span className="second">{words.audit.nobody}</span> : <b>{person}</b>),
  },
  { id: 'unit', head: words.audit.unit, width: '160px', isHiddenOnPhone: true, cell: ({ unit }) => unit },
  { id: 'kind', head: words.audit.kind, width: '96px', cell: ({ kind }) => <Tag>{kindWord(kind)}</Tag> },
  {
    id: 'action',
    head: words.audit.action,
    isTitle: true,
    cell: ({ actionLabel }) => <span title={actionLabel}>{actionLabel}</span>,
  },
  { id: 'target', head: words.audit.target, width: '160px', cell: (line) => <Target line={line} /> },
  { id: 'reason', head: words.audit.reason, width: '150px', cell: ({ reason }) => reason },
  { id: 'outcome', head: words.audit.outcome, width: '92px', cell: (line) => <Outcome line={line} /> },
  {
    id: 'address',
    head: words.audit.address,
    width: '112px',
    isHiddenOnPhone: true,
    cell: ({ address }) => <span className="second">{address}</span>,
  },
]
