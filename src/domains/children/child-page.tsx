import { useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { isReason } from '../../kernel/reason.ts'
import { isCode } from '../../web/api/api-problem.ts'
import { keyOf, useAction, useAnswer } from '../../web/api/query.ts'
import { Box } from '../../web/kit/box.tsx'
import { Field } from '../../web/kit/field.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { usePathPart } from '../../web/router/use-address.ts'
import { useMay } from '../../web/viewer.tsx'
import { type ChildFile, openChildFile, readChildFile } from '../persons/index.ts'
import { readTimeline } from '../whereabouts/index.ts'
import { Account } from './child-table.tsx'
import { words } from './page-words.web.ts'
import { casePath } from './paths.web.ts'
import { PersonBox } from './person-box.tsx'
import { SourcesBox } from './sources-box.tsx'
import { TimelineBox } from './timeline-box.tsx'
import './children.css'

/** One child: who, where on every day, on whose word. Reading it is logged; who has no task says why first. */
export default function ChildPage() {
  const childId = Number(usePathPart('childId'))
  const answer = useAnswer(readChildFile, { params: { childId } })
  if (isCode(answer.error, 'CHILD.REASON_NEEDED')) return <AskWhy childId={childId} />
  if (answer.isPending) return <Pending lines={12} />
  if (answer.data === undefined) return <ProblemNote fault={answer.error} />
  return <File file={answer.data} />
}

function AskWhy({ childId }: { readonly childId: number }) {
  const queryClient = useQueryClient()
  const open = useAction(openChildFile)
  const [reason, setReason] = useState('')
  const request = { params: { childId } }
  const isEnough = isReason(reason)
  const submit = () => {
    if (!isEnough) return
    open.mutate(
      { ...request, body: { reason: reason.trim() } },
      { onSuccess: (file) => queryClient.setQueryData(keyOf(readChildFile, request), file) },
    )
  }
  return (
    <div className="stack">
      <PageHead title={words.file.title} />
      <Box title={words.file.reasonTitle}>
        <div className="box-body ask-why">
          <p>{words.file.reasonWhat}</p>
          <Field label={words.file.reasonLabel}>
            {(names) => (
              <Input
                {...names}
                autoFocus
                maxLength={200}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
                onPressEnter={submit}
              />
            )}
          </Field>
          <ProblemNote fault={open.error} />
          <Button type="primary" disabled={!isEnough} loading={open.isPending} onClick={submit}>
            {words.file.open}
          </Button>
        </div>
      </Box>
    </div>
  )
}

function File({ file }: { readonly file: ChildFile }) {
  return (
    <div className="stack">
      <Head file={file} />
      {file.isCallable ? null : <Notice>{words.file.notCallable}</Notice>}
      <PersonBox file={file} />
      <TimelineBox childId={file.childId} />
      <div className="file-parts">
        <SourcesBox file={file} />
        <Siblings file={file} />
      </div>
    </div>
  )
}

function Head({ file }: { readonly file: ChildFile }) {
  const timeline = useAnswer(readTimeline, { params: { childId: file.childId }, query: {} })
  const mayPost = useMay('book.post')
  const mayReadCase = useMay('case.read')
  const current = timeline.data?.spans.find(({ superseded, until }) => superseded === null && until === null)
  return (
    <PageHead
      title={file.identity?.name ?? words.file.title}
      documentTitle={words.file.title}
      mark={
        <>
          {current === undefined ? null : <Account child={current} />}
          {file.needsRepair ? <Tag tone="passing">{words.file.repair}</Tag> : null}
        </>
      }
    >
      {current?.caseId == null || !mayReadCase ? null : (
        <Link to={casePath(current.caseId)} className="button">
          {words.file.toTask}
        </Link>
      )}
      {mayPost && current !== undefined ? (
        <Link to={`/children/${file.childId}/entry`} className="button button-primary">
          {words.file.post}
        </Link>
      ) : null}
    </PageHead>
  )
}

function Siblings({ file }: { readonly file: ChildFile }) {
  return (
    <Box title={words.file.household}>
      {file.siblings.length === 0 ? <p className="box-body note">{words.list.empty}</p> : null}
      <ul className="siblings">
        {file.siblings.map(({ childId, name, sex, birth }) => (
          <li key={childId}>
            <Link to={`/children/${childId}`}>{name}</Link>{' '}
            <span className="second">
              {sex === 1 || sex === 2 ? words.list.sex[sex] : null} {birth}
            </span>
          </li>
        ))}
      </ul>
    </Box>
  )
}
