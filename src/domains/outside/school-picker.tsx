import { Select } from 'antd'
import { useState } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { words as kit } from '../../web/words.ts'
import { findSchools } from '../cases/index.ts'
import { words } from './page-words.web.ts'

interface SchoolPickerProps {
  readonly id: string
  readonly value: number | undefined
  readonly onPick: (school: { readonly unitId: number; readonly name: string } | undefined) => void
}

/** Twin of the picker of `cases`: pages of two slices share routes, not components. */
export function SchoolPicker({ id, value, onPick }: SchoolPickerProps) {
  const [q, setQ] = useState('')
  const found = useAnswer(findSchools, { query: { q } })
  const rows = found.data?.rows ?? []
  return (
    <Select
      id={id}
      value={value ?? null}
      allowClear
      showSearch={{ filterOption: false, onSearch: (text) => setQ(text.trim()) }}
      placeholder={words.line.schoolHint}
      notFoundContent={found.isFetching ? kit.state.loading : words.list.empty}
      options={rows.map(({ unitId, name, district }) => ({ value: unitId, label: `${name} ${district}` }))}
      onChange={(unitId: number | null) => {
        const school = rows.find((row) => row.unitId === unitId)
        onPick(school === undefined ? undefined : { unitId: school.unitId, name: school.name })
      }}
    />
  )
}
