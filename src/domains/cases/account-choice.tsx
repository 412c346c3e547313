import { type AccountCode, accountsOfGroup, accountWords, BOOK_GROUPS } from '../whereabouts/index.ts'
import { words } from './page-words.web.ts'

interface AccountChoiceProps {
  readonly id: string
  readonly 'aria-describedby'?: string
  /** Group 5 is for children without registration here. */
  readonly isRegistered: boolean
  readonly value: AccountCode | undefined
  readonly onChange: (account: AccountCode | undefined) => void
}

/** The accounts in the order of the balance, by group. */
export function AccountChoice({ isRegistered, value, onChange, ...names }: AccountChoiceProps) {
  const groups = BOOK_GROUPS.filter((group) => group !== 5 || !isRegistered)
  return (
    <select
      {...names}
      className="choice"
      value={value ?? ''}
      onChange={(event) => onChange(groups.flatMap(accountsOfGroup).find((account) => account === event.target.value))}
    >
      <option value="">{words.entry.choose}</option>
      {groups.map((group) => (
        <optgroup key={group} label={words.entry.groups[group]}>
          {accountsOfGroup(group).map((account) => (
            <option key={account} value={account}>
              {accountWords.accounts[account]}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  )
}
