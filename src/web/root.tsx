import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { App, ConfigProvider } from 'antd'
import zhCN from 'antd/locale/zh_CN'
import type { ReactNode } from 'react'
import { useNarrow } from './kit/use-narrow.ts'
import { themeFor } from './theme.ts'
import './style/index.css'

/** What every page stands in: theme, language, answers of the server. */
export function Root({ queryClient, children }: { readonly queryClient: QueryClient; readonly children: ReactNode }) {
  const isNarrow = useNarrow()
  return (
    <ConfigProvider
      locale={zhCN}
      theme={themeFor(isNarrow)}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
      variant="outlined"
    >
      <App>
        <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
      </App>
    </ConfigProvider>
  )
}
