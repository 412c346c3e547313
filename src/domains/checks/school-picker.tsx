import { Select } from 'antd'
import { useState } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { words as kit } from '../../web/words.ts'
import { findSchools } from './contract.ts'
import { words } from './page-words.web.ts'

interface SchoolPickerProps {
  readonly id: string
  readonly value: number | undefined
  readonly onPick: (unitId: number | undefined) => void
}

/** Found by a part of its name, in the whole city. The twin in cases asks for the right to post. */
export function SchoolPicker({ id, value, onPick }: SchoolPickerProps) {
  const [q, setQ] = useState('')
  const found = useAnswer(findSchools, { query: { q } })
  return (
    <Select
      id={id}
      value={value ?? null}
      allowClear
      showSearch={{ filterOption: false, onSearch: (text) => setQ(text.trim()) }}
      placeholder={words.report.schoolHint}
      notFoundContent={found.isFetching ? kit.state.loading : words.report.schoolNone}
      options={(found.data?.rows ?? []).map((school) => ({
        value: school.unitId,
        label: `${school.name} ${school.district}`,
      }))}
      onChange={(unitId: number | null) => onPick(unitId ?? undefined)}
    />
  )
}
