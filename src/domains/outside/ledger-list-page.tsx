import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { findPlainDate, type PlainDate } from '../../kernel/plain-date.ts'
import { download, saveFile } from '../../web/api/download.ts'
import { useAnswer } from '../../web/api/query.ts'
import { upload } from '../../web/api/upload.ts'
import { showCount, showInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { DayInput } from '../../web/kit/day-input.tsx'
import { DropArea } from '../../web/kit/drop-area.tsx'
import { Field } from '../../web/kit/field.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { useGo } from '../../web/router/use-address.ts'
import { useMay } from '../../web/viewer.tsx'
import { type LedgerLine, ledgerTemplate, listLedgers, uploadLedger } from './ledger-contract.ts'
import { LEDGER_KINDS, type LedgerKind } from './ledger-kinds.ts'
import { LedgerSteps } from './ledger-steps.tsx'
import { ledgerWords } from './ledger-words.ts'
import { words } from './page-words.web.ts'
import { ledgerPath, OUTSIDE } from './paths.web.ts'
import './outside.css'

/** Last term's ledgers before the first run: which one, where it goes, and what was carried over already. */
export default function LedgerListPage() {
  const ledgers = useAnswer(listLedgers, {})
  const mayWrite = useMay('outside.write')
  return (
    <div className="stack">
      <PageHead title={words.ledgers.title} note={words.ledgers.note}>
        <Link to={OUTSIDE} className="button">
          {words.ledgers.back}
        </Link>
      </PageHead>
      {mayWrite ? (
        <>
          <Box>
            <LedgerSteps current={0} />
          </Box>
          <Notice>{words.ledgers.first}</Notice>
          {ledgers.data === undefined ? null : <Give today={ledgers.data.today} />}
        </>
      ) : null}
      <Box title={words.ledgers.mine}>
        <ProblemNote fault={ledgers.error} />
        <DataTable
          label={words.ledgers.mine}
          columns={COLUMNS}
          rows={ledgers.data?.rows ?? []}
          keyOf={({ sheetId }) => sheetId}
          empty={words.ledgers.empty}
        />
      </Box>
    </div>
  )
}

function Give({ today }: { readonly today: string }) {
  const go = useGo()
  const [kind, setKind] = useState<LedgerKind>('outside')
  const [asOf, setAsOf] = useState(today)
  const fetching = useMutation({ mutationFn: () => download(ledgerTemplate, { query: { kind } }), onSuccess: saveFile })
  const giving = useMutation({
    mutationFn: (file: File) => upload(uploadLedger, { query: { kind, asOf: asOf as PlainDate } }, file),
    onSuccess: ({ sheetId }) => go(ledgerPath(sheetId)),
  })
  return (
    <div className="outside-give">
      <Box title={words.ledgers.choose}>
        <div className="box-body drawer-form">
          <Field label={words.ledgers.kind} hint={words.ledgers.templateWhy}>
            {(names) => (
              <Choice
                {...names}
                value={kind}
                options={LEDGER_KINDS.map((value) => ({ value, label: ledgerWords.kinds[value] }))}
                onChange={(value) => setKind(LEDGER_KINDS.find((known) => known === value) ?? 'outside')}
              />
            )}
          </Field>
          <Field label={words.ledgers.asOf}>{(names) => <DayInput {...names} value={asOf} onChange={setAsOf} />}</Field>
          <div>
            <Button
              icon={<Icon name="download" size={14} />}
              loading={fetching.isPending}
              onClick={() => fetching.mutate()}
            >
              {words.ledgers.template}
            </Button>
          </div>
          <ProblemNote fault={fetching.error} />
        </div>
      </Box>
      <Box title={words.ledgers.give}>
        <div className="box-body stack">
          <ProblemNote fault={giving.error} />
          {giving.isPending ? (
            <p role="status">{words.ledgers.reading}</p>
          ) : (
            <DropArea
              label={words.ledgers.give}
              accept=".xlsx,.csv"
              hint={words.ledgers.accepts}
              onFile={(file) => {
                if (findPlainDate(asOf) !== undefined) giving.mutate(file)
              }}
            />
          )}
        </div>
      </Box>
    </div>
  )
}

function stateOf({ committedAt, undoneAt, counts, isGone }: LedgerLine): string {
  if (undoneAt !== null) return words.ledgers.states.undone
  if (committedAt !== null) return words.ledgers.states.posted(showCount((counts?.found ?? 0) + (counts?.made ?? 0)))
  return isGone ? words.ledgers.states.gone : words.ledgers.states.checked
}

const COLUMNS: readonly Column<LedgerLine>[] = [
  {
    id: 'kind',
    head: words.ledgers.kind,
    isTitle: true,
    cell: ({ sheetId, kind }) => <Link to={ledgerPath(sheetId)}>{ledgerWords.kinds[kind]}</Link>,
  },
  { id: 'asOf', head: words.ledgers.asOf, width: '120px', cell: ({ asOf }) => asOf },
  { id: 'at', head: words.ledgers.at, width: '150px', cell: ({ createdAt }) => showInstant(createdAt) },
  { id: 'by', head: words.ledgers.by, width: '120px', cell: ({ createdBy }) => createdBy },
  {
    id: 'rows',
    head: words.ledgers.rows,
    width: '80px',
    isNumber: true,
    cell: ({ counts }) => (counts === null ? null : showCount(counts.rows)),
  },
  { id: 'state', head: words.ledgers.state, width: '170px', cell: stateOf },
]
