import { BalanceBox } from './balance-box.tsx'
import { Bridge } from './bridge.tsx'
import type { Run, RunSummary } from './contract.ts'
import { DifferenceBox } from './difference-box.tsx'
import { ManifestBox } from './manifest-box.tsx'
import { words } from './page-words.web.ts'
import { PostingBox } from './posting-box.tsx'
import { SheetsStrip } from './sheets-strip.tsx'
import { TownshipBox } from './township-box.tsx'
import { UnexplainedBox } from './unexplained-box.tsx'

/** What changed, what is bad data, who is to be looked for; the children first. */
export function RunResult({ run, summary }: { readonly run: Run; readonly summary: RunSummary }) {
  return (
    <div className="run-result">
      <SheetsStrip run={run} />
      {run.posting === null ? null : <PostingBox posting={run.posting} />}
      {run.purpose === 'books' ? <DifferenceBox runId={run.runId} /> : null}
      <Bridge runId={run.runId} lines={summary.bridge} />
      <div className="run-columns">
        <div className="stack">
          <UnexplainedBox runId={run.runId} summary={summary} />
          <BalanceBox
            title={words.run.population}
            runId={run.runId}
            lines={summary.population}
            totalLabel={words.run.populationTotal}
            total={summary.personsToAccountFor}
            unit={words.persons}
          />
        </div>
        <BalanceBox
          title={words.run.roll}
          runId={run.runId}
          lines={summary.roll}
          totalLabel={words.run.rollTotal}
          total={summary.rollRows}
          unit={words.rows}
        />
        <TownshipBox runId={run.runId} rows={summary.byTownship} />
      </div>
      <ManifestBox runId={run.runId} number={run.number} />
    </div>
  )
}
