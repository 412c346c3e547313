import { type PlainDate, plainDate, yearOf } from '../../kernel/plain-date.ts'
import { schoolYearOf } from '../../kernel/school-year.ts'
import { SpanBar } from '../../web/charts/span-bar.tsx'
import type { SpanTone } from '../../web/charts/span-layout.ts'
import { useViewer } from '../../web/viewer.tsx'
import { type AccountCode, accountWords, BOOK_ACCOUNTS, type BookSpan } from '../whereabouts/index.ts'
import { words } from './page-words.web.ts'

/** Accounts that are worse than not known yet. */
const MISSING: ReadonlySet<AccountCode> = new Set(['dropped-out', 'never-enrolled', 'missing'])

function toneOf(account: AccountCode): SpanTone {
  const { group } = BOOK_ACCOUNTS[account]
  if (account === 'here') return 'settled'
  if (group === 1 || group === 5) return 'elsewhere'
  if (group === 2) return 'paused'
  if (group === 3) return 'ended'
  return MISSING.has(account) ? 'missing' : account === 'suspected' ? 'doubt' : 'open'
}

/** The entries that hold, as one bar over school years, and this year again at a larger scale. */
export function WhereaboutsBar({ spans }: { readonly spans: readonly BookSpan[] }) {
  const today = plainDate(useViewer().today)
  const shown = spans
    .filter(({ superseded }) => superseded === null)
    .map(({ from, until, account, school }) => ({
      from: plainDate(from),
      until: until === null ? null : plainDate(until),
      tone: toneOf(account),
      label: school === null ? accountWords.accounts[account] : `${accountWords.accounts[account]} · ${school.name}`,
    }))
    .toSorted((a, b) => a.from.localeCompare(b.from))
  const first = shown[0]?.from
  if (first === undefined) return null
  const years = yearsBetween(first, today)
  const current = schoolYearOf(today)
  const tones = new Set(shown.map(({ tone }) => tone))
  const tonesShown = words.file.tones
  return (
    <div className="box-body">
      <SpanBar
        label={words.file.timeline}
        from={startOf(years[0] ?? current)}
        until={startOf(current + 1)}
        today={today}
        spans={shown}
        ticks={years.map((year) => ({ day: startOf(year), label: words.file.year(year) }))}
        {...(years.length > 1
          ? {
              zoom: {
                from: startOf(current),
                until: startOf(current + 1),
                label: words.file.thisYear,
                ahead: [{ day: startOf(current + 1), label: words.file.yearEnd(`${current + 1}-08-31`) }],
                notToScale: words.file.notToScale,
              },
            }
          : {})}
        legend={(Object.keys(tonesShown) as SpanTone[])
          .filter((tone) => tones.has(tone))
          .map((tone) => ({ tone, label: tonesShown[tone] }))}
      />
    </div>
  )
}

function startOf(year: number): PlainDate {
  return plainDate(`${year}-09-01`)
}

function yearsBetween(from: PlainDate, until: PlainDate): number[] {
  const first = schoolYearOf(from)
  const last = schoolYearOf(until)
  return Array.from({ length: Math.max(1, Math.min(yearOf(until), last) - first + 1) }, (_, step) => first + step)
}
