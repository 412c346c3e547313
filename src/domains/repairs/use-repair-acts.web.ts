import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useAction } from '../../web/api/query.ts'
import {
  countRepairLines,
  decideRepair,
  dismissRepair,
  listChangeLists,
  listRepairs,
  type RepairLine,
  type RepairPage,
  undoRepair,
} from './contract.ts'
import type { DismissCause, RightSide } from './kinds.ts'

export interface RightOrder {
  readonly right: RightSide
  readonly value?: string
  readonly page?: string
  readonly seenDay?: string
}

/** Decide, dismiss and take back. The line changes where it stands: a list that jumps under the keys is no list. */
export function useRepairActs() {
  const client = useQueryClient()
  const deciding = useAction(decideRepair)
  const dismissing = useAction(dismissRepair)
  const undoing = useAction(undoRepair)
  const last = useRef<number>(undefined)
  const put = (line: RepairLine) => {
    client.setQueriesData<RepairPage>({ queryKey: [listRepairs.id] }, (page) =>
      page === undefined
        ? page
        : { ...page, rows: page.rows.map((row) => (row.repairId === line.repairId ? line : row)) },
    )
    void client.invalidateQueries({ queryKey: [countRepairLines.id] })
  }
  return {
    fault: deciding.error ?? dismissing.error ?? undoing.error,
    isBusy: deciding.isPending || dismissing.isPending || undoing.isPending,
    decide: (repairId: number, order: RightOrder) => {
      last.current = repairId
      forget()
      deciding.mutate({ params: { repairId }, body: order }, { onSuccess: put })
    },
    dismiss: (repairId: number, cause: DismissCause) => {
      last.current = repairId
      forget()
      dismissing.mutate({ params: { repairId }, body: { cause } }, { onSuccess: put })
    },
    undo: (repairId: number) => {
      forget()
      undoing.mutate({ params: { repairId } }, { onSuccess: put })
    },
    /** What was done last, wherever the cursor stands now. */
    undoLast: () => {
      const repairId = last.current
      if (repairId === undefined) return
      forget()
      undoing.mutate({ params: { repairId } }, { onSuccess: put })
    },
    /** After a list was made everything is read again. */
    refresh: () => {
      for (const route of [listRepairs, countRepairLines, listChangeLists])
        void client.invalidateQueries({ queryKey: [route.id] })
    },
  }

  function forget() {
    for (const act of [deciding, dismissing, undoing]) act.reset()
  }
}

export type RepairActs = ReturnType<typeof useRepairActs>
