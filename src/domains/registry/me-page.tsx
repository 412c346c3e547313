import { Button } from 'antd'
import { Box } from '../../web/kit/box.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { useViewer } from '../../web/viewer.tsx'
import { words } from './page-words.web.ts'
import { PasswordForm } from './password-form.tsx'

/** Who I am here, my other posts, my password. */
export default function MePage() {
  const viewer = useViewer()
  return (
    <div className="stack">
      <PageHead title={words.me.title} />
      <div className="me-columns">
        <div className="stack">
          <Box title={words.me.who}>
            <dl className="facts box-body">
              <dt>{words.me.person}</dt>
              <dd>{viewer.person}</dd>
              <dt>{words.me.login}</dt>
              <dd>{viewer.login}</dd>
              <dt>{words.me.unit}</dt>
              <dd>{viewer.unit}</dd>
              <dt>{words.me.role}</dt>
              <dd>{viewer.role}</dd>
            </dl>
          </Box>
          <Box title={words.me.posts}>
            {viewer.otherPosts.length === 0 ? (
              <p className="box-body second">{words.me.noOther}</p>
            ) : (
              <ul className="lines">
                {viewer.otherPosts.map((post) => (
                  <li key={post.postId}>
                    <span>
                      {post.unit} <span className="second">{post.role}</span>
                    </span>
                    <Button onClick={() => viewer.switchPost(post.postId)}>{words.me.switchTo}</Button>
                  </li>
                ))}
              </ul>
            )}
          </Box>
        </div>
        <Box title={words.password.title}>
          <div className="box-body password-box">
            <PasswordForm login={viewer.login} />
          </div>
        </Box>
      </div>
    </div>
  )
}
