import { Button } from 'antd'
import { useAction, useAnswer } from '../../web/api/query.ts'
import { showCount, showShortInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useMay } from '../../web/viewer.tsx'
import { estimateModel, type LinkageModelLine, listModels, switchModel } from './review-model-contract.ts'
import { words as page } from './review-page-words.web.ts'

const { model: words } = page

/** What the decided pairs would teach the machine: shown on pairs that were held back, before anybody switches it on. */
export function ReviewModelBox() {
  const maySwitch = useMay('run.create')
  const answer = useAnswer(listModels, {})
  const estimate = useAction(estimateModel)
  const turn = useAction(switchModel)
  const refresh = { onSuccess: () => void answer.refetch() }
  if (answer.isPending) return <Pending lines={3} />
  if (answer.data === undefined) return <ProblemNote fault={answer.error} />
  const { labels, least, rows } = answer.data
  const isOn = rows.some((row) => row.isOn)
  const onSwitch = (version: number | null) => turn.mutate({ body: { version } }, refresh)
  return (
    <Box title={words.title} note={isOn ? undefined : words.learning}>
      <div className="box-body stack">
        <p className="second">{words.what}</p>
        <ProblemNote fault={estimate.error ?? turn.error} />
        {maySwitch ? (
          <Button disabled={labels < least} loading={estimate.isPending} onClick={() => estimate.mutate({}, refresh)}>
            {words.estimate(showCount(labels))}
          </Button>
        ) : null}{' '}
        {labels < least ? <span className="second">{words.tooFew(showCount(labels), showCount(least))}</span> : null}
        {maySwitch && isOn ? <Button onClick={() => onSwitch(null)}>{words.off}</Button> : null}
      </div>
      <DataTable
        label={words.title}
        columns={columnsOf(maySwitch ? onSwitch : undefined)}
        rows={rows}
        keyOf={({ version }) => version}
        empty={words.none}
      />
    </Box>
  )
}

function columnsOf(onSwitch: ((version: number) => void) | undefined): readonly Column<LinkageModelLine>[] {
  return [
    {
      id: 'version',
      head: words.version,
      isTitle: true,
      width: '110px',
      cell: ({ version }) => words.nth(String(version)),
    },
    { id: 'labels', head: words.labels, isNumber: true, width: '120px', cell: ({ labels }) => showCount(labels) },
    {
      id: 'effect',
      head: words.effect,
      cell: ({ heldPairs, rightBefore, rightAfter }) =>
        words.right(showCount(heldPairs), showCount(rightBefore), showCount(rightAfter)),
    },
    {
      id: 'by',
      head: words.by,
      width: '200px',
      cell: ({ madeBy, madeAt }) => page.decidedBy(madeBy, showShortInstant(madeAt)),
    },
    {
      id: 'state',
      head: words.state,
      width: '130px',
      cell: ({ version, isOn, isOutdated }) => {
        if (isOn) return <Tag tone="checked">{words.isOn}</Tag>
        if (isOutdated) return <Tag>{words.isOutdated}</Tag>
        return onSwitch === undefined ? (
          <Tag>{words.isOff}</Tag>
        ) : (
          <Button size="small" onClick={() => onSwitch(version)}>
            {words.on}
          </Button>
        )
      },
    },
  ]
}
