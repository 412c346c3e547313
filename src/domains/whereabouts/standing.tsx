import { Button } from 'antd'
import { showCount, showShortInstant } from '../../web/format.ts'
import { Choice } from '../../web/kit/choice.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { useAddressState } from '../../web/router/use-address.ts'
import { useViewer } from '../../web/viewer.tsx'
import { accountWords } from './account-words.ts'
import { BASES } from './accounts.ts'
import type { BookBalance, BookDays } from './contract.ts'
import { words } from './page-words.web.ts'
import { BALANCE } from './paths.web.ts'

interface StandingProps {
  readonly balance: BookBalance
  readonly days: BookDays
}

/** Whose balance, on which base, as of which closed day, as known when. */
export function Standing({ balance, days }: StandingProps) {
  const viewer = useViewer()
  const [, change] = useAddressState()
  return (
    <PageHead
      title={words.title}
      note={viewer.unitId === balance.unit.unitId ? undefined : <OtherUnit balance={balance} />}
    >
      <div className="base-switch" role="tablist" aria-label={words.baseSwitch}>
        {BASES.map((base) => (
          <button
            key={base}
            type="button"
            role="tab"
            aria-selected={base === balance.base}
            title={accountWords.baseNotes[base]}
            className={base === balance.base ? 'on' : undefined}
            onClick={() => change({ base })}
          >
            {accountWords.bases[base]} <b className="figure">{showCount(balance.totals[base])}</b>
          </button>
        ))}
      </div>
      <Choice
        label={words.asOf}
        value={balance.asOf}
        options={days.days.map(({ day }) => ({ value: day, label: words.asOfDay(day) }))}
        onChange={(day) => change({ asOf: day === days.lastClosed ? undefined : day })}
      />
      <Choice
        label={words.knownAt}
        value={balance.isPast ? String(balance.knownAt) : ''}
        none={words.latest(showCount(days.latest))}
        options={days.postings
          .filter(({ postingId }) => postingId !== days.latest || balance.isPast)
          .map(({ postingId, postedAt, source }) => ({
            value: String(postingId),
            label: words.posting(showCount(postingId), showShortInstant(postedAt), accountWords.sources[source]),
          }))}
        onChange={(posting) => change({ knownAt: posting === '' ? undefined : Number(posting) })}
      />
      <Button icon={<Icon name="print" size={14} />} onClick={() => window.print()}>
        {words.print}
      </Button>
    </PageHead>
  )
}

function OtherUnit({ balance }: { readonly balance: BookBalance }) {
  return (
    <>
      <b>{balance.unit.name}</b> <Link to={BALANCE}>{words.up}</Link>
    </>
  )
}
