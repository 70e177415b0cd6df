import type { Browser, Page } from 'playwright-core'

export interface Tab {
  page: Page
  /** What the page complained of; a browser's refusal by the content policy is among it. */
  complaints: string[]
}

/** A tab that shares nothing with others. @param patience milliseconds to wait for what the page shall show; Playwright's own by default */
export async function openTab(browser: Browser, { patience }: { patience?: number } = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  if (patience !== undefined) page.setDefaultTimeout(patience)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}
