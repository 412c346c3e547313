import type { ReactNode } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { Box } from '../../web/kit/box.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { usePathPart } from '../../web/router/use-address.ts'
import { PageProblem } from '../../web/shell/page-states.tsx'
import { accountWords } from '../whereabouts/index.ts'
import { type OutsideDetail, readLine } from './contract.ts'
import { StateTag } from './line-columns.tsx'
import { LineMoves } from './line-moves.tsx'
import { words } from './page-words.web.ts'
import { childPath, OUTSIDE } from './paths.web.ts'
import { outsideWords } from './words.ts'
import './outside.css'

/** One child at one school outside: what both sides know, and what this side does next. */
export default function LinePage() {
  const lineId = Number(usePathPart('lineId'))
  const line = useAnswer(readLine, { params: { lineId } })
  if (line.isPending) return <Pending lines={10} />
  if (line.data === undefined) return <PageProblem fault={line.error} onRetry={() => void line.refetch()} />
  const { name, host, today } = line.data
  return (
    <div className="stack">
      <PageHead
        title={words.line.title(name, host)}
        documentTitle={words.line.documentTitle}
        mark={<StateTag line={line.data} today={today} />}
      >
        <Link to={OUTSIDE} className="button">
          {words.flows.back}
        </Link>
      </PageHead>
      <div className="outside-columns">
        <div className="stack">
          <Facts line={line.data} />
          <History line={line.data} />
        </div>
        <LineMoves key={`${lineId}${line.data.state}`} line={line.data} />
      </div>
    </div>
  )
}

function Facts({ line }: { readonly line: OutsideDetail }) {
  const { family } = line
  return (
    <Box title={words.line.facts}>
      <dl className="outside-facts box-body">
        <Fact label={words.list.name}>
          {line.name} {line.childId === null ? null : <Link to={childPath(line.childId)}>{words.line.openChild}</Link>}
        </Fact>
        <Fact label={words.list.birth}>{line.birth}</Fact>
        <Fact label={words.list.number}>{line.citizenId}</Fact>
        <Fact label={words.list.home}>{line.home}</Fact>
        <Fact label={words.list.host}>{line.host}</Fact>
        <Fact label={words.list.school}>
          {line.school} {line.grade === null ? null : words.list.gradeOf(line.grade)}
        </Fact>
        <Fact label={words.line.since}>{line.sinceDay}</Fact>
        <Fact label={words.list.proof}>{line.proof === null ? null : outsideWords.proofs[line.proof]}</Fact>
        <Fact label={words.line.checked}>{line.checkedDay}</Fact>
        <Fact label={words.line.validUntil}>{line.validUntil}</Fact>
        <Fact label={words.line.due}>{line.dueDay}</Fact>
        <Fact label={words.line.answer}>{line.answer === null ? null : outsideWords.answers[line.answer]}</Fact>
        <Fact label={words.line.account}>{line.account === null ? null : accountWords.accounts[line.account]}</Fact>
        <Fact label={words.line.ending}>
          {line.ending === null ? null : `${outsideWords.endings[line.ending]} ${line.endedDay ?? ''}`}
        </Fact>
        {family === null ? (
          <p className="note">{words.line.familyHidden}</p>
        ) : (
          <>
            <Fact label={words.line.reason}>{family.reason === null ? null : outsideWords.reasons[family.reason]}</Fact>
            <Fact label={words.line.aid}>{family.aid === null ? null : outsideWords.aids[family.aid]}</Fact>
            <Fact label={words.line.phones}>{family.phones.join('、')}</Fact>
          </>
        )}
      </dl>
    </Box>
  )
}

/** What is not known takes no line. */
function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  if (children === null || children === undefined || children === '') return null
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function History({ line: { events } }: { readonly line: OutsideDetail }) {
  const kinds: Readonly<Record<string, string>> = words.line.events
  return (
    <Box title={words.line.history}>
      <ol className="outside-history box-body">
        {events.map(({ kind, day, answer, unit }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events have no id of their own on the page and never move
          <li key={at}>
            <span className="second nowrap">{day}</span> <b>{kinds[kind] ?? kind}</b> {answerOf(answer)}{' '}
            <span className="second">{unit}</span>
          </li>
        ))}
      </ol>
    </Box>
  )
}

function answerOf(answer: string | null): string {
  const known: Readonly<Record<string, string>> = { ...outsideWords.answers, ...outsideWords.endings }
  return answer === null ? '' : (known[answer] ?? '')
}
