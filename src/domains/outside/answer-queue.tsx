import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useAction } from '../../web/api/query.ts'
import { Choice } from '../../web/kit/choice.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { isTyping } from '../../web/kit/search-box.tsx'
import { useListKeys } from '../../web/kit/use-list-keys.ts'
import { useGo } from '../../web/router/use-address.ts'
import { answerLine, type OutsideLine, type OutsideList } from './contract.ts'
import { lineColumns } from './line-columns.tsx'
import { words } from './page-words.web.ts'
import { linePath } from './paths.web.ts'
import { ANSWERS, type Answer } from './rules.ts'
import { outsideWords } from './words.ts'

/** Whom other districts say to be at school here: `y` seen in class today, `n` and a word not here; the next one follows. */
export function AnswerQueue({ list }: { readonly list: OutsideList }) {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const go = useGo()
  const [index, setIndex] = useState<number | undefined>(0)
  const [denying, setDenying] = useState<number>()
  const answer = useAction(answerLine)
  const { rows, today, expiringDays } = list
  const say = (line: OutsideLine, body: { is: 'here'; seenDay: string } | { is: 'not-here'; answer: Answer }) => {
    if (answer.isPending) return
    answer.mutate(
      { params: { lineId: line.lineId }, body },
      {
        onSuccess: () => {
          setDenying(undefined)
          void message.success((body.is === 'here' ? words.queue.done : words.queue.gone)(line.name))
          void queryClient.invalidateQueries({ queryKey: ['outside.list'] })
        },
      },
    )
  }
  useListKeys({
    count: rows.length,
    index,
    onMove: setIndex,
    onOpen: (at) => {
      const line = rows[at]
      if (line !== undefined) go(linePath(line.lineId))
    },
    onClose: () => setDenying(undefined),
  })
  useAnswerKeys({
    onYes: () => {
      const line = rows[index ?? 0]
      if (line !== undefined) say(line, { is: 'here', seenDay: today })
    },
    onNo: () => setDenying(rows[index ?? 0]?.lineId),
  })
  const columns: readonly Column<OutsideLine>[] = [
    ...lineColumns({ direction: 'in', today, expiringDays }).filter(({ id }) => id !== 'state'),
    {
      id: 'answer',
      head: words.list.state,
      width: '230px',
      cell: (line) =>
        denying === line.lineId ? (
          <Choice
            label={words.queue.choose}
            none={words.queue.choose}
            value=""
            options={ANSWERS.map((code) => ({ value: code, label: outsideWords.answers[code] }))}
            onChange={(code) => {
              const said = ANSWERS.find((known) => known === code)
              if (said !== undefined) say(line, { is: 'not-here', answer: said })
            }}
          />
        ) : (
          <span className="outside-answers">
            <Button size="small" type="primary" onClick={() => say(line, { is: 'here', seenDay: today })}>
              {words.queue.here}
            </Button>
            <Button size="small" onClick={() => setDenying(line.lineId)}>
              {words.queue.notHere}
            </Button>
          </span>
        ),
    },
  ]
  return (
    <>
      <p className="box-body note">{words.queue.note}</p>
      <ProblemNote fault={answer.error} />
      <DataTable
        label={words.list.toAnswer}
        columns={columns}
        rows={rows}
        keyOf={({ lineId }) => lineId}
        current={index}
        empty={words.list.empty}
      />
    </>
  )
}

function useAnswerKeys(keys: { readonly onYes: () => void; readonly onNo: () => void }): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === 'y') latest.current.onYes()
      if (event.key === 'n') latest.current.onNo()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}
