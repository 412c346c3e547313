import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { accountWords, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import type { Family, Member } from './contract.ts'
import { words } from './page-words.web.ts'
import { casePath, childPath, familyPath } from './paths.web.ts'

const family = words.family

/** One household: whose it is, where, and each child with its account, school, roll and evidence. */
export function FamilyBox({ household }: { readonly household: Family }) {
  const { childId, place, head, householdNo, ofAge, open, members, phones } = household
  return (
    <Box
      className="rosters-family"
      title={
        <>
          <Link to={familyPath(childId)}>{place ?? family.noPlace}</Link>{' '}
          <span className="second">{head === null ? family.noHead : family.headOf(head)}</span>
        </>
      }
      note={
        <>
          {householdNo === null ? null : <span className="nowrap">{family.numberOf(householdNo)} · </span>}
          {phones[0] === undefined ? null : <span className="nowrap">{phones[0]} · </span>}
          {family.ofAge(showCount(ofAge))}{' '}
          {open === 0 ? (
            <Tag tone="checked">{family.closed}</Tag>
          ) : (
            <Tag tone="child">{family.open(showCount(open))}</Tag>
          )}
        </>
      }
    >
      <DataTable label={family.table} columns={COLUMNS} rows={members} keyOf={({ childId: id }) => id} />
    </Box>
  )
}

const COLUMNS: readonly Column<Member>[] = [
  {
    id: 'name',
    head: family.name,
    width: '112px',
    isTitle: true,
    cell: ({ childId, name }) => <Link to={childPath(childId)}>{name}</Link>,
  },
  { id: 'birth', head: family.birth, width: '112px', cell: ({ birthDay }) => birthDay },
  {
    id: 'grade',
    head: family.grade,
    width: '92px',
    cell: ({ nominalGrade, isOfAge }) => gradeOf(nominalGrade, isOfAge),
  },
  { id: 'account', head: family.account, width: '200px', cell: (member) => <Account member={member} /> },
  { id: 'school', head: family.school, cell: ({ school }) => school },
  {
    id: 'roll',
    head: family.roll,
    cell: ({ roll, school }) =>
      roll === null ? (
        <span className="second">{family.noRoll}</span>
      ) : (
        [roll.school === school ? null : roll.school, roll.grade === null ? null : rollGrade(roll.grade)]
          .filter((part) => part !== null)
          .join(' ')
      ),
  },
  {
    id: 'evidence',
    head: family.evidence,
    width: '150px',
    cell: ({ evidence, confirmed }) =>
      evidence === null ? null : (
        <span className="second">
          {accountWords.evidence[evidence]} {confirmed}
        </span>
      ),
  },
  {
    id: 'tags',
    head: family.tags,
    width: '150px',
    isHiddenOnPhone: true,
    cell: ({ tags }) => <span className="second">{tags.join('、')}</span>,
  },
]

function rollGrade(grade: number): string {
  return grade === 0 ? family.kindergarten : family.gradeOf(grade)
}

function gradeOf(grade: number | null, isOfAge: boolean): string | null {
  if (grade === null) return null
  if (grade < 1) return family.tooYoung
  if (grade > 9) return isOfAge ? family.overAge : family.through
  return family.gradeOf(grade)
}

function Account({ member: { account, isOfAge, caseId } }: { readonly member: Member }) {
  if (account === null) return isOfAge ? <Tag tone="child">{family.notInBooks}</Tag> : null
  const isOpen = BOOK_ACCOUNTS[account].isUnexplained
  return (
    <>
      <Tag tone={isOpen ? 'child' : 'plain'}>{accountWords.accounts[account]}</Tag>{' '}
      {caseId === null ? null : <Link to={casePath(caseId)}>{family.toCase}</Link>}
    </>
  )
}
