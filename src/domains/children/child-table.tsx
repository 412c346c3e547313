import { useState } from 'react'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useListKeys } from '../../web/kit/use-list-keys.ts'
import { useGo } from '../../web/router/use-address.ts'
import { accountWords, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import type { ChildLine } from './contract.ts'
import { words } from './page-words.web.ts'
import { childPath } from './paths.web.ts'

const COLUMNS: readonly Column<ChildLine>[] = [
  {
    id: 'name',
    head: words.list.name,
    isTitle: true,
    width: '120px',
    cell: ({ childId, name }) => <Link to={childPath(childId)}>{name}</Link>,
  },
  {
    id: 'born',
    head: words.list.born,
    width: '140px',
    cell: ({ sex, birthDay }) => (
      <>
        {birthDay} <span className="second">{sex === 1 || sex === 2 ? words.list.sex[sex] : null}</span>
      </>
    ),
  },
  {
    id: 'grade',
    head: words.list.grade,
    width: '84px',
    cell: ({ nominalGrade }) => (nominalGrade === null ? null : words.list.gradeOf(nominalGrade)),
  },
  { id: 'account', head: words.list.account, width: '190px', cell: (child) => <Account child={child} /> },
  { id: 'since', head: words.list.since, width: '100px', cell: ({ since }) => since },
  { id: 'place', head: words.list.place, cell: ({ place }) => place },
  { id: 'school', head: words.list.school, cell: ({ school }) => school },
  {
    id: 'evidence',
    head: words.list.evidence,
    width: '180px',
    cell: ({ evidence, confirmed }) =>
      evidence === null ? null : (
        <>
          {accountWords.evidence[evidence]} <span className="second">{confirmed ?? words.list.never}</span>
        </>
      ),
  },
]

export function Account({ child: { account } }: { readonly child: Pick<ChildLine, 'account'> }) {
  if (account === null) return null
  const { isUnexplained, isPause } = BOOK_ACCOUNTS[account]
  return <Tag tone={isUnexplained ? 'child' : isPause ? 'passing' : 'plain'}>{accountWords.accounts[account]}</Tag>
}

/** Children one line each; j and k walk, Enter opens the file. */
export function ChildTable({ rows }: { readonly rows: readonly ChildLine[] }) {
  const go = useGo()
  const [index, setIndex] = useState<number>()
  const open = (place: number) => {
    const row = rows[place]
    if (row !== undefined) go(childPath(row.childId))
  }
  useListKeys({
    count: rows.length,
    index,
    onMove: setIndex,
    onOpen: open,
    onClose: () => setIndex(undefined),
  })
  return (
    <DataTable
      label={words.list.title}
      columns={COLUMNS}
      rows={rows}
      keyOf={({ childId }) => childId}
      current={index}
      onOpen={(row) => go(childPath(row.childId))}
      empty={words.list.empty}
    />
  )
}
