import { Select } from 'antd'
import { useState } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { useViewer } from '../../web/viewer.tsx'
import { words as kit } from '../../web/words.ts'
import { listUnits } from './contract.ts'
import { words } from './page-words.web.ts'

export interface PickedUnit {
  readonly unitId: number
  readonly name: string
  readonly kind: string
}

export function useOwnUnit(): PickedUnit {
  const { unitId, unit, unitKind } = useViewer()
  return { unitId, name: unit, kind: unitKind }
}

interface UnitPickerProps {
  readonly id: string
  readonly unit: PickedUnit | undefined
  readonly onPick: (unit: PickedUnit) => void
}

/** Found by name among the units one may see; one's own stands first. */
export function UnitPicker({ id, unit, onPick }: UnitPickerProps) {
  const own = useOwnUnit()
  const [q, setQ] = useState('')
  const found = useAnswer(listUnits, { query: q === '' ? { parentId: own.unitId, size: 50 } : { q, size: 50 } })
  const others: readonly PickedUnit[] = found.data?.rows ?? []
  const known = [...(q === '' ? [own, ...(unit === undefined ? [] : [unit])] : []), ...others].filter(
    (one, index, all) => all.findIndex(({ unitId }) => unitId === one.unitId) === index,
  )
  return (
    <Select
      id={id}
      value={unit?.unitId ?? null}
      showSearch={{ filterOption: false, onSearch: (text) => setQ(text.trim()) }}
      placeholder={words.accounts.unitSearch}
      notFoundContent={found.isFetching ? kit.state.loading : words.units.noneFound}
      options={known.map(({ unitId, name }) => ({ value: unitId, label: name }))}
      onChange={(unitId) => {
        const picked = known.find((one) => one.unitId === unitId)
        if (picked !== undefined) onPick(picked)
        setQ('')
      }}
    />
  )
}
