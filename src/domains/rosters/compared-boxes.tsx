import { createContext, type ReactNode, useContext } from 'react'
import { showCount, showDay, showShortInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Count, type Tone } from '../../web/kit/count.tsx'
import { Link } from '../../web/kit/link.tsx'
import type { BaseCount, ListCount, RosterRun } from './contract.ts'
import { words } from './page-words.web.ts'
import { CHILDREN, foundPath } from './paths.web.ts'
import { LIST_CLASSES, type ListClass, SEAT_CLASSES, type SeatClass } from './rules.ts'

const compared = words.compared
/** Found out of school, or in no class without a word: somebody has to look. */
const LOUD: ReadonlySet<SeatClass | ListClass> = new Set(['named-absent', 'out', 'unknown'])

interface FirstProps {
  readonly bases: readonly BaseCount[]
  readonly unitId: number
  readonly day: string
}

/** Register against roll: the books hold what it found. */
export function FirstBox({ bases, unitId, day }: FirstProps) {
  const base = bases.find((one) => one.base === 'R')
  if (base === undefined) return null
  const all = base.schooled + base.paused + base.closed + base.unexplained
  const to = { unit: unitId, base: 'R', asOf: day }
  return (
    <Box className="rosters-first" title={compared.first} note={compared.firstNote(showDay(day))}>
      <Lines>
        <Line name={compared.toExplain} count={all} to={CHILDREN} search={to} />
        <Line name={compared.explained} count={all - base.unexplained} />
        <Line name={compared.open} count={base.unexplained} tone="child" to={CHILDREN} search={{ ...to, group: 4 }} />
        <Line
          name={compared.out}
          count={base.out}
          tone={base.out === 0 ? 'checked' : 'child'}
          note={<Link to={`/balance/${unitId}`}>{compared.toBalance}</Link>}
        />
      </Lines>
    </Box>
  )
}

/** Roll against classes. */
export function ClassBox({ run }: { readonly run: RosterRun }) {
  const { counts } = run
  const { schools, from, until, onRoll, seated, found } = counts.class
  const note =
    from === null || until === null
      ? madeBy(run)
      : compared.secondNote(showCount(schools), showDay(from), showDay(until))
  return (
    <Box className="rosters-second" title={compared.second} note={note}>
      {schools === 0 ? (
        <p className="box-body second">{compared.noClass}</p>
      ) : (
        <Lines>
          <Line name={compared.onRoll} count={onRoll} />
          <Line name={compared.seated} count={seated} />
          {SEAT_CLASSES.map((one) => (
            <Line
              key={one}
              name={words.seat[one]}
              count={found[one] ?? 0}
              tone={toneOf(one, found[one] ?? 0)}
              to={foundPath(run.runId)}
              search={{ compared: 'class', class: one }}
              note={compared.effect[one]}
            />
          ))}
        </Lines>
      )}
    </Box>
  )
}

/** Books against the list of an office: persons and households apart, and a zero that says what it was counted from. */
export function ListBox({ run, kind }: { readonly run: RosterRun; readonly kind: ListCount['kind'] }) {
  const list = run.counts.lists.find((one) => one.kind === kind)
  if (list === undefined) {
    if (kind !== 'poverty') return null
    return (
      <Box className="rosters-third" title={compared.third} note={madeBy(run)}>
        <p className="box-body second">{compared.noPoverty}</p>
      </Box>
    )
  }
  const { children, accounted, households, householdsClosed, found } = list
  const out = found.out ?? 0
  const title = kind === 'poverty' ? compared.third : compared.kinds[kind]
  return (
    <Box
      className={kind === 'poverty' ? 'rosters-third' : 'rosters-fourth'}
      title={title}
      note={compared.listNote(compared.kinds[kind], showDay(list.from), showDay(list.until))}
    >
      <Lines hasHouseholds={kind !== 'disability'}>
        <Line name={compared.ofAge} count={children} households={kind === 'disability' ? undefined : households} />
        <Line
          name={compared.accounted}
          count={accounted}
          households={kind === 'disability' ? undefined : householdsClosed}
        />
        {LIST_CLASSES.map((one) => (
          <Line
            key={one}
            name={words.listed[one]}
            count={found[one] ?? 0}
            tone={toneOf(one, found[one] ?? 0)}
            to={foundPath(run.runId)}
            search={{ compared: kind, class: one }}
            note={compared.effect[one]}
          />
        ))}
      </Lines>
      <p className="box-body note">
        {out === 0 ? <b className="rosters-zero">{compared.zero(showDay(run.day), showCount(children))}</b> : null}{' '}
        {kind === 'disability' ? `${compared.disabled(showCount(list.primaryOnRoll), showCount(list.primary))} ` : ''}
        {list.aside === 0 ? null : compared.aside(showCount(list.rows), showCount(list.aside))}
      </p>
    </Box>
  )
}

function toneOf(one: SeatClass | ListClass, count: number): Tone | undefined {
  if (!LOUD.has(one)) return undefined
  return count === 0 ? 'checked' : 'child'
}

function madeBy({ madeBy: person, madeAt }: RosterRun): string {
  return compared.madeBy(person, showShortInstant(madeAt))
}

/** Whether the lines count households as well. */
const WithHouseholds = createContext(false)

function Lines({
  hasHouseholds = false,
  children,
}: {
  readonly hasHouseholds?: boolean
  readonly children: ReactNode
}) {
  return (
    <table className="table rosters-lines">
      <colgroup>
        <col className="rosters-name" />
        <col className="rosters-figure" />
        {hasHouseholds ? <col className="rosters-figure" /> : null}
        <col />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{compared.class}</th>
          <th scope="col" className="number">
            {compared.children}
          </th>
          {hasHouseholds ? (
            <th scope="col" className="number">
              {compared.households}
            </th>
          ) : null}
          <th scope="col" />
        </tr>
      </thead>
      <tbody>
        <WithHouseholds value={hasHouseholds}>{children}</WithHouseholds>
      </tbody>
    </table>
  )
}

interface LineProps {
  readonly name: string
  readonly count: number
  readonly households?: number | undefined
  readonly tone?: Tone | undefined
  readonly to?: string
  readonly search?: Readonly<Record<string, string | number>>
  readonly note?: ReactNode
}

function Line({ name, count, households, tone, to, search, note }: LineProps) {
  const hasHouseholds = useContext(WithHouseholds)
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="number">
        <Count
          count={count}
          label={name}
          {...(tone === undefined ? {} : { tone })}
          {...(to === undefined ? {} : { to })}
          {...(search === undefined ? {} : { search })}
        />
      </td>
      {hasHouseholds ? (
        <td className="number figure">{households === undefined ? null : showCount(households)}</td>
      ) : null}
      <td className="second">{note}</td>
    </tr>
  )
}
