import { useAnswer } from '../../web/api/query.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { AccountTabs } from './account-tabs.tsx'
import { listRoles, type Role } from './contract.ts'
import { words } from './page-words.web.ts'
import { registryWords } from './words.ts'

/** Which post may do what. */
export default function RolePage() {
  const roles = useAnswer(listRoles, {})
  return (
    <div className="stack">
      <PageHead title={words.accounts.tabs.roles} note={words.accounts.rolesNote} />
      <Box className="roles">
        <AccountTabs current="roles" />
        <ProblemNote fault={roles.error} />
        {roles.isPending ? <Pending /> : null}
        {roles.data === undefined ? null : (
          <DataTable
            label={words.accounts.tabs.roles}
            columns={COLUMNS}
            rows={roles.data.rows}
            keyOf={({ roleId }) => roleId}
          />
        )}
      </Box>
    </div>
  )
}

const COLUMNS: readonly Column<Role>[] = [
  { id: 'role', head: words.accounts.role, width: '150px', isTitle: true, cell: ({ label }) => <b>{label}</b> },
  {
    id: 'sits',
    head: words.accounts.sits,
    width: '170px',
    cell: ({ unitKinds }) => unitKinds.map((kind) => registryWords.kind[kind]).join('、'),
  },
  {
    id: 'may',
    head: words.accounts.may,
    cell: ({ permissions, note }) => (
      <>
        <span className="role-may">
          {permissions.map((permission) => (
            <Tag key={permission}>{words.permissions[permission]}</Tag>
          ))}
        </span>
        <span className="note">{note}</span>
      </>
    ),
  },
]
