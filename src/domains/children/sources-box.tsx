import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useMay } from '../../web/viewer.tsx'
import type { ChildFile } from '../persons/index.ts'
import { words } from './page-words.web.ts'

type Source = ChildFile['sources'][number]

/** From the child to the sheet and the row. */
export function SourcesBox({ file }: { readonly file: ChildFile }) {
  const mayImport = useMay('import.read')
  const columns: readonly Column<Source>[] = [
    { id: 'kind', head: words.file.kind, isTitle: true, width: '120px', cell: ({ kindLabel }) => kindLabel },
    { id: 'asOf', head: words.file.asOf, width: '110px', cell: ({ asOf }) => asOf },
    {
      id: 'batch',
      head: words.file.batch,
      cell: ({ batchId, giver, isBatchSeen }) =>
        mayImport && isBatchSeen ? <Link to={`/batches/${batchId}`}>{`${giver} · ${batchId}`}</Link> : giver,
    },
    { id: 'row', head: words.rowHead, width: '100px', cell: ({ row }) => words.file.row(row) },
    {
      id: 'state',
      head: words.stateHead,
      width: '120px',
      cell: ({ isUndone, needsRepair, sharesId }) =>
        isUndone ? (
          <Tag>{words.file.undone}</Tag>
        ) : needsRepair || sharesId ? (
          <Tag tone="passing">{words.file.repair}</Tag>
        ) : null,
    },
  ]
  return (
    <Box title={words.file.sources}>
      <DataTable label={words.file.sources} columns={columns} rows={file.sources} keyOf={({ recordId }) => recordId} />
    </Box>
  )
}
