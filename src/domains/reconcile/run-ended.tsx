import { Box } from '../../web/kit/box.tsx'
import { Link } from '../../web/kit/link.tsx'
import { useMay } from '../../web/viewer.tsx'
import type { Run } from './contract.ts'
import { words } from './page-words.web.ts'
import { NEW_RUN } from './paths.web.ts'
import { SheetsStrip } from './sheets-strip.tsx'

/** Ended without a result: what happened, that nothing was written, and the way on. */
export function RunEnded({ run }: { readonly run: Run }) {
  const mayCreate = useMay('run.create')
  const isCancelled = run.state === 'cancelled'
  return (
    <>
      <SheetsStrip run={run} />
      <Box>
        <div className="empty" role="status">
          <h2>{isCancelled ? words.run.cancelled : words.run.failed}</h2>
          <p>
            {isCancelled ? words.run.cancelledNext : run.posting === null ? run.problem?.message : words.books.broken}
          </p>
          {mayCreate ? (
            <p className="empty-action">
              <Link to={NEW_RUN} className="button button-primary">
                {words.run.again}
              </Link>
            </p>
          ) : null}
        </div>
      </Box>
    </>
  )
}
