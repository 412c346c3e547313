import { useAnswer } from '../../web/api/query.ts'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { readDays } from './contract.ts'
import { words } from './page-words.web.ts'
import { BALANCE } from './paths.web.ts'
import './whereabouts.css'

/** Every page says which day the books are closed for: no figure is younger. */
export default function ClosedDay() {
  const { data } = useAnswer(readDays, {})
  if (data?.lastClosed == null) return null
  return (
    <Link to={BALANCE} className="closed-day">
      <Icon name="check" size={14} /> {words.closed(data.lastClosed.slice(5))}
    </Link>
  )
}
