// The whole outage on three screens at once: the phone declares, the wall sees, the clock escalates, a step done is on the
// other screen, the report is filed, the closing gate refuses with what is missing, it is met, and the incident is closed.
import { get, incidents, timeline } from './ask'
import { expect, expectNoOverflow, shoot, test } from './fixtures'

// Half an hour is thirty seconds: long enough to do on the screens what comes before it.
test.use({ house: 'story', timeScale: 60 })
const kDesk = { width: 1440, height: 900 }
const kWall = { width: 1920, height: 1080 }

test('an outage from the first tap to the closing, on the phone, the desk and the wall', async ({ person }) => {
  test.setTimeout(240_000)
  const phone = await person('hall-director@hall-a')
  const wall = await person('general-group@centre', { viewport: kWall })
  const desk = await person('duty-manager@hall-a', { viewport: kDesk })
  await wall.goto('/centre')
  const tile = wall.locator('.tile').filter({ hasText: '湖滨路营业厅' })
  await expect(tile).toContainText('正常')

  // The phone declares; both other screens have it without being touched.
  await desk.goto('/hall')
  await phone.getByRole('button', { name: '停电或系统故障' }).click()
  await phone.getByRole('button', { name: '确认上报' }).click()
  const now = phone.locator('article h1')
  await expect(now).toBeVisible()
  await expect(tile).toContainText('停电或系统故障')
  await expect(desk.getByRole('heading', { name: /停电或系统故障/ })).toBeVisible()
  const [outage] = await incidents(phone, 'unit=hall-a&type=outage')
  const id = outage?.id ?? ''
  await desk.goto(`/incidents/${id}`)

  // Questions come first on the phone, one at a time, each answered by one large button.
  const done = phone.getByRole('button', { name: '做完了' })
  const step = (words: RegExp) => phone.getByRole('button', { name: words })
  for (const [answer, question, fact, value] of [
    ['系统故障', /判断是停电还是系统故障/, 'cause', 'system'],
    ['只有本厅', /问其他营业厅是否正常/, 'scope', 'single'],
  ] as const) {
    const button = phone.getByRole('button', { name: answer, exact: true })
    if (!(await button.isVisible())) await step(question).click()
    await button.click()
    await expect.poll(async () => (await get<{ facts: Record<string, { value: unknown }> }>(phone, `/incidents/${id}`)).facts[fact]?.value, { timeout: 20_000 }).toBe(value)
  }
  await expect(done).toBeVisible()

  // A step done on the phone is done at the desk, by name.
  const first = (await now.textContent()) ?? ''
  const there = desk.locator('.board li').filter({ hasText: first })
  await expect(there).not.toHaveClass(/done/)
  await phone.getByRole('button', { name: '做完了' }).click()
  await expect(there).toHaveClass(/done/)
  await expect(there).toContainText('王静')
  await expect(now).not.toHaveText(first)

  // What goes to whom is said before it happens; then the clock does it, and the one who is told has a step.
  await expect(wall.getByRole('region', { name: '一小时内将升级' }).or(wall.locator('aside section').first())).toContainText('中心综合组')
  await shoot(wall, 'story-wall-before')
  const escalated = async () => (await get<{ escalations: { id: string; fired: string | null }[] }>(phone, `/incidents/${id}`)).escalations.find((each) => each.id === 'half-hour')?.fired
  await expect.poll(escalated, { timeout: 90_000 }).toBeTruthy()
  await expect(desk.locator('.board li').filter({ hasText: '一起盯住这个厅的修复' })).toBeVisible({ timeout: 20_000 })
  await shoot(desk, 'story-desk-escalated')

  // The report is filed at the desk.
  await desk.getByRole('tab', { name: '报告' }).click()
  await expect(desk.locator('#report-place')).toHaveValue(/湖滨路营业厅/)
  await desk.getByRole('button', { name: '上报', exact: true }).click()
  await expect(desk.getByText('已上报')).toBeVisible()

  // Closing is refused with what is missing.
  await desk.getByRole('tab', { name: '结案条件' }).click()
  const closing = desk.getByRole('button', { name: '结案', exact: true })
  await closing.click()
  await expect(desk.getByRole('alert')).toContainText('业务已恢复')
  await shoot(desk, 'story-desk-refused')

  // It is back: stated at the desk, contained on the wall; a clerk enters what was registered.
  await desk.getByRole('tab', { name: '事实' }).click()
  await desk.locator('.fact').filter({ hasText: '是否恢复' }).getByRole('button').click()
  const dialog = desk.getByRole('dialog', { name: '是否恢复' })
  await dialog.getByText('是', { exact: true }).click()
  const reason = dialog.locator('#fact-reason')
  if (await reason.isVisible()) await reason.fill('试办一笔，正常')
  await dialog.getByRole('button', { name: '确定' }).click()
  await expect(desk.getByText('已控制').first()).toBeVisible()
  await expect(tile).toContainText('已控制')
  await desk.getByRole('tab', { name: '结案条件' }).click()
  await closing.click()
  await expect(desk.getByRole('alert')).toContainText('预受理单已全部录入派单')
  const clerk = await person('clerk@hall-a')
  const entering = clerk.locator('article h1')
  await expect(async () => {
    if (await entering.filter({ hasText: '录入系统并派单' }).count()) return
    await clerk.getByRole('button', { name: /逐张录入系统并派单/ }).click({ timeout: 2000 })
    await expect(entering).toContainText('录入系统并派单', { timeout: 2000 })
  }).toPass({ timeout: 30_000 })
  await clerk.getByRole('button', { name: '做完了' }).click()

  // The gate is met: the refusal of a while ago is no longer true, and the incident closes on every screen.
  await desk.getByRole('tab', { name: '结案条件' }).click()
  await expect(desk.locator('.gates li').filter({ hasText: '预受理单已全部录入派单' })).toHaveClass(/met/)
  // What is still demanded stands there with those who can do it; what nobody needs any more is settled with one reason.
  await expect(desk.locator('.demanded li').filter({ hasText: '回电' })).toBeVisible()
  await desk.locator('#close-skip').fill('没有人留电话')
  await closing.click()
  await expect(desk.getByText('已结案').first()).toBeVisible()
  await expect(tile).toContainText('正常')
  await expectNoOverflow(wall)
  await shoot(desk, 'story-desk-closed')

  const kinds = (await timeline(phone, id)).map((event) => event.type)
  for (const kind of ['incident-declared', 'step-marked', 'escalation-fired', 'report-filed', 'facts-stated', 'incident-closed']) expect(kinds).toContain(kind)
})
