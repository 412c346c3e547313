import { Button } from 'antd'
import { useState } from 'react'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Notice } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { doubledColumns, letterOf } from '../imports/index.ts'
import type { SheetInspection, SheetRole } from './contract.ts'
import { type Intake, mapColumn, missingOf } from './draft.web.ts'
import { words } from './page-words.web.ts'

type Ready = Extract<Intake, { state: 'ready' }>
type Field = SheetInspection['fields'][number]

/** Which column is what: what is required and missing comes first, what was recognised next, the rest folded. */
export function ColumnMatch({ role, intake }: { readonly role: SheetRole; readonly intake: Ready }) {
  const { inspection, columns } = intake
  const [isUnfolded, setIsUnfolded] = useState(false)
  // The order is that of the first look, so that a row does not jump away under the hand that maps it.
  const [missingFirst] = useState(() => new Set(missingOf(intake).map(({ field }) => field)))
  const [givenFirst] = useState(() => new Set(Object.keys(columns)))
  const doubled = doubledColumns(columns)
  const front = inspection.fields.filter(({ field }) => missingFirst.has(field))
  const given = inspection.fields.filter(({ field }) => !missingFirst.has(field) && givenFirst.has(field))
  const rest = inspection.fields.filter(({ field }) => !missingFirst.has(field) && !givenFirst.has(field))
  const restOpen = isUnfolded || rest.some(({ field }) => columns[field] !== undefined)
  const used = new Set(Object.values(columns))
  const unused = inspection.columns.filter(({ index }) => !used.has(index))
  const missing = missingOf(intake)

  const tableColumns: readonly Column<Field>[] = [
    {
      id: 'field',
      head: words.wizard.field,
      isTitle: true,
      width: '34%',
      cell: ({ label, isRequired }) => (
        <>
          {label} {isRequired ? <Tag tone="brand">{words.wizard.required}</Tag> : null}
        </>
      ),
    },
    {
      id: 'column',
      head: words.wizard.column,
      width: '34%',
      cell: ({ field, label, isRequired }) => (
        <Choice
          className={isRequired && columns[field] === undefined ? 'choice-wide choice-missing' : 'choice-wide'}
          label={words.wizard.mapFor(words.sheets[role], label)}
          none={words.wizard.notGiven}
          value={String(columns[field] ?? '')}
          options={inspection.columns.map(({ index, heading }) => ({
            value: String(index),
            label: `${letterOf(index)} ${heading}`,
          }))}
          onChange={(value) => mapColumn(role, field, value === '' ? undefined : Number(value))}
        />
      ),
    },
    {
      id: 'samples',
      head: words.wizard.samples,
      cell: ({ field }) => (
        <Samples inspection={inspection} column={columns[field]} isDoubled={doubled.has(columns[field] ?? -1)} />
      ),
    },
  ]

  return (
    <Box title={words.sheets[role]} note={inspection.fileName}>
      {missing.length === 0 ? (
        <p className="column-known note">{words.wizard.allKnown}</p>
      ) : (
        <div className="box-body">
          <Notice>{words.wizard.missingHere(missing.map(({ label }) => label).join('、'))}</Notice>
        </div>
      )}
      <DataTable
        label={words.sheets[role]}
        columns={tableColumns}
        rows={[...front, ...given, ...(restOpen ? rest : [])]}
        keyOf={({ field }) => field}
      />
      <div className="box-body column-rest">
        {rest.length === 0 || restOpen ? null : (
          <Button type="link" onClick={() => setIsUnfolded(true)}>
            {words.wizard.more(rest.length)}
          </Button>
        )}
        {unused.length === 0 ? null : (
          <span className="note">{words.wizard.unused(unused.map(({ heading }) => heading).join('、'))}</span>
        )}
      </div>
    </Box>
  )
}

interface SamplesProps {
  readonly inspection: SheetInspection
  readonly column: number | undefined
  readonly isDoubled: boolean
}

function Samples({ inspection, column, isDoubled }: SamplesProps) {
  const found = inspection.columns.find(({ index }) => index === column)
  if (found === undefined) return null
  if (isDoubled) return <b>{words.wizard.twice(found.heading)}</b>
  const text = found.samples.join('，')
  return (
    <span className="second" title={text}>
      {text}
    </span>
  )
}
