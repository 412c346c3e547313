import { Button } from 'antd'
import { showBytes, showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { DropArea } from '../../web/kit/drop-area.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { ProgressLine } from '../../web/kit/progress-line.tsx'
import type { SheetRole } from './contract.ts'
import { type Intake, missingOf, stopSending, takeFile } from './draft.web.ts'
import { words } from './page-words.web.ts'

const ACCEPT = '.xlsx,.csv,.tsv,.txt,.parquet'

interface SheetIntakeProps {
  readonly role: SheetRole
  readonly intake: Intake
}

/** One of the two sheets, from the empty place to what was recognised in it. */
export function SheetIntake({ role, intake }: SheetIntakeProps) {
  const take = (file: File) => void takeFile(role, file)
  return (
    <Box title={words.sheets[role]} note={words.sheetNotes[role]} className="sheet-box">
      {intake.state === 'empty' ? <Drop role={role} onFile={take} /> : null}
      {intake.state === 'sending' ? <Sending role={role} intake={intake} /> : null}
      {intake.state === 'refused' ? (
        <>
          <div className="box-body">
            <ProblemNote fault={intake.fault}>
              <Button onClick={() => take(intake.file)}>{words.wizard.retry}</Button>
            </ProblemNote>
          </div>
          <Drop role={role} onFile={take} />
        </>
      ) : null}
      {intake.state === 'ready' ? <Recognised role={role} intake={intake} /> : null}
    </Box>
  )
}

function Drop({ role, onFile }: { readonly role: SheetRole; readonly onFile: (file: File) => void }) {
  return <DropArea label={words.sheets[role]} accept={ACCEPT} hint={words.wizard.accepts} onFile={onFile} />
}

type Sent = Extract<Intake, { state: 'sending' }>

function Sending({ role, intake }: { readonly role: SheetRole; readonly intake: Sent }) {
  const { file, doneBytes, startedAt } = intake
  const percent = file.size === 0 ? 0 : Math.floor((doneBytes / file.size) * 100)
  const seconds = (performance.now() - startedAt) / 1000
  const isSent = percent >= 100
  return (
    <div className="box-body sending">
      <div className="sending-name">
        <Icon name="file" /> <b>{file.name}</b>
      </div>
      <ProgressLine percent={percent} label={words.sheets[role]} />
      <div className="sending-line">
        <span role="status">{isSent ? words.wizard.reading : words.wizard.sending(percent)}</span>
        <span className="second">{words.wizard.sent(showBytes(doneBytes), showBytes(file.size))}</span>
        {isSent || seconds < 1 ? null : (
          <span className="second">{words.wizard.rate(showBytes(Math.round(doneBytes / seconds)))}</span>
        )}
        <Button onClick={() => stopSending(role)}>{words.wizard.stop}</Button>
      </div>
    </div>
  )
}

type Ready = Extract<Intake, { state: 'ready' }>

function Recognised({ role, intake }: { readonly role: SheetRole; readonly intake: Ready }) {
  const { inspection, columns } = intake
  const missing = missingOf(intake)
  return (
    <div className="box-body">
      <dl className="facts">
        <dt>{words.wizard.fileName}</dt>
        <dd>
          <b>{inspection.fileName}</b> <span className="second nowrap">{showBytes(inspection.bytes)}</span>
        </dd>
        <dt>{words.wizard.rows}</dt>
        <dd>
          <b>{showCount(inspection.rows)}</b> <span className="second">{words.rows}</span>
        </dd>
        <dt>{words.wizard.columns}</dt>
        <dd>{words.wizard.columnsOf(Object.keys(columns).length, inspection.columns.length)}</dd>
        <dt>{words.wizard.format}</dt>
        <dd>
          {[inspection.format, inspection.encoding, inspection.worksheet].filter((part) => part !== null).join(' · ')}
          <span className="second">
            {' · '}
            {words.wizard.headerRow}
            {words.wizard.headerAt(inspection.headerRow)}
          </span>
        </dd>
        <dt>{words.wizard.fingerprint}</dt>
        <dd className="mono">{inspection.fingerprint}</dd>
      </dl>
      {missing.length === 0 ? null : (
        <div className="sheet-missing">
          <Notice>{words.wizard.missing(missing.map(({ label }) => label).join('、'))}</Notice>
        </div>
      )}
      <Button
        className="sheet-change"
        onClick={() => stopSending(role)}
        aria-label={`${words.wizard.change}：${words.sheets[role]}`}
      >
        {words.wizard.change}
      </Button>
    </div>
  )
}
