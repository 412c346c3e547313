import { Fragment } from 'react'
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
import { accountWords } from '../whereabouts/index.ts'
import { type CheckDetail, readCheck } from './contract.ts'
import { DueCell, showYears } from './due.web.tsx'
import { words } from './page-words.web.ts'
import { casePath, childPath } from './paths.web.ts'
import { ReportForm } from './report-form.tsx'
import { saidOf } from './report-words.web.ts'
import { ResultLabel } from './result-label.tsx'
import { checksWords } from './words.ts'
import './checks.css'

/** One task: why, what was found so far, what is found now. */
export default function CheckPage() {
  const caseId = Number(usePathPart('caseId'))
  const found = useAnswer(readCheck, { params: { caseId } })
  const mayReport = useMay('check.report')
  const mayReadChild = useMay('child.read')
  if (found.isPending) return <Pending lines={10} />
  if (found.data === undefined) return <PageProblem fault={found.error} onRetry={() => void found.refetch()} />
  const task = found.data
  const isTask = task.isOpen && task.stage === 'task'
  return (
    <div className="stack">
      <PageHead
        title={task.name}
        documentTitle={words.task.documentTitle}
        mark={isTask ? <Tag>{words.states[task.state]}</Tag> : null}
        note={[task.birthDay === null ? null : showYears(task.birthDay, task.today), task.living?.name]
          .filter((part) => part != null)
          .join('　')}
      >
        {mayReadChild ? (
          <Link to={childPath(task.childId)} className="button">
            <Icon name="person" size={14} />
            {words.task.child}
          </Link>
        ) : null}
      </PageHead>
      <State task={task} />
      <div className="check-columns">
        <div className="stack">
          {mayReport && isTask && task.isVisited ? <ReportForm key={task.reports[0]?.reportId} task={task} /> : null}
          <History task={task} />
        </div>
        <div className="stack">
          <Why task={task} />
          <Who task={task} />
        </div>
      </div>
    </div>
  )
}

function State({ task }: { readonly task: CheckDetail }) {
  const [newest] = task.reports
  if (!task.isOpen && task.closedDay !== null) {
    const how: Readonly<Record<string, string>> = words.closedBy
    return <Notice>{words.task.closed(task.closedDay, how[task.closedBy ?? ''] ?? '')}</Notice>
  }
  if (task.stage === 'case') {
    return (
      <Notice>
        {words.task.raised} <Link to={casePath(task.caseId)}>{words.task.case}</Link>
      </Notice>
    )
  }
  if (!task.isVisited) return <Notice>{words.task.missing}</Notice>
  if (newest?.fate !== 'returned') return null
  const reason = newest.words?.returned
  return <Notice tone="passing">{reason === undefined ? words.task.returnedPlain : words.task.returned(reason)}</Notice>
}

function Why({ task }: { readonly task: CheckDetail }) {
  return (
    <Box title={words.task.why}>
      <dl className="facts box-body">
        {task.why === null ? null : (
          <>
            <dt>{words.task.why}</dt>
            <dd>{checksWords.why[task.why]}</dd>
            <dt>{words.task.looks}</dt>
            <dd>
              {task.proposed === null ? (
                <span className="second">{words.task.unsure}</span>
              ) : (
                <ResultLabel code={task.proposed} />
              )}
            </dd>
          </>
        )}
        <dt>{words.task.account}</dt>
        <dd>
          {task.account === null ? words.task.unknown : accountWords.accounts[task.account]}{' '}
          <span className="second">{task.since === null ? null : words.list.since(task.since)}</span>
        </dd>
        <dt>{words.task.evidence}</dt>
        <dd>
          {task.evidence === null ? null : accountWords.evidence[task.evidence]}{' '}
          <span className="second">
            {task.confirmed === null ? words.task.never : words.task.confirmed(task.confirmed)}
          </span>
        </dd>
      </dl>
    </Box>
  )
}

function Who({ task }: { readonly task: CheckDetail }) {
  const { owner } = task
  const places = [
    [words.task.registered, task.registered],
    [words.task.living, task.living],
    [words.task.school, task.school],
  ] as const
  return (
    <Box title={words.task.who}>
      <dl className="facts box-body">
        <dt>{words.task.unit}</dt>
        <dd>{owner.unit.name}</dd>
        <dt>{words.task.person}</dt>
        <dd>
          {owner.person ?? <span className="second">{words.hidden}</span>}{' '}
          {owner.isStandIn ? <Tag tone="passing">{words.standIn}</Tag> : null}
        </dd>
        {task.dueDay === null ? null : (
          <>
            <dt>{words.task.due}</dt>
            <dd>
              {task.dueDay} <DueCell day={task.dueDay} today={task.today} />
            </dd>
          </>
        )}
        {places.map(([word, unit]) => (
          <Fragment key={word}>
            <dt>{word}</dt>
            <dd>{unit?.name ?? <span className="second">{words.task.unknown}</span>}</dd>
          </Fragment>
        ))}
      </dl>
    </Box>
  )
}

function History({ task: { reports } }: { readonly task: CheckDetail }) {
  const isHidden = reports.length > 0 && reports.every((report) => report.words === null)
  return (
    <Box title={words.task.history} {...(isHidden ? { note: words.task.wordsHidden } : {})}>
      {reports.length === 0 ? (
        <p className="box-body second">{words.task.noHistory}</p>
      ) : (
        <ul className="lines check-history">
          {reports.map((report) => (
            <li key={report.reportId}>
              <span>
                {report.result === null ? words.task.noResult : <ResultLabel code={report.result} />}{' '}
                <Tag tone={report.fate === 'returned' ? 'passing' : 'plain'}>
                  {report.isAutomatic ? words.automatic : words.fates[report.fate]}
                </Tag>
              </span>
              <span>{saidOf(report)}</span>
              {report.missing.length === 0 ? null : (
                <span className="check-due passing">
                  {checksWords.missingPapers(report.missing.map((one) => checksWords.missing[one]).join('、'))}
                </span>
              )}
              <span className="note">{words.task.by(report.unit ?? '', showInstant(report.givenAt))}</span>
            </li>
          ))}
        </ul>
      )}
    </Box>
  )
}
