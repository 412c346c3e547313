import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { download, saveFile } from '../../web/api/download.ts'
import { useAnswer } from '../../web/api/query.ts'
import { showBytes } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { downloadDemoSheet, listDemoSheets, SHEET_ROLES } from './contract.ts'
import { takeFile } from './draft.web.ts'
import { words } from './page-words.web.ts'

/** Where the people are invented, two sheets to try with; elsewhere there are none and nothing stands here. */
export function DemoSheets() {
  const sheets = useAnswer(listDemoSheets, {})
  const rows = sheets.data?.rows ?? []
  const take = useMutation({
    mutationFn: async (names: readonly string[]) => {
      const files = await Promise.all(names.map((name) => download(downloadDemoSheet, { params: { name } })))
      return files.map(({ blob }, index) => new File([blob], names[index] ?? ''))
    },
  })
  const save = useMutation({
    mutationFn: async (name: string) =>
      saveFile({ ...(await download(downloadDemoSheet, { params: { name } })), fileName: name }),
  })
  if (rows.length === 0) return null
  const pair = SHEET_ROLES.flatMap((role) => rows.find((row) => row.role === role) ?? [])
  const use = () => {
    take.mutate(
      pair.map(({ name }) => name),
      {
        onSuccess: (files) => {
          for (const [index, file] of files.entries()) {
            const role = pair[index]?.role
            if (role !== undefined) void takeFile(role, file)
          }
        },
      },
    )
  }
  return (
    <Box title={words.wizard.demoTitle} note={words.wizard.demoNote}>
      <div className="box-body demo-sheets">
        <ul>
          {rows.map((row) => (
            <li key={row.name}>
              <span>
                {words.sheets[row.role]} <span className="second">{row.name}</span>{' '}
                <span className="second nowrap">{showBytes(row.bytes)}</span>
              </span>
              <Button
                size="small"
                type="link"
                onClick={() => save.mutate(row.name)}
                aria-label={`${words.wizard.demoDownload} ${row.name}`}
              >
                {words.wizard.demoDownload}
              </Button>
            </li>
          ))}
        </ul>
        {pair.length < SHEET_ROLES.length ? null : (
          <Button onClick={use} loading={take.isPending}>
            {words.wizard.demoUse}
          </Button>
        )}
      </div>
      <ProblemNote fault={take.error ?? save.error} />
    </Box>
  )
}
