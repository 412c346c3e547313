import { showCount, showRest } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { ProgressLine } from '../../web/kit/progress-line.tsx'
import type { ImportSheet } from './contract.ts'
import { words } from './page-words.web.ts'

/** How far, what is being done, how fast, how long yet. */
export function SheetProgress({ sheet }: { readonly sheet: ImportSheet }) {
  const { progress, state } = sheet
  const percent = progress?.percent ?? 0
  return (
    <Box title={state === 'committing' ? words.sheet.busy.committing : words.sheet.busy.checking}>
      <div className="box-body import-progress">
        <p className="import-percent" aria-live="polite">
          {Math.floor(percent)}
          <span className="unit">%</span>
        </p>
        <ProgressLine percent={percent} />
        <dl className="facts">
          {progress === null ? null : (
            <>
              <dt>{words.sheet.stage}</dt>
              <dd>{progress.stage}</dd>
            </>
          )}
          {progress?.rowsPerSecond == null ? null : (
            <>
              <dt>{words.sheet.rate}</dt>
              <dd>{words.sheet.rateOf(showCount(progress.rowsPerSecond))}</dd>
            </>
          )}
          {progress?.remainingSeconds == null ? null : (
            <>
              <dt>{words.sheet.rest}</dt>
              <dd>{showRest(progress.remainingSeconds)}</dd>
            </>
          )}
        </dl>
        <p className="second">{words.sheet.leave}</p>
      </div>
    </Box>
  )
}
