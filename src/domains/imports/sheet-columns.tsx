import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { keyOf, useAction } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { NamedDay } from '../../web/kit/day-input.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { type ColumnMap, doubledColumns } from './column-map.ts'
import { type ColumnsChanged, changeSheet, checkSheet, type ImportSheet, readSheet } from './contract.ts'
import { words } from './page-words.web.ts'

interface SheetColumnsProps {
  readonly sheet: ImportSheet
  readonly onChecking: () => void
}

type SheetField = ImportSheet['fields'][number]

/** Which column is what: required and missing first, then what is known, the rest folded. */
export function SheetColumns({ sheet, onChecking }: SheetColumnsProps) {
  const queryClient = useQueryClient()
  const [columns, setColumns] = useState<ColumnMap>(sheet.columns)
  const [asOf, setAsOf] = useState(sheet.asOfDay)
  const [isUnfolded, setIsUnfolded] = useState(false)
  // The order is that of the first look, so that a row does not jump away under the hand that maps it.
  const [missingFirst] = useState(() => new Set(sheet.missing.map(({ field }) => field)))
  const [givenFirst] = useState(() => new Set(Object.keys(sheet.columns)))
  const change = useAction(changeSheet)
  const check = useAction(checkSheet)
  const request = { params: { sheetId: sheet.sheetId } }

  const doubled = doubledColumns(columns)
  const missing = sheet.fields.filter(({ field, isRequired }) => isRequired && columns[field] === undefined)
  const front = sheet.fields.filter(({ field }) => missingFirst.has(field))
  const given = sheet.fields.filter(({ field }) => !missingFirst.has(field) && givenFirst.has(field))
  const rest = sheet.fields.filter(({ field }) => !missingFirst.has(field) && !givenFirst.has(field))
  const isRestOpen = isUnfolded || rest.some(({ field }) => columns[field] !== undefined)
  const used = new Set(Object.values(columns))
  const unused = sheet.sheetColumns.filter(({ index, heading }) => !used.has(index) && heading !== '')

  const start = async () => {
    const isChanged = asOf !== sheet.asOfDay || JSON.stringify(columns) !== JSON.stringify(sheet.columns)
    if (isChanged) await change.mutateAsync({ ...request, body: { columns, asOf } })
    const checking = await check.mutateAsync(request)
    queryClient.setQueryData(keyOf(readSheet, request), checking)
    onChecking()
  }
  const put = (field: string, column: number | undefined) => {
    const { [field]: _, ...others } = columns
    setColumns(column === undefined ? others : { ...others, [field]: column })
  }

  const tableColumns: readonly Column<SheetField>[] = [
    {
      id: 'field',
      head: words.sheet.field,
      isTitle: true,
      width: '30%',
      cell: ({ label, isRequired }) => (
        <>
          {label} {isRequired ? <Tag tone="brand">{words.sheet.required}</Tag> : null}
        </>
      ),
    },
    {
      id: 'column',
      head: words.sheet.column,
      width: '30%',
      cell: ({ field, label, isRequired }) => (
        <Choice
          className={isRequired && columns[field] === undefined ? 'choice-wide choice-missing' : 'choice-wide'}
          label={words.sheet.mapFor(label)}
          none={words.sheet.notGiven}
          value={String(columns[field] ?? '')}
          options={sheet.sheetColumns.map(({ index, letter, heading }) => ({
            value: String(index),
            label: `${letter} ${heading}`,
          }))}
          onChange={(value) => put(field, value === '' ? undefined : Number(value))}
        />
      ),
    },
    {
      id: 'samples',
      head: words.sheet.samples,
      cell: ({ field }) => {
        const found = sheet.sheetColumns.find(({ index }) => index === columns[field])
        if (found === undefined) return null
        if (doubled.has(found.index)) return <b>{words.sheet.twice(found.heading)}</b>
        return <span className="second">{found.samples.join('，')}</span>
      },
    },
  ]

  return (
    <>
      {sheet.otherKind === null ? null : <Notice>{sheet.otherKind.text}</Notice>}
      {sheet.isCut ? <Notice>{words.sheet.cut(showCount(sheet.sheetColumns.length))}</Notice> : null}
      {sheet.columnsChanged === null ? null : <Changed changed={sheet.columnsChanged} />}
      {sheet.otherWorksheets.length === 0 ? null : (
        <Notice>{words.sheet.otherWorksheets(sheet.otherWorksheets.join('、'))}</Notice>
      )}
      <Box
        title={words.sheet.stepNames.columns}
        note={`${sheet.worksheet ?? sheet.format} · ${words.sheet.headerAt(sheet.headerRow)}`}
      >
        {missing.length === 0 ? (
          <p className="column-known note">{words.sheet.allKnown}</p>
        ) : (
          <div className="box-body">
            <Notice>{words.sheet.missing(missing.map(({ label }) => label).join('、'))}</Notice>
          </div>
        )}
        <DataTable
          label={words.sheet.stepNames.columns}
          columns={tableColumns}
          rows={[...front, ...given, ...(isRestOpen ? rest : [])]}
          keyOf={({ field }) => field}
        />
        <div className="box-body column-rest">
          {rest.length === 0 || isRestOpen ? null : (
            <Button type="link" onClick={() => setIsUnfolded(true)}>
              {words.sheet.more(rest.length)}
            </Button>
          )}
          {unused.length === 0 ? null : (
            <span className="note">{words.sheet.unused(unused.map(({ heading }) => heading).join('、'))}</span>
          )}
        </div>
      </Box>
      <ProblemNote fault={change.error ?? check.error} />
      {sheet.mayWork ? (
        <div className="next-action wizard-foot">
          <NamedDay label={words.sheet.asOfLabel} value={asOf} onChange={(day) => setAsOf(day || sheet.asOfDay)} />
          <Button
            type="primary"
            disabled={missing.length > 0 || doubled.size > 0}
            loading={change.isPending || check.isPending}
            onClick={() => void start().catch(() => undefined)}
          >
            {sheet.report === null ? words.sheet.check : words.sheet.recheck}
          </Button>
        </div>
      ) : null}
    </>
  )
}

function Changed({ changed }: { readonly changed: ColumnsChanged }) {
  const list = (parts: readonly { readonly heading: string }[]) => parts.map(({ heading }) => heading).join('、')
  const said = [
    changed.added.length === 0 ? null : words.sheet.added(list(changed.added)),
    changed.gone.length === 0 ? null : words.sheet.gone(list(changed.gone)),
    changed.moved.length === 0 ? null : words.sheet.moved(list(changed.moved)),
  ].filter((part) => part !== null)
  return (
    <Notice tone="passing">
      <b>{words.sheet.changedTitle}</b>
      {said.map((part) => (
        <div key={part}>{part}</div>
      ))}
    </Notice>
  )
}
