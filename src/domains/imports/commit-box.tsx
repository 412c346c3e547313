import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { keyOf, useAction } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { useMay } from '../../web/viewer.tsx'
import { isListKind } from '../persons/index.ts'
import { commitSheet, type ImportReport, type ImportSheet, readSheet } from './contract.ts'
import { MarkedButton } from './marked-button.tsx'
import { words } from './page-words.web.ts'
import { batchPath } from './paths.web.ts'

interface CommitBoxProps {
  readonly sheet: ImportSheet
  readonly report: ImportReport
}

const RUNS_NEW = '/runs/new'
const ROSTERS = '/rosters'

/** All of the sheet or none of it; or the good rows, with the others given back. */
export function CommitBox({ sheet, report }: CommitBoxProps) {
  const isClean = report.refusedRows === 0
  return (
    <Box title={sheet.state === 'committed' ? words.commit.done : words.commit.how}>
      {sheet.hasRaw && sheet.mayWork && report.counts.length > 0 ? (
        <div className="box-body">
          <MarkedButton sheetId={sheet.sheetId} />
          <p className="note">{words.check.markedNote}</p>
        </div>
      ) : null}
      {sheet.state === 'committed' ? <Committed sheet={sheet} /> : null}
      {sheet.state === 'checked' && sheet.mayWork ? <Commit sheet={sheet} report={report} isClean={isClean} /> : null}
    </Box>
  )
}

/** A list of an office is compared on a page of its own, by whoever may. */
function NextStep({ isList }: { readonly isList: boolean }) {
  const mayCompare = useMay('roster.read')
  if (isList && !mayCompare) return null
  return (
    <Link to={isList ? ROSTERS : RUNS_NEW} className="button button-primary">
      {isList ? words.commit.toRosters : words.commit.toRuns}
    </Link>
  )
}

function Committed({ sheet }: { readonly sheet: ImportSheet }) {
  const isList = isListKind(sheet.kind)
  return (
    <div className="box-body stack">
      <p className="closes">
        <Icon name="check" size={14} /> {words.commit.done}
      </p>
      <p className="note">{isList ? words.commit.doneListNote : words.commit.doneNote}</p>
      <NextStep isList={isList} />
      {sheet.batchId === null ? null : (
        <Link to={batchPath(sheet.batchId)} className="button">
          {words.commit.toBatch}
        </Link>
      )}
    </div>
  )
}

function Commit({ sheet, report, isClean }: CommitBoxProps & { readonly isClean: boolean }) {
  const queryClient = useQueryClient()
  const commit = useAction(commitSheet)
  const [mode, setMode] = useState<'whole' | 'good-rows'>('whole')
  const [acceptOlder, setAcceptOlder] = useState(false)
  const [acceptOtherKind, setAcceptOtherKind] = useState(false)
  const [isPartial, setIsPartial] = useState(false)
  const isOlder = report.notes.some(({ code }) => code === 'older-extract')
  const request = { params: { sheetId: sheet.sheetId } }
  const isOtherKind = sheet.otherKind !== null
  const isAccepted = (!isOlder || acceptOlder) && (!isOtherKind || acceptOtherKind)
  const isReady = (mode === 'whole' ? isClean : report.goodRows > 0) && isAccepted
  const store = () =>
    commit.mutate(
      {
        ...request,
        body: {
          mode,
          ...(acceptOlder ? { acceptOlder } : {}),
          ...(acceptOtherKind ? { acceptOtherKind } : {}),
          ...(isPartial ? { partial: true } : {}),
        },
      },
      {
        onSuccess: (storing) => {
          queryClient.setQueryData(keyOf(readSheet, request), storing)
          for (const key of ['import.list', 'batch.list']) void queryClient.invalidateQueries({ queryKey: [key] })
        },
      },
    )
  return (
    <div className="box-body stack">
      {isClean ? null : (
        <fieldset className="commit-modes">
          <legend className="off-screen">{words.commit.how}</legend>
          <Mode
            label={words.commit.whole}
            note={words.commit.wholeNote(showCount(report.rows))}
            isChosen={mode === 'whole'}
            onChoose={() => setMode('whole')}
          />
          <Mode
            label={words.commit.good}
            note={words.commit.goodNote(showCount(report.goodRows), showCount(report.refusedRows))}
            isChosen={mode === 'good-rows'}
            onChoose={() => setMode('good-rows')}
          />
        </fieldset>
      )}
      {sheet.otherKind === null ? null : (
        <Checkbox checked={acceptOtherKind} onChange={(event) => setAcceptOtherKind(event.target.checked)}>
          {words.commit.otherKind(words.kinds[sheet.otherKind.kind], words.kinds[sheet.kind])}
        </Checkbox>
      )}
      {isOlder ? (
        <Checkbox checked={acceptOlder} onChange={(event) => setAcceptOlder(event.target.checked)}>
          {words.commit.older}
        </Checkbox>
      ) : null}
      <Checkbox checked={isPartial} onChange={(event) => setIsPartial(event.target.checked)}>
        {words.commit.partial}
      </Checkbox>
      <ProblemNote fault={commit.error} />
      <Button type="primary" block disabled={!isReady} loading={commit.isPending} onClick={store}>
        {mode === 'good-rows'
          ? words.commit.doGood(showCount(report.goodRows))
          : isClean
            ? words.commit.do
            : `${words.commit.do}（${words.commit.left(showCount(report.refusedRows))}）`}
      </Button>
      <p className="note">
        <Icon name="undo" size={13} /> {words.commit.undoNote}
      </p>
    </div>
  )
}

interface ModeProps {
  readonly label: string
  readonly note: string
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function Mode({ label, note, isChosen, onChoose }: ModeProps) {
  return (
    <label className="commit-mode">
      <input type="radio" name="mode" checked={isChosen} onChange={onChoose} />
      <span>
        <b>{label}</b>
        <span className="note">{note}</span>
      </span>
    </label>
  )
}
