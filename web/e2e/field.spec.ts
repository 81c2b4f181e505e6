import type { Page } from '@playwright/test'
import { expect, expectAccessible, expectNoOverflow, keptPlans, shoot, test } from './fixtures'
import { incidents } from './ask'

test.use({ house: 'field' })

async function declare(page: Page, type: string): Promise<void> {
  await page.getByRole('button', { name: '上报', exact: true }).click()
  await page.getByRole('button', { name: type, exact: true }).click()
  await page.getByRole('button', { name: '确认上报' }).click()
}
const now = (page: Page) => page.locator('article h1')

test('an outage on the spot: declare, answer, do, pass on', async ({ person }) => {
  const page = await person('hall-director@hall-a')
  await expect(page.getByRole('heading', { name: '出了什么事？' })).toBeVisible()
  await expect(page.getByRole('button', { name: '抢劫' })).toHaveCount(0)
  await expectAccessible(page)
  await shoot(page, 'field-grid-phone-zh')

  await page.getByRole('button', { name: '停电或系统故障' }).click()
  await expect(page.getByRole('heading', { name: '上报：停电或系统故障' })).toBeVisible()
  await shoot(page, 'field-confirm-phone-zh')
  await page.getByRole('button', { name: '确认上报' }).click()

  await expect(now(page)).toBeVisible()
  await expect(page.getByText(/可撤回/)).toBeVisible()
  await expect(page.getByRole('timer').first()).toContainText(/还有|请在/)
  await expectAccessible(page)
  await shoot(page, 'field-step-phone-zh')

  // Until the question comes up: do what stands before it.
  const question = page.getByText('停电，还是系统故障？')
  for (let i = 0; i < 8 && !(await question.isVisible()); ++i) {
    const before = await now(page).textContent()
    await page.getByRole('button', { name: '做完了' }).click()
    await expect(now(page)).not.toHaveText(before ?? '')
  }
  await expect(question).toBeVisible()
  await shoot(page, 'field-question-phone-zh')
  await page.getByRole('button', { name: /系统/ }).first().click()
  await expect(question).toBeHidden()
  const [outage] = await incidents(page, 'unit=hall-a&type=outage')
  const cause = async () => ((await (await page.request.get(`/api/v1/incidents/${outage?.id}`)).json()) as { facts: Record<string, { value: unknown }> }).facts.cause?.value
  await expect.poll(cause).toBe('system')

  await expectNoOverflow(page)
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByText('Do now', { exact: false }).first()).toBeVisible()
  await expectNoOverflow(page)
  await shoot(page, 'field-step-phone-en')
})

test('a slip is taken back within the minute', async ({ person }) => {
  const page = await person('hall-director@hall-b')
  await declare(page, '客流激增')
  await page.getByRole('button', { name: '误报，撤回' }).click()
  await expect(page.getByRole('button', { name: '误报，撤回' })).toBeHidden()
  await expect(async () => expect((await incidents(page, 'unit=hall-b'))[0]?.state).toBe('retracted')).toPass()
})

test('a robbery shows nothing: hold, cover, gone', async ({ person }) => {
  const page = await person('clerk@hall-c')
  const mate = await person('guard@hall-c')
  await expect(mate.getByRole('heading', { name: '出了什么事？' })).toBeVisible()
  const mark = page.getByRole('button', { name: '厅安', exact: true })
  await expect(page.getByRole('button', { name: '火灾' })).toBeVisible()
  await mark.click() // a tap does nothing
  await expect(page.getByRole('heading', { name: '出了什么事？' })).toBeVisible()
  await mark.hover()
  await page.mouse.down()
  const cover = page.getByRole('main', { name: '计算器' })
  await expect(cover).toBeVisible()
  await page.mouse.up()

  await expect(async () => expect(await incidents(page, 'unit=hall-c')).toMatchObject([{ type: 'robbery', silent: true, state: 'open' }])).toPass()
  // The others in the hall get the cover as well; neither shows a word of it.
  await expect(mate.getByRole('main', { name: '计算器' })).toBeVisible()
  for (const each of [page, mate]) {
    await expect(each.locator('body')).not.toContainText(/抢劫|歹徒|报警/)
    expect(await each.title()).toBe('计算器')
  }
  for (const key of ['1', '2', '+', '7', '=']) await page.getByRole('button', { name: key, exact: true }).click()
  await expect(cover.locator('output')).toHaveText('19')
  await expectAccessible(page)
  await expectNoOverflow(page)
  await shoot(page, 'field-cover-phone')
  await page.reload()
  await expect(cover).toBeVisible()
  await expect(page.locator('body')).not.toContainText(/抢劫|歹徒|报警/)

  await cover.locator('output').hover()
  await page.mouse.down()
  await expect(page.getByText('都处理完了吗？')).toBeVisible()
  await page.mouse.up()
  await page.getByRole('button', { name: '都走了' }).click()
  await expect(cover).toBeHidden()
  await expect(now(page)).toBeVisible()
  await expect(mate.getByRole('main', { name: '计算器' })).toBeHidden()
  await shoot(page, 'field-after-robbery-phone-zh')

  // Each clerk writes the own statement; what is typed outlives the sheet.
  await page.getByRole('button', { name: /各填各的抢劫叙述登记表/ }).click()
  await page.getByRole('button', { name: '填写登记表' }).click()
  const sheet = page.getByRole('dialog', { name: '填写登记表' })
  await sheet.getByRole('button', { name: '交登记表' }).click()
  await expect(sheet.getByRole('alert')).toContainText('没填')
  await sheet.getByLabel(/填表人(?!身份)/).fill('王小云')
  await sheet.getByRole('button', { name: '先存着' }).click()
  await page.getByRole('button', { name: '填写登记表' }).click()
  await expect(sheet.getByLabel(/填表人(?!身份)/)).toHaveValue('王小云')
  await sheet.getByRole('button', { name: '营业员', exact: true }).click()
  await sheet.getByLabel(/填表时间|填写时间/).fill('2026-11-24T10:30')
  await sheet.getByLabel(/我在哪|位置|当时在/).first().fill('三号窗口')
  await sheet.getByLabel(/经过|叙述/).first().fill('两个人进门，一高一矮。')
  await sheet.getByLabel(/人数|几个/).first().fill('2')
  await sheet.getByRole('checkbox').first().check()
  await sheet.getByLabel(/签名|签字/).first().fill('王小云')
  await expectNoOverflow(page)
  await expectAccessible(page)
  await shoot(page, 'field-form-phone-zh')
  await sheet.getByRole('button', { name: '交登记表' }).click()
  await expect(sheet).toBeHidden()
  await expect(page.getByRole('button', { name: '做完了' })).toBeVisible()
  await expect(page.getByText(/没被接受/)).toHaveCount(0)
})

test('without a network: two entries are kept, shown, and arrive once each in order', async ({ person, node }) => {
  const page = await person('hall-director@hall-d')
  await page.goto('/field')
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  await declare(page, '停电或系统故障')
  await expect(now(page)).toBeVisible()
  // The kept plans are there before the network goes.
  await expect(async () => expect(await keptPlans(page)).toBeGreaterThanOrEqual(20)).toPass({ timeout: 20_000 })

  await node.pause()
  await expect(page.getByText(/没有网络/)).toBeVisible()
  const first = await now(page).textContent()
  await page.getByRole('button', { name: '系统故障' }).click()
  await expect(now(page)).not.toHaveText(first ?? '')
  await declare(page, '突发疾病')
  await expect(page.getByText('2 条未发送')).toBeVisible()
  await shoot(page, 'field-offline-phone-zh')

  // Also after the page was opened anew, with the node still away.
  await page.reload()
  await expect(page.getByText('2 条未发送')).toBeVisible()
  await expect(now(page)).toBeVisible()
  await page.getByText('2 条未发送').click()
  await expect(page.getByText('上报：突发疾病')).toBeVisible()
  await shoot(page, 'field-outbox-phone-zh')
  await page.keyboard.press('Escape')

  await node.start()
  await expect(page.getByText(/条未发送/)).toBeHidden({ timeout: 30_000 })
  expect((await incidents(page, 'unit=hall-d&type=illness')).length).toBe(1)
  const [outage] = await incidents(page, 'unit=hall-d&type=outage')
  const timeline = (await (await page.request.get(`/api/v1/incidents/${outage?.id}/timeline`)).json()) as { items: { type: string; by: { person: string } }[] }
  // What the person entered; another hall's outage may have made the program state something, too.
  const stated = timeline.items.filter((event) => event.type === 'facts-stated' && event.by.person === 'hall-director@hall-d')
  expect(stated, JSON.stringify(timeline.items.map((event) => event.type))).toHaveLength(1)
  const whole = (await (await page.request.get(`/api/v1/incidents/${outage?.id}`)).json()) as { facts: Record<string, { value: unknown }> }
  expect(whole.facts.cause?.value).toBe('system')
})

for (const width of [360, 768]) {
  test(`nothing overflows at ${width} px in either language`, async ({ person }) => {
    const page = await person('duty-manager@hall-e', { viewport: { width, height: 800 } })
    await page.goto('/field') // a wide screen starts at the desk
    await declare(page, '火灾')
    await expect(now(page)).toBeVisible()
    for (const language of ['zh', 'en']) {
      for (const tab of [/现在做|To do/, /^(上报|Report)$/, /通知|Notices/, /电话|Phones/]) {
        await page.getByRole('navigation').getByRole('button', { name: tab }).click()
        await expectNoOverflow(page)
        await expectAccessible(page)
        await shoot(page, `field-${width}-${language}-${String(tab).replace(/\W+/g, '').slice(0, 6)}`)
      }
      await page.getByRole('button', { name: language === 'zh' ? 'English' : '中文' }).click()
    }
    if (width === 360) await page.getByRole('button', { name: '误报，撤回' }).click()
  })
}
