import { Button } from 'antd'
import { useState } from 'react'
import { useAction, useAnswer } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { Empty } from '../../web/kit/empty.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { SearchBox } from '../../web/kit/search-box.tsx'
import { useAddressState } from '../../web/router/use-address.ts'
import { type Family, findFamilies, listFamilies } from './contract.ts'
import { FamilyBox } from './family-box.tsx'
import { words } from './page-words.web.ts'
import { TERM } from './paths.web.ts'
import './rosters.css'

const SIZE = 20

/** Household by household: does every child of it stand somewhere? */
export default function FamiliesPage() {
  const [address, change] = useAddressState()
  const page = Number(address.page ?? 1)
  const only = address.only === 'all' ? 'all' : 'open'
  const unit: { readonly unitId?: number } = /^\d{1,9}$/.test(address.unit ?? '')
    ? { unitId: Number(address.unit) }
    : {}
  const answer = useAnswer(listFamilies, { query: { page, size: SIZE, only, ...unit } })
  const finding = useAction(findFamilies)
  const [text, setText] = useState('')
  const find = (wanted: string) => {
    setText(wanted)
    if (wanted.trim().length >= 2) finding.mutate({ body: { text: wanted.trim() } })
    else finding.reset()
  }
  const { data } = answer
  return (
    <div className="stack rosters">
      <PageHead
        title={words.family.title}
        note={
          data === undefined
            ? undefined
            : words.family.notes[only](data.unit.name, showCount(data.total), showCount(data.children))
        }
      >
        <Choice
          label={words.family.only}
          value={only}
          options={[
            { value: 'open', label: words.family.onlyOpen },
            { value: 'all', label: words.family.onlyAll },
          ]}
          onChange={(one) => change({ only: one, page: undefined })}
        />
        <Link to={TERM} search={unit.unitId === undefined ? {} : { unit: unit.unitId }} className="button">
          {words.termPage.link}
        </Link>
        <Button icon={<Icon name="print" size={14} />} onClick={() => window.print()}>
          {words.overview.print}
        </Button>
      </PageHead>
      <div className="rosters-find">
        <SearchBox label={words.family.find} value={text} onSearch={find} />
      </div>
      <ProblemNote fault={finding.error ?? answer.error} />
      {finding.data === undefined ? (
        <>
          {answer.isPending ? <Pending lines={12} /> : null}
          {data === undefined ? null : (
            <>
              <Families rows={data.rows} none={only === 'open' ? words.family.noneOpen : words.family.none} />
              <Pager page={page} size={SIZE} total={data.total} onPage={(next) => change({ page: next })} />
            </>
          )}
        </>
      ) : (
        <Families rows={finding.data.rows} none={words.family.notFound} />
      )}
    </div>
  )
}

function Families({ rows, none }: { readonly rows: readonly Family[]; readonly none: string }) {
  if (rows.length === 0)
    return (
      <Box>
        <Empty title={none} />
      </Box>
    )
  return (
    <>
      {rows.map((household) => (
        <FamilyBox key={household.childId} household={household} />
      ))}
    </>
  )
}
