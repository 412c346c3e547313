import { Link } from '../../web/kit/link.tsx'
import { words } from './page-words.web.ts'
import { ACCOUNTS, ROLES } from './paths.web.ts'

export function AccountTabs({ current }: { readonly current: 'accounts' | 'roles' }) {
  return (
    <nav className="tabs" aria-label={words.accounts.title}>
      <Link to={ACCOUNTS} isCurrent={current === 'accounts'}>
        {words.accounts.tabs.accounts}
      </Link>
      <Link to={ROLES} isCurrent={current === 'roles'}>
        {words.accounts.tabs.roles}
      </Link>
    </nav>
  )
}
