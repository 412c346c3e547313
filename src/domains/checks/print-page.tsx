import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { isReason, LEAST_REASON } from '../../kernel/reason.ts'
import { useAction } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Field } from '../../web/kit/field.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { usePathPart } from '../../web/router/use-address.ts'
import { words as kit } from '../../web/words.ts'
import { words } from './page-words.web.ts'
import { PROGRESS } from './paths.web.ts'
import { type PrintForm, type PrintRow, printForm } from './sheet-contract.ts'
import './checks.css'

/** The list for the door-to-door check: asked for with a purpose, one village after the other. */
export default function PrintPage() {
  const unitId = Number(usePathPart('unitId'))
  const [reason, setReason] = useState('')
  const asked = useAction(printForm)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    asked.mutate({ body: { unitId, reason: reason.trim() } })
  }
  const sheet = asked.data
  return (
    <div className="stack">
      <PageHead
        title={sheet === undefined ? words.print.documentTitle : words.print.title(sheet.unit)}
        documentTitle={words.print.documentTitle}
        note={sheet === undefined ? null : words.print.count(showCount(sheet.rows.length))}
        primary={
          sheet === undefined ? null : (
            <Button type="primary" icon={<Icon name="print" size={14} />} onClick={() => window.print()}>
              {words.print.print}
            </Button>
          )
        }
      >
        <Link to={PROGRESS} className="button">
          {words.progress.title}
        </Link>
      </PageHead>
      {sheet === undefined ? (
        <Box title={words.print.ask} note={words.print.askNote}>
          <form className="box-body" onSubmit={submit}>
            <Field label={words.print.purpose} hint={kit.reason.hint(LEAST_REASON)}>
              {(names) => (
                <Input {...names} maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
              )}
            </Field>
            <ProblemNote fault={asked.error} />
            <Button type="primary" htmlType="submit" disabled={!isReason(reason)} loading={asked.isPending}>
              {words.print.show}
            </Button>
          </form>
        </Box>
      ) : (
        <Sheet sheet={sheet} />
      )}
    </div>
  )
}

function Sheet({ sheet }: { readonly sheet: PrintForm }) {
  const villages = [...Map.groupBy(sheet.rows, ({ village }) => village)]
  return (
    <Box className="print-sheet">
      <div className="box-body">
        <p className="note">{words.print.stamp(sheet.person, sheet.day)}</p>
        {villages.map(([village, rows]) => (
          <Village key={village} name={village === '' ? words.print.noVillage : village} rows={rows} />
        ))}
        {sheet.blank === 0 ? null : <Found lines={sheet.blank} />}
      </div>
    </Box>
  )
}

const COLUMNS = ['household', 'name', 'sex', 'birth', 'guardian', 'phone', 'address', 'why'] as const

function Village({ name, rows }: { readonly name: string; readonly rows: readonly PrintRow[] }) {
  const { columns } = words.print
  return (
    <>
      <h3>{name}</h3>
      <table aria-label={name}>
        <thead>
          <tr>
            <th className="print-no">{columns.no}</th>
            {COLUMNS.map((id) => (
              <th key={id} className={`print-${id}`}>
                {columns[id]}
              </th>
            ))}
            <th className="print-write">{columns.result}</th>
            <th className="print-write">{columns.remark}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={row.caseId}>
              <td>{at + 1}</td>
              {COLUMNS.map((id) => (
                <td key={id}>{row[id]}</td>
              ))}
              <td />
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Found({ lines }: { readonly lines: number }) {
  const heads = Object.values(words.print.foundColumns)
  return (
    <>
      <h3>{words.print.found}</h3>
      <table aria-label={words.print.found}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head}>{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: lines }, (_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: blank lines are all alike
            <tr key={at} className="blank">
              {heads.map((head) => (
                <td key={head} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
