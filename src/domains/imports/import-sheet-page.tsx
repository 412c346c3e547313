import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { keyOf, useAction, useAnswer } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { useGo, usePathPart } from '../../web/router/use-address.ts'
import { CheckResult } from './check-result.tsx'
import { dropSheet, type ImportSheet, readSheet } from './contract.ts'
import { ImportSteps } from './import-steps.tsx'
import { words } from './page-words.web.ts'
import { batchPath, IMPORTS, NEW_IMPORT } from './paths.web.ts'
import { SheetColumns } from './sheet-columns.tsx'
import { SheetProgress } from './sheet-progress.tsx'
import './imports.css'

const LOOK_AGAIN_MS = 700

/** One sheet on its way into the books: which column is what, what is wrong, then in. */
export default function ImportSheetPage() {
  const sheetId = usePathPart('sheetId')
  const answer = useAnswer(
    readSheet,
    { params: { sheetId } },
    { every: (sheet) => (isBusy(sheet) ? LOOK_AGAIN_MS : false) },
  )
  if (answer.isPending) return <Pending lines={12} />
  if (answer.data === undefined) return <ProblemNote fault={answer.error} />
  return <Sheet sheet={answer.data} />
}

function isBusy(sheet: ImportSheet | undefined): boolean {
  return sheet?.state === 'checking' || sheet?.state === 'committing'
}

function Sheet({ sheet }: { readonly sheet: ImportSheet }) {
  const [isMapping, setIsMapping] = useState(false)
  const reached = stepOf(sheet)
  const step = isMapping ? 1 : reached
  const mayMap = sheet.mayWork && (sheet.state === 'uploaded' || sheet.state === 'checked' || sheet.state === 'failed')
  return (
    <div className="stack">
      <SheetHead sheet={sheet} />
      <Box>
        <ImportSteps
          current={step}
          canGo={(target) => (target === 1 && mayMap) || (target === reached && isMapping)}
          onGo={(target) => setIsMapping(target === 1 && reached !== 1)}
        />
      </Box>
      {sheet.mayWork ? null : <Notice>{words.sheet.readOnly}</Notice>}
      {sheet.problem === null ? null : (
        <div className="notice notice-problem" role="alert">
          <div>{sheet.problem.message}</div>
        </div>
      )}
      {isBusy(sheet) ? <SheetProgress sheet={sheet} /> : null}
      {step === 1 && !isBusy(sheet) ? <SheetColumns sheet={sheet} onChecking={() => setIsMapping(false)} /> : null}
      {step >= 2 && sheet.report !== null && !isBusy(sheet) ? (
        <CheckResult sheet={sheet} report={sheet.report} />
      ) : null}
    </div>
  )
}

function stepOf({ state, report }: ImportSheet): number {
  if (state === 'committed' || state === 'committing') return 3
  if (state === 'checking' || state === 'checked') return 2
  return report === null ? 1 : 2
}

function SheetHead({ sheet }: { readonly sheet: ImportSheet }) {
  const known = Object.keys(sheet.columns).length
  const facts = [
    sheet.rows === null
      ? words.sheet.columnsOf(known, sheet.sheetColumns.length)
      : words.sheet.facts(showCount(sheet.rows), words.sheet.columnsOf(known, sheet.sheetColumns.length)),
    words.sheet[sheet.columnsBy],
    words.sheet.asOf(sheet.asOfDay),
  ]
  return (
    <PageHead title={`${words.nav}${words.kinds[sheet.kind]}`} note={`${sheet.fileName} · ${facts.join(' · ')}`}>
      {sheet.state === 'committed' && sheet.batchId !== null ? (
        <Link to={batchPath(sheet.batchId)} className="button">
          {words.commit.toBatch}
        </Link>
      ) : null}
      {sheet.mayWork && sheet.state !== 'committed' && !isBusy(sheet) ? <Drop sheet={sheet} /> : null}
    </PageHead>
  )
}

function Drop({ sheet }: { readonly sheet: ImportSheet }) {
  const go = useGo()
  const queryClient = useQueryClient()
  const drop = useAction(dropSheet)
  const request = { params: { sheetId: sheet.sheetId } }
  const leave = (to: string) =>
    drop.mutate(request, {
      onSuccess: (dropped) => {
        queryClient.setQueryData(keyOf(readSheet, request), dropped)
        void queryClient.invalidateQueries({ queryKey: ['import.list'] })
        go(to, to === NEW_IMPORT ? { kind: sheet.kind } : undefined)
      },
    })
  if (sheet.state === 'dropped') return null
  return (
    <>
      <ProblemNote fault={drop.error} />
      <Button onClick={() => leave(IMPORTS)} loading={drop.isPending}>
        {words.sheet.drop}
      </Button>
      <Button onClick={() => leave(NEW_IMPORT)} disabled={drop.isPending}>
        {words.sheet.change}
      </Button>
    </>
  )
}
