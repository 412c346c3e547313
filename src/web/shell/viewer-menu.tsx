import { Dropdown, type MenuProps } from 'antd'
import { Icon } from '../kit/icon.tsx'
import { useNarrow } from '../kit/use-narrow.ts'
import { useGo } from '../router/use-address.ts'
import { useViewer } from '../viewer.tsx'
import { words } from '../words.ts'

/** Where every slice-less matter of the viewer stands: own account, another post, out. */
export function ViewerMenu() {
  const viewer = useViewer()
  const go = useGo()
  const isNarrow = useNarrow()
  const demo = isNarrow && viewer.isDemo ? [{ key: 'demo', label: words.demoShort, disabled: true }] : []
  const items: MenuProps['items'] = [
    ...demo,
    { key: 'account', label: words.me.account, onClick: () => go('/me') },
    ...viewer.otherPosts.map((post) => ({
      key: `post-${post.postId}`,
      label: words.me.switchTo(post.unit, post.role),
      onClick: () => viewer.switchPost(post.postId),
    })),
    { type: 'divider' },
    { key: 'out', label: words.me.signOut, onClick: () => viewer.signOut() },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <button type="button" className="viewer" aria-label={words.me.open(viewer.person, viewer.role)}>
        <b>{viewer.person}</b>
        <span className="second">{viewer.role}</span>
        <Icon name="down" size={13} />
      </button>
    </Dropdown>
  )
}
