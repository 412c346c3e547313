import { Button } from 'antd'
import { useRef, useState } from 'react'
import { Problem } from '../../kernel/problem.ts'
import { isCode } from '../../web/api/api-problem.ts'
import { upload } from '../../web/api/upload.ts'
import { showBytes } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { DayInput } from '../../web/kit/day-input.tsx'
import { DropArea } from '../../web/kit/drop-area.tsx'
import { Field } from '../../web/kit/field.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { ProgressLine } from '../../web/kit/progress-line.tsx'
import { useAddressState, useGo } from '../../web/router/use-address.ts'
import { useViewer } from '../../web/viewer.tsx'
import { uploadSheet } from './contract.ts'
import { ImportSteps } from './import-steps.tsx'
import { IMPORT_KINDS, type ImportKind } from './kinds.ts'
import { words } from './page-words.web.ts'
import { IMPORTS, sheetPath } from './paths.web.ts'
import './imports.css'

const ACCEPT = '.xlsx,.csv,.tsv,.txt,.parquet'

interface Sending {
  readonly file: File
  readonly doneBytes: number
}

/** What the sheet is, of which day, and the sheet itself; what follows happens on the sheet's own page. */
export default function ImportNewPage() {
  const { today } = useViewer()
  const go = useGo()
  const [address, change] = useAddressState()
  const kind = IMPORT_KINDS.find((one) => one === address.kind) ?? 'population'
  const [asOf, setAsOf] = useState(today)
  const [sending, setSending] = useState<Sending>()
  const [fault, setFault] = useState<unknown>()
  const stop = useRef<AbortController>(undefined)

  const take = async (file: File) => {
    setFault(undefined)
    if (file.size === 0) {
      setFault(new Problem('FILE.EMPTY', { file: file.name }))
      return
    }
    const control = new AbortController()
    stop.current = control
    setSending({ file, doneBytes: 0 })
    try {
      const sheet = await upload(uploadSheet, { query: { kind, asOf } }, file, {
        signal: control.signal,
        onProgress: ({ doneBytes }) => setSending({ file, doneBytes: Math.min(doneBytes, file.size) }),
      })
      go(sheetPath(sheet.sheetId))
    } catch (problem) {
      if (!isCode(problem, 'CLIENT.STOPPED')) setFault(problem)
    } finally {
      setSending(undefined)
    }
  }

  return (
    <div className="stack">
      <PageHead title={words.fresh.title}>
        <Link to={IMPORTS} className="button">
          {words.fresh.back}
        </Link>
      </PageHead>
      <Box>
        <ImportSteps current={0} canGo={() => false} onGo={() => undefined} />
      </Box>
      <Box title={words.fresh.kind}>
        <fieldset className="kind-choice" disabled={sending !== undefined}>
          <legend className="off-screen">{words.fresh.kind}</legend>
          {IMPORT_KINDS.map((one) => (
            <KindChoice key={one} kind={one} isChosen={one === kind} onChoose={() => change({ kind: one })} />
          ))}
        </fieldset>
        <div className="box-body import-day">
          <Field label={words.fresh.asOf} hint={words.fresh.asOfHint}>
            {(names) => <DayInput {...names} value={asOf} onChange={(day) => setAsOf(day === '' ? today : day)} />}
          </Field>
        </div>
      </Box>
      <Box title={words.kinds[kind]} note={words.kindNotes[kind]}>
        {fault === undefined ? null : (
          <div className="box-body">
            <ProblemNote fault={fault} />
          </div>
        )}
        {sending === undefined ? (
          <DropArea
            label={words.kinds[kind]}
            accept={ACCEPT}
            hint={words.fresh.accepts}
            onFile={(file) => void take(file)}
          />
        ) : (
          <SendingLine kind={kind} sending={sending} onStop={() => stop.current?.abort()} />
        )}
      </Box>
    </div>
  )
}

interface KindChoiceProps {
  readonly kind: ImportKind
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function KindChoice({ kind, isChosen, onChoose }: KindChoiceProps) {
  return (
    <label className={isChosen ? 'kind-option on' : 'kind-option'}>
      <input type="radio" name="kind" value={kind} checked={isChosen} onChange={onChoose} />
      <span>
        <b>{words.kinds[kind]}</b>
        <span className="note">{words.kindNotes[kind]}</span>
      </span>
    </label>
  )
}

interface SendingLineProps {
  readonly kind: ImportKind
  readonly sending: Sending
  readonly onStop: () => void
}

function SendingLine({ kind, sending: { file, doneBytes }, onStop }: SendingLineProps) {
  const percent = Math.floor((doneBytes / file.size) * 100)
  return (
    <div className="box-body import-sending">
      <div>
        <Icon name="file" /> <b>{file.name}</b> <span className="second nowrap">{showBytes(file.size)}</span>
      </div>
      <ProgressLine percent={percent} label={words.kinds[kind]} />
      <div className="import-sending-line">
        <span role="status">{percent >= 100 ? words.fresh.reading : words.fresh.sending(percent)}</span>
        <Button onClick={onStop}>{words.fresh.stop}</Button>
      </div>
    </div>
  )
}
