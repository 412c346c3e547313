import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { download, saveFile } from '../../web/api/download.ts'
import { upload } from '../../web/api/upload.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Choice } from '../../web/kit/choice.tsx'
import { DropArea } from '../../web/kit/drop-area.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { type OutsideList, type ReplyReport, requestList, uploadReplies } from './contract.ts'
import { words } from './page-words.web.ts'

/** The list to another province, and what comes back. */
export function RequestBox({ list }: { readonly list: OutsideList }) {
  const queryClient = useQueryClient()
  const [place, setPlace] = useState('')
  const provinces = list.places.filter((one) => one.place.endsWith('0000') && one.place !== '500000')
  const refresh = () => void queryClient.invalidateQueries({ queryKey: ['outside.list'] })
  const fetching = useMutation({
    mutationFn: () => download(requestList, { body: { place } }),
    onSuccess: (file) => {
      saveFile(file)
      refresh()
    },
  })
  const giving = useMutation({
    mutationFn: (file: File) =>
      upload(uploadReplies, {}, file, { signal: new AbortController().signal, onProgress: () => undefined }),
    onSuccess: refresh,
  })
  if (provinces.length === 0) return null
  return (
    <Box title={words.request.title}>
      <div className="box-body outside-request">
        <div className="stack">
          <p className="second">{words.request.what}</p>
          <div className="outside-row">
            <Choice
              label={words.request.place}
              none={words.request.choose}
              value={place}
              options={provinces.map((one) => ({
                value: one.place,
                label: words.list.placeCount(one.name, showCount(one.count)),
              }))}
              onChange={setPlace}
            />
            <Button
              icon={<Icon name="download" size={14} />}
              disabled={place === ''}
              loading={fetching.isPending}
              onClick={() => fetching.mutate()}
            >
              {words.request.get}
            </Button>
          </div>
          <ProblemNote fault={fetching.error} />
        </div>
        <div className="stack">
          {giving.isPending ? (
            <p role="status">{words.request.sending}</p>
          ) : (
            <DropArea
              label={words.request.give}
              accept=".xlsx,.csv"
              hint={words.request.give}
              onFile={(file) => giving.mutate(file)}
            />
          )}
          <ProblemNote fault={giving.error} />
          {giving.data === undefined ? null : <Report report={giving.data} />}
        </div>
      </div>
    </Box>
  )
}

function Report({ report: { confirmed, denied, unchanged, unanswered, findings } }: { readonly report: ReplyReport }) {
  return (
    <>
      <Notice>
        {words.request.report(showCount(confirmed), showCount(denied), showCount(unchanged), showCount(unanswered))}
      </Notice>
      {findings.length === 0 ? null : (
        <ul className="outside-findings">
          {findings.map(({ row, heading, reason }) => (
            <li key={`${row}${heading}`}>{words.request.fault(String(row), heading ?? '', reason)}</li>
          ))}
        </ul>
      )}
    </>
  )
}
