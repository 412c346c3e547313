import { Box } from '../../web/kit/box.tsx'
import { Link } from '../../web/kit/link.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useMay } from '../../web/viewer.tsx'
import { sheetWords } from './account-sheet-page-words.web.ts'
import type { SchoolDetail, UnitDetail } from './contract.ts'
import { words } from './page-words.web.ts'
import { ACCOUNT_SHEETS, ACCOUNTS } from './paths.web.ts'
import { showTerm } from './term.web.ts'

interface UnitFactsProps {
  readonly unit: UnitDetail
  /** Nothing stands beside it. */
  readonly isWide: boolean
}

export function UnitFacts({ unit, isWide }: UnitFactsProps) {
  const mayReadAccounts = useMay('account.read')
  const mayWriteAccounts = useMay('account.write')
  return (
    <div className={isWide ? 'unit-facts-wide' : 'stack'}>
      {unit.school === null ? null : <School school={unit.school} />}
      <Box title={words.units.posts}>
        {unit.posts.length === 0 ? (
          <p className="box-body second">{words.units.noPosts}</p>
        ) : (
          <ul className="lines">
            {unit.posts.map((post) => (
              <li key={post.postId}>
                <span>
                  <b>{post.person}</b> <span className="second">{post.role}</span>
                </span>
                <span className="note">{showTerm(post.from, post.until)}</span>
              </li>
            ))}
          </ul>
        )}
        {mayReadAccounts ? (
          <p className="lines-foot">
            <Link to={ACCOUNTS} search={{ unitId: unit.unitId }}>
              {words.units.accounts}
            </Link>{' '}
            {mayWriteAccounts ? <Link to={ACCOUNT_SHEETS}>{sheetWords.entry}</Link> : null}
          </p>
        ) : null}
      </Box>
      {unit.kind === 'school' ? null : (
        <Box title={words.units.divisions}>
          {unit.divisions.length === 0 ? (
            <p className="box-body second">{words.units.noDivisions}</p>
          ) : (
            <ul className="lines">
              {unit.divisions.map((division) => (
                <li key={`${division.name}-${division.from}`}>
                  <span>
                    {division.name}{' '}
                    {division.code === null ? (
                      <Tag tone="passing">{words.units.codeUnknown}</Tag>
                    ) : (
                      <span className="second">{division.code}</span>
                    )}
                    {division.note === null ? null : <span className="note"> {division.note}</span>}
                  </span>
                  <span className="note">{showTerm(division.from, division.until, words.term.neverUnit)}</span>
                </li>
              ))}
            </ul>
          )}
        </Box>
      )}
    </div>
  )
}

function School({ school }: { readonly school: SchoolDetail }) {
  const unknown = <span className="second">{words.units.unknown}</span>
  return (
    <Box title={words.units.school}>
      <dl className="facts box-body">
        <dt>{words.units.schoolCode}</dt>
        <dd>{school.schoolCode ?? unknown}</dd>
        <dt>{words.units.schoolType}</dt>
        <dd>
          {school.schoolTypeLabel} <span className="second">{school.schoolType}</span>
        </dd>
        <dt>{words.units.settlement}</dt>
        <dd>
          {school.settlementClassLabel ?? unknown} <span className="second">{school.settlementClass}</span>
        </dd>
        <dt>{words.units.founder}</dt>
        <dd>{school.founder ?? unknown}</dd>
        <dt>{words.units.boarding}</dt>
        <dd>{school.isBoarding ? words.units.yes : words.units.no}</dd>
      </dl>
    </Box>
  )
}
