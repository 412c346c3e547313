import { Button } from 'antd'
import { isCode } from '../../web/api/api-problem.ts'
import { saveFile } from '../../web/api/download.ts'
import { useAction, useAnswer } from '../../web/api/query.ts'
import { showCount, showShortInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import type { ListName } from './contract.ts'
import { type ManifestCheck, readManifest, verifyRun } from './manifest-contract.ts'
import { words } from './manifest-words.web.ts'
import { words as page } from './page-words.web.ts'

/** What was signed, the file to take away, and whether everything is still as it was. */
export function ManifestBox({ runId, number }: { readonly runId: string; readonly number: number }) {
  const answer = useAnswer(readManifest, { params: { runId } })
  const verify = useAction(verifyRun)
  const signed = answer.data
  if (isCode(answer.error, 'RUN.UNSIGNED')) {
    return (
      <Box title={words.title}>
        <p className="box-body second">{words.unsigned}</p>
      </Box>
    )
  }
  return (
    <Box title={words.title} note={signed === undefined ? undefined : `${words.fingerprint} ${signed.fingerprint}`}>
      <div className="box-body stack">
        <p className="second">{words.what}</p>
        {answer.isPending ? <Pending lines={3} /> : null}
        <ProblemNote fault={answer.error ?? verify.error} />
        {signed === undefined ? null : (
          <>
            <dl className="facts">
              <Fact term={words.signed} value={`${signed.author} · ${showShortInstant(signed.signedAt)}`} />
              <Fact term={words.inputs} value={words.batches(showCount(signed.inputs))} />
              <Fact term={words.decisions} value={words.count(showCount(signed.decisions))} />
              <Fact
                term={words.model}
                value={signed.model.version === null ? words.learnt : words.kept(String(signed.model.version))}
              />
              <Fact term={words.repeat} value={signed.isRepeatable ? words.repeatable : words.residue} />
            </dl>
            {verify.data === undefined ? null : <Checks checks={verify.data.checks} />}
            <div className="reveal-actions">
              <Button loading={verify.isPending} onClick={() => verify.mutate({ params: { runId } })}>
                {words.verify}
              </Button>
              <Button
                icon={<Icon name="download" size={14} />}
                onClick={() => saveFile({ fileName: words.fileName(number), blob: new Blob([signed.file]) })}
              >
                {words.download}
              </Button>
            </div>
          </>
        )}
      </div>
    </Box>
  )
}

function Fact({ term, value }: { readonly term: string; readonly value: string }) {
  return (
    <div className="facts-pair">
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Checks({ checks }: { readonly checks: readonly ManifestCheck[] }) {
  const wrong = checks.filter(({ isRight }) => !isRight)
  return (
    <p role="status">
      {wrong.length === 0 ? (
        <Tag tone="checked">{words.allRight(showCount(checks.length))}</Tag>
      ) : (
        <b>
          {words.wrong}
          {wrong.map(nameOf).join(words.and)}
        </b>
      )}
    </p>
  )
}

function nameOf({ check, list }: ManifestCheck): string {
  return check === 'list' ? words.checks.list(page.lists[list as ListName]) : words.checks[check]
}
