import { download } from '../../web/api/download.ts'
import { Box } from '../../web/kit/box.tsx'
import { Link } from '../../web/kit/link.tsx'
import { downloadLedger, LEDGERS } from './contract.ts'
import { words } from './page-words.web.ts'
import { TERM } from './paths.web.ts'
import { TakeButton } from './take-button.tsx'

/** The three ledgers of the notice, as workbooks. */
export function LedgersBox({ unitId }: { readonly unitId: number }) {
  return (
    <Box title={words.ledgers.title} note={words.ledgers.note} className="rosters-ledgers">
      <div className="box-body rosters-row">
        {LEDGERS.map((ledger) => (
          <TakeButton
            key={ledger}
            name={words.workbook.ledger[ledger]}
            take={(reason) =>
              download(downloadLedger, { params: { ledger }, body: { unitId, reason } }, () => undefined)
            }
          />
        ))}
        <Link to={TERM} search={{ unit: unitId }} className="button">
          {words.termPage.link}
        </Link>
      </div>
    </Box>
  )
}
