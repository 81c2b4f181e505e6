// The desk, the wall and the room against the real program: one outage on three screens, two halls as one event, rights.
import type { Page } from '@playwright/test'
import { send } from './ask'
import { expect, expectAccessible, expectNoOverflow, shoot, test } from './fixtures'

test.use({ house: 'desk', timeScale: 120 })
const kDesk = { width: 1440, height: 900 }
const kWall = { width: 1920, height: 1080 }

const post = async (page: Page, path: string, body: unknown) => (await send(page, 'post', path, body)).body

// S4.1-S4.9: declared at the hall's desk, seen on the wall, escalated by the clock, reported, refused, closed.
test('an outage on three screens', async ({ person }) => {
  const desk = await person('hall-director@hall-a', { viewport: kDesk })
  const wall = await person('general-group@centre', { viewport: kWall })
  const support = await person('support-centre@centre', { viewport: kDesk })
  await wall.goto('/centre')
  await expect(wall.getByText('湖滨路营业厅').first()).toBeVisible()

  await desk.goto('/hall')
  await desk.getByRole('button', { name: '报告事件' }).click()
  await desk.getByRole('radio', { name: '停电或系统故障' }).click()
  await desk.getByRole('button', { name: /立即报告/ }).click()
  await expect(desk.getByRole('heading', { name: /停电或系统故障/ })).toBeVisible()
  await expect(wall.locator('.tile').filter({ hasText: '湖滨路营业厅' })).toContainText('停电或系统故障')

  const list = (await desk.evaluate(async () => (await fetch('/api/v1/incidents?type=outage&unit=hall-a')).json())) as { items: { id: string }[] }
  const id = list.items[0]?.id ?? ''
  expect(id).not.toBe('')
  await desk.getByRole('button', { name: '只有本厅' }).first().click()
  await expect(desk.getByText(/还有 .*上报中心综合组/)).toBeVisible()
  // Half an hour is fifteen seconds on this node's clock.
  await expect
    .poll(async () => ((await desk.evaluate(async (i) => (await fetch(`/api/v1/incidents/${i}`)).json(), id)) as { escalations: { id: string; fired: string | null }[] }).escalations.find((each) => each.id === 'half-hour')?.fired, { timeout: 40_000 })
    .toBeTruthy()

  await desk.goto(`/incidents/${id}`)
  await desk.getByRole('tab', { name: '结案条件' }).click()
  await desk.getByRole('button', { name: '结案', exact: true }).click()
  await expect(desk.getByRole('alert')).toContainText('业务已恢复')

  await desk.getByRole('tab', { name: '报告' }).click()
  await expect(desk.locator('#report-place')).toHaveValue(/湖滨路营业厅/)
  await desk.getByRole('button', { name: '上报', exact: true }).click()
  await expect(desk.getByText('已上报')).toBeVisible()
  await shoot(desk, 'incident-report-desk')

  await post(support, `/incidents/${id}/facts`, { set: { restored: true } })
  await expect(desk.getByText('已控制').first()).toBeVisible()
})

// S4.10: two halls become one event on the wall.
test('two halls are one event on the wall', async ({ person }) => {
  const wall = await person('centre-head@centre', { viewport: kWall })
  await wall.goto('/centre')
  for (const hall of ['hall-c', 'hall-d']) {
    const desk = await person(`hall-director@${hall}`, { viewport: kDesk })
    await post(desk, '/incidents', { unit: hall, type: 'outage', facts: { cause: 'system' } })
  }
  await expect(wall.locator('.shared')).toContainText('停电或系统故障')
  await expect(wall.locator('.shared')).toContainText('滨江大道营业厅')
  await expectNoOverflow(wall)
  await expectAccessible(wall)
  await shoot(wall, 'centre-wall')
})

test('a clerk of one hall does not see another hall', async ({ person }) => {
  const other = await person('hall-director@hall-e', { viewport: kDesk })
  const made = await post(other, '/incidents', { unit: 'hall-e', type: 'theft' })
  const clerk = await person('clerk@hall-a', { viewport: kDesk })
  await clerk.goto(`/incidents/${String(made.id)}`)
  await expect(clerk.getByRole('alert')).toBeVisible()
  await expect(clerk.getByText('盗窃')).toHaveCount(0)
  await clerk.goto('/centre')
  await expect(clerk).not.toHaveURL(/centre/)
})

for (const [path, user] of [
  ['/hall', 'hall-director@hall-b'],
  ['/incidents', 'general-group@centre'],
  ['/plans', 'hall-director@hall-b'],
  ['/plans/fire', 'hall-director@hall-b'],
  ['/rehearse', 'general-group@centre'],
  ['/admin', 'admin@centre'],
] as const) {
  test(`${path} fits every width in both languages`, async ({ person }) => {
    const page = await person(user, { viewport: kDesk })
    await page.goto(path)
    await page.waitForLoadState('networkidle').catch(() => undefined)
    const name = path.slice(1).replace('/', '-')
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await page.getByRole('button', { name: 'English' }).click()
      for (const width of [360, 768, 1440, 1920]) {
        await page.setViewportSize({ width, height: 900 })
        await expectNoOverflow(page)
        if (width === 360 || width === 1440) await shoot(page, `${name}-${language}-${width}`)
      }
    }
    await page.setViewportSize(kDesk)
    await expectAccessible(page)
  })
}

test('what is wrong with the node itself stands on the desk and on the wall', async ({ person }) => {
  const text = { zh: '磁盘已满：只收真实事件的上报、静默报警和确认，请马上清理', en: 'The disk is full: make room now' }
  const page = await person('general-group@centre', { viewport: kDesk })
  await expect(page.locator('.warning')).toHaveCount(0)
  await page.route('**/api/v1/node', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), warnings: [{ code: 'disk.full', text }] } })
  })
  for (const path of ['/incidents', '/centre']) {
    await page.goto(path)
    await expect(page.getByText(text.zh)).toBeVisible()
    await expectAccessible(page)
    await expectNoOverflow(page)
  }
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByText(text.en)).toBeVisible()
})
