import { Pagination } from 'antd'
import { showCount } from '../format.ts'
import { words } from '../words.ts'
import { useNarrow } from './use-narrow.ts'

interface PagerProps {
  readonly page: number
  readonly size: number
  readonly total: number
  readonly onPage: (page: number) => void
}

/** Stands below a list of the server; silent about pages while there is only one. */
export function Pager({ page, size, total, onPage }: PagerProps) {
  const isNarrow = useNarrow()
  if (total === 0) return null
  const from = (page - 1) * size + 1
  const until = Math.min(page * size, total)
  return (
    <div className="pager">
      <span className="note">{words.table.range(showCount(from), showCount(until), showCount(total))}</span>
      {total <= size ? null : (
        <Pagination
          current={page}
          pageSize={size}
          total={total}
          onChange={onPage}
          showSizeChanger={false}
          size="small"
          simple={isNarrow}
        />
      )}
    </div>
  )
}
