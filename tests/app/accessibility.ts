import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** What keeps people with assistive technology out, in dark and light: the rule, and where it is broken. */
export async function seriousFaults(page: Page): Promise<string[][]> {
  const faults: string[][] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page }).analyze()
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        faults.push([colorScheme, id, ...nodes.map(({ html }) => html.slice(0, 160))])
  }
  return faults
}
