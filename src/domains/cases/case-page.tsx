import { Button } from 'antd'
import { Fragment, useState } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { showInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { usePathPart } from '../../web/router/use-address.ts'
import { PageProblem } from '../../web/shell/page-states.tsx'
import { useMay } from '../../web/viewer.tsx'
import { accountWords, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import { CaseChange } from './case-change.tsx'
import { DueCell, showYears } from './case-columns.tsx'
import { type CaseDetail, readCase, type UnitName } from './contract.ts'
import { showAge } from './due.web.ts'
import { words } from './page-words.web.ts'
import { checkPath, childPath, entryPath } from './paths.web.ts'
import './cases.css'

/** One child, one file: why, who answers, until when, what is next. */
export default function CasePage() {
  const caseId = Number(usePathPart('caseId'))
  const found = useAnswer(readCase, { params: { caseId } })
  const mayPost = useMay('book.post')
  const mayReport = useMay('check.report')
  const [isChanging, setIsChanging] = useState(false)
  if (found.isPending) return <Pending lines={10} />
  if (found.data === undefined) return <PageProblem fault={found.error} onRetry={() => void found.refetch()} />
  const file = found.data
  return (
    <div className="stack">
      <PageHead
        title={file.name}
        documentTitle={words.file.documentTitle}
        mark={<Tag tone={file.stage === 'case' && file.isOpen ? 'child' : 'plain'}>{words.stages[file.stage]}</Tag>}
        note={[file.birthDay === null ? null : showYears(file.birthDay, file.today), file.place]
          .filter((part) => part !== null)
          .join('　')}
        primary={
          mayPost && file.isOpen ? (
            <Link to={entryPath(file.childId)} className="button button-primary">
              {words.file.post}
            </Link>
          ) : null
        }
      >
        {file.candidates === null ? null : <Button onClick={() => setIsChanging(true)}>{words.file.change}</Button>}
        {mayReport && file.isOpen && file.stage === 'task' ? (
          <Link to={checkPath(file.caseId)} className="button">
            {words.file.report}
          </Link>
        ) : null}
        <Link to={childPath(file.childId)} className="button">
          <Icon name="person" size={14} />
          {words.file.child}
        </Link>
      </PageHead>
      {file.isOpen || file.closedDay === null || file.outcome === null ? null : (
        <Notice>{words.file.closedNote(file.closedDay, words.outcomes[file.outcome])}</Notice>
      )}
      <div className="case-columns">
        <div className="stack">
          <Next file={file} />
          <Why file={file} />
          <Notes file={file} />
        </div>
        <div className="stack">
          <Who file={file} />
          <Places file={file} />
        </div>
      </div>
      {isChanging ? <CaseChange file={file} onClose={() => setIsChanging(false)} /> : null}
    </div>
  )
}

/** Accounts that ask for a step of their own. */
function nextOf(account: string | null): string | null {
  const steps: Readonly<Record<string, string>> = words.next
  return account === null ? null : (steps[account] ?? null)
}

function Next({ file }: { readonly file: CaseDetail }) {
  const next = file.isOpen ? nextOf(file.account) : null
  if (next === null) return null
  return (
    <Box title={words.file.next}>
      <p className="box-body case-next">{next}</p>
    </Box>
  )
}

function Why({ file }: { readonly file: CaseDetail }) {
  const { account } = file
  return (
    <Box title={words.file.why}>
      <dl className="facts box-body">
        <dt>{words.file.account}</dt>
        <dd>
          {account === null ? (
            words.file.unknown
          ) : (
            <span className={BOOK_ACCOUNTS[account].isUnexplained ? 'figure child' : undefined}>
              {accountWords.accounts[account]}
            </span>
          )}
        </dd>
        <dt>{words.file.since}</dt>
        <dd>{file.since}</dd>
        <dt>{words.file.evidence}</dt>
        <dd>
          {file.evidence === null ? null : accountWords.evidence[file.evidence]}{' '}
          <span className="second">{showAge(file.confirmed, file.today)}</span>{' '}
          {file.expires === null ? null : <span className="second">{words.file.expires(file.expires)}</span>}
        </dd>
      </dl>
    </Box>
  )
}

function Who({ file }: { readonly file: CaseDetail }) {
  const { holder } = file
  return (
    <Box title={words.file.who}>
      <dl className="facts box-body">
        <dt>{words.file.unit}</dt>
        <dd>{holder.unit.name}</dd>
        <dt>{words.file.person}</dt>
        <dd>
          {holder.person ?? <span className="second">{words.holderHidden}</span>}{' '}
          {holder.isStandIn ? <Tag tone="passing">{words.standIn}</Tag> : null}
        </dd>
        <dt>{words.file.opened}</dt>
        <dd>{file.openedDay}</dd>
        {file.dueDay === null ? null : (
          <>
            <dt>{words.file.due}</dt>
            <dd>
              {file.dueDay} <DueCell day={file.dueDay} today={file.today} />
            </dd>
          </>
        )}
      </dl>
    </Box>
  )
}

function Places({ file }: { readonly file: CaseDetail }) {
  const lines: readonly (readonly [string, UnitName | null])[] = [
    [words.file.registered, file.registered],
    [words.file.living, file.living],
    [words.file.school, file.school],
  ]
  return (
    <Box title={words.file.places}>
      <dl className="facts box-body">
        {lines.map(([word, unit]) => (
          <Fragment key={word}>
            <dt>{word}</dt>
            <dd>{unit?.name ?? <span className="second">{words.file.unknown}</span>}</dd>
          </Fragment>
        ))}
      </dl>
    </Box>
  )
}

function Notes({ file }: { readonly file: CaseDetail }) {
  if (file.notes === null) return <p className="note">{words.file.notesHidden}</p>
  return (
    <Box title={words.file.notes}>
      {file.notes.length === 0 ? (
        <p className="box-body second">{words.file.noNotes}</p>
      ) : (
        <ul className="lines case-notes">
          {file.notes.map((note) => (
            <li key={`${note.at}-${note.kind}`}>
              <span>
                <b>{words.noteKinds[note.kind]}</b> {note.text}
              </span>
              <span className="note">{words.file.by(note.person ?? words.file.somebody, showInstant(note.at))}</span>
            </li>
          ))}
        </ul>
      )}
    </Box>
  )
}
