import { AgeBar, AgeLegend } from '../../web/charts/age-bar.tsx'
import type { AgeShade } from '../../web/charts/age-layout.ts'
import { Box } from '../../web/kit/box.tsx'
import { accountWords } from './account-words.ts'
import { AGES, type Age, type AgeCounts } from './contract.ts'
import { words } from './page-words.web.ts'

const SHADES: Readonly<Record<Age, AgeShade>> = { recent: 'fresh', term: 'term', older: 'older', none: 'never' }

/** How old the proofs behind a figure are. */
export function Ages({ counts }: { readonly counts: AgeCounts }) {
  if (AGES.every((age) => counts[age] === 0)) return null
  const parts = AGES.map((age) => ({ shade: SHADES[age], label: accountWords.ages[age], count: counts[age] }))
  return <AgeBar label={words.ages.title} parts={parts} />
}

export function AgesBox() {
  return (
    <Box title={words.ages.title}>
      <div className="box-body">
        <AgeLegend entries={AGES.map((age) => ({ shade: SHADES[age], label: accountWords.ages[age] }))} />
        <p className="note">{words.ages.note}</p>
      </div>
    </Box>
  )
}
