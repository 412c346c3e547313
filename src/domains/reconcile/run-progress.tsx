import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { keyOf, useAction } from '../../web/api/query.ts'
import { showCount, showRest } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { ProgressLine } from '../../web/kit/progress-line.tsx'
import { cancelRun, type Run, readRun } from './contract.ts'
import { words } from './page-words.web.ts'
import { SheetsStrip } from './sheets-strip.tsx'

/** While it runs: how far, what is being done, how fast, how long yet; and the way to stop it. */
export function RunProgress({ run }: { readonly run: Run }) {
  const percent = run.progress?.percent ?? 0
  const rate = run.progress?.rowsPerSecond ?? null
  const rest = run.progress?.remainingSeconds ?? null
  return (
    <>
      <SheetsStrip run={run} />
      <Box className="run-progress">
        <div className="run-progress-figures">
          <p className="run-percent" aria-live="polite">
            {Math.floor(percent)}
            <span className="unit">%</span>
          </p>
          <dl>
            <div>
              <dt>{words.run.stage}</dt>
              <dd>{run.progress?.stage ?? words.states[run.state]}</dd>
            </div>
            {rate === null ? null : (
              <div>
                <dt>{words.run.rate}</dt>
                <dd>{words.run.rateOf(showCount(Math.round(rate)))}</dd>
              </div>
            )}
            {rest === null ? null : (
              <div>
                <dt>{words.run.rest}</dt>
                <dd>{showRest(rest)}</dd>
              </div>
            )}
          </dl>
        </div>
        <ProgressLine percent={percent} />
        <p className="second">{run.state === 'waiting' ? words.run.waiting : words.run.leave}</p>
        {run.mayCancel ? <Cancel runId={run.runId} /> : null}
      </Box>
    </>
  )
}

function Cancel({ runId }: { readonly runId: string }) {
  const [isAsking, setIsAsking] = useState(false)
  const queryClient = useQueryClient()
  const cancel = useAction(cancelRun)
  const request = { params: { runId } }
  const stop = () => {
    cancel.mutate(request, {
      onSuccess: (run) => queryClient.setQueryData(keyOf(readRun, request), run),
      onSettled: () => void queryClient.invalidateQueries({ queryKey: ['run.list'] }),
    })
  }
  if (!isAsking) {
    return (
      <p>
        <Button onClick={() => setIsAsking(true)}>{words.run.cancel}</Button>
      </p>
    )
  }
  return (
    <div className="run-cancel">
      <span>{words.run.cancelSure}</span>
      <Button onClick={() => setIsAsking(false)}>{words.run.keep}</Button>
      <Button danger onClick={stop} loading={cancel.isPending}>
        {words.run.cancel}
      </Button>
      <ProblemNote fault={cancel.error} />
    </div>
  )
}
