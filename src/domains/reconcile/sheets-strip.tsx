import { showCount } from '../../web/format.ts'
import { Link } from '../../web/kit/link.tsx'
import { type Run, SHEET_ROLES } from './contract.ts'
import { words } from './page-words.web.ts'
import { listPath } from './paths.web.ts'

/** What went in: both sheets with rows and fingerprint; and how it stands against the run before. */
export function SheetsStrip({ run }: { readonly run: Run }) {
  return (
    <div className="box strip">
      {SHEET_ROLES.map((role) => {
        const sheet = role === 'population' ? run.populationSheet : run.rollSheet
        return (
          <div key={role}>
            <div className="strip-name">
              <b>{words.sheets[role]}</b>{' '}
              <span className="note" title={sheet.fileName}>
                {sheet.fileName}
              </span>
            </div>
            <div>
              {showCount(sheet.rows)} <span className="unit">{words.rows}</span>{' '}
              <span className="mono" title={`${words.run.fingerprint} ${sheet.fingerprint}`}>
                {sheet.fingerprint}
              </span>
            </div>
          </div>
        )
      })}
      {run.previous === null || run.unexplained === null ? null : (
        <div>
          <div className="note">{words.run.previous(run.previous.number)}</div>
          <div>
            <Link to={listPath(run.previous.runId, 'not-found')} className="count-link second">
              {showCount(run.previous.unexplained)}
            </Link>{' '}
            <span className="second">→</span>{' '}
            <b className={run.unexplained > 0 ? 'figure child' : 'figure checked'}>{showCount(run.unexplained)}</b>{' '}
            <span className="unit">{words.persons}</span>
          </div>
        </div>
      )}
    </div>
  )
}
