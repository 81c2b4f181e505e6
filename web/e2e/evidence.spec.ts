// What a phone hands in: a photo, a voice note through the (fake) microphone, the count at the assembly point; "I cannot"
// that reaches the next person with its reason; a slip taken back, of which everybody told is told again.
import { chromium } from '@playwright/test'
import { get, incidents, timeline } from './ask'
import { expect, expectAccessible, failOnPageErrors, kArguments, kBrowser, kPhone, shoot, signIn, test } from './fixtures'

test.use({ house: 'evidence' })

interface Piece {
  n: number
  media: string
  bytes: number
}

test('a photo and a voice note are in the record, and the bytes come back', async ({ node, person }) => {
  test.setTimeout(120_000)
  const browser = await chromium.launch({
    executablePath: kBrowser,
    args: [...kArguments, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  })
  try {
    const context = await browser.newContext({ viewport: kPhone, locale: 'zh-CN', baseURL: node.url, permissions: ['microphone'] })
    const page = await context.newPage()
    failOnPageErrors(page)
    await signIn(page, 'duty-manager@hall-b')
    await page.getByRole('button', { name: '火灾' }).click()
    await page.getByRole('button', { name: '确认上报' }).click()
    await expect(page.locator('article h1')).toBeVisible()
    const [fire] = await incidents(page, 'unit=hall-b&type=fire')
    const id = fire?.id ?? ''

    // A picture as a camera gives it, larger than the phone sends.
    const picture = await page.evaluate(async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 2400, height: 1800 })
      const paint = canvas.getContext('2d')!
      for (let i = 0; i < 400; ++i) {
        paint.fillStyle = `hsl(${(i * 37) % 360} 70% 50%)`
        paint.fillRect((i * 131) % 2400, (i * 71) % 1800, 160, 120)
      }
      const blob = await new Promise<Blob>((done) => canvas.toBlob((made) => done(made!), 'image/jpeg', 0.95))
      return [...new Uint8Array(await blob.arrayBuffer())]
    })
    await page.locator('input[type=file]').setInputFiles({ name: 'smoke.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(picture) })
    const pieces = () => get<{ items: Piece[] }>(page, `/incidents/${id}/evidence`).then((list) => list.items)
    await expect.poll(async () => (await pieces()).length, { timeout: 30_000 }).toBe(1)

    await page.getByRole('button', { name: '录音' }).click()
    const stop = page.getByRole('button', { name: /停止/ })
    await expect(stop).toContainText(/[1-9] 秒/, { timeout: 20_000 })
    await shoot(page, 'field-recording-phone-zh')
    await stop.click()
    await expect.poll(async () => (await pieces()).length, { timeout: 30_000 }).toBe(2)

    const [photo, voice] = await pieces()
    expect([photo?.media, voice?.media]).toEqual(['image/jpeg', expect.stringMatching(/^audio\//)])
    for (const piece of [photo, voice]) {
      const bytes = await (await page.request.get(`/api/v1/incidents/${id}/evidence/${piece?.n}`)).body()
      expect(bytes.length).toBe(piece?.bytes)
      expect(bytes.length).toBeGreaterThan(500)
    }
    await expect(page.getByText(/没被接受/)).toHaveCount(0)
    // The desk has both on the timeline.
    const director = await person('hall-director@hall-b', { viewport: { width: 1440, height: 900 } })
    await director.goto(`/incidents/${id}`)
    await director.getByRole('tab', { name: '时间线' }).click()
    await expect(director.getByText(/照片|录音/).first()).toBeVisible()
  } finally {
    await browser.close()
  }
})

test('the count at the assembly point says who is missing, and how many customers', async ({ person }) => {
  const page = await person('guide@hall-c')
  await page.getByRole('button', { name: '火灾' }).click()
  await page.getByRole('button', { name: '确认上报' }).click()
  await expect(page.locator('article h1')).toBeVisible()
  await page.getByRole('button', { name: '清点人数', exact: true }).click()
  const sheet = page.getByRole('dialog', { name: '清点人数' })
  await expect(sheet.getByText(/江畔体育馆北门广场/)).toBeVisible()
  const people = sheet.getByRole('listitem')
  await expect(people.filter({ hasText: '秦大勇' })).toBeVisible()
  const all = await people.count()
  for (let i = 0; i < all; ++i) {
    const row = people.nth(i)
    const lost = ((await row.textContent()) ?? '').includes('秦大勇')
    await row.getByRole('button', { name: lost ? '没找到' : '在', exact: true }).click()
  }
  // Whoever is missing can be called from here.
  await expect(people.filter({ hasText: '秦大勇' }).getByRole('link')).toHaveAttribute('href', /^tel:/)
  await sheet.getByLabel('到集合点的客户').fill('23')
  await sheet.getByLabel('还没找到的客户').fill('1')
  await expectAccessible(page)
  await shoot(page, 'field-headcount-phone-zh')
  await sheet.getByRole('button', { name: '报清点结果' }).click()
  await expect(sheet).toBeHidden()

  const [fire] = await incidents(page, 'unit=hall-c&type=fire')
  interface Count {
    staff: { person: string; state: string }[]
    customers: { here: number; missing: number }
  }
  await expect
    .poll(async () => (await get<Count>(page, `/incidents/${fire?.id}/headcount`)).customers, { timeout: 20_000 })
    .toEqual({ here: 23, missing: 1 })
  const count = await get<Count>(page, `/incidents/${fire?.id}/headcount`)
  expect(count.staff.filter((each) => each.state === 'missing').map((each) => each.person)).toEqual(['guard@hall-c'])

  // Somebody else opens the list and finds what was counted.
  const director = await person('hall-director@hall-c')
  await director.getByRole('button', { name: /现在做/ }).click()
  await director.getByRole('button', { name: '清点人数', exact: true }).click()
  const seen = director.getByRole('dialog', { name: '清点人数' }).getByRole('listitem').filter({ hasText: '秦大勇' })
  await expect(seen.getByRole('button', { name: '没找到' })).toHaveAttribute('aria-pressed', 'true')
})

test('"I cannot" reaches the next person with its reason', async ({ person }) => {
  const guard = await person('guard@hall-d')
  await guard.getByRole('button', { name: '火灾' }).click()
  await guard.getByRole('button', { name: '确认上报' }).click()
  const step = guard.locator('article h1')
  await expect(step).toBeVisible()
  const words = (await step.textContent()) ?? ''
  const [fire] = await incidents(guard, 'unit=hall-d&type=fire')
  await guard.getByRole('button', { name: '我做不了' }).click()
  await guard.getByRole('dialog', { name: '为什么做不了' }).getByRole('button', { name: '去那里不安全' }).click()
  await expect(step).not.toHaveText(words)

  // Who has it now: asked of the node, then seen on that person's own phone.
  const whole = async () => get<{ steps: { text: { zh: string }; people: string[]; state: string }[] }>(guard, `/incidents/${fire?.id}`)
  const holder = async () => (await whole()).steps.find((each) => each.text.zh === words)?.people.find((each) => each !== 'guard@hall-d') ?? ''
  await expect.poll(holder, { timeout: 20_000 }).not.toBe('')
  const next = await person(await holder())
  await next.getByRole('button', { name: /通知/ }).click()
  const told = next.getByRole('listitem').filter({ hasText: '别人做不了，转给您' })
  await expect(told.first()).toContainText(words)
  await next.getByRole('button', { name: /现在做/ }).click()
  if ((await next.locator('article h1').textContent()) !== words) await next.getByRole('button', { name: words, exact: true }).click()
  await expect(next.locator('article')).toContainText('孔祥龙做不了：去那里不安全')
  await shoot(next, 'field-passed-on-phone-zh')
  expect((await timeline(guard, fire?.id ?? '')).map((event) => event.type)).toContain('step-declined')
})

test('a slip taken back within the minute is told to everybody who was told', async ({ person }) => {
  const page = await person('shift-leader@hall-e')
  const other = await person('duty-manager@hall-e')
  await page.getByRole('button', { name: '突发疾病' }).click()
  await page.getByRole('button', { name: '确认上报' }).click()
  await expect(page.getByText(/可撤回/)).toBeVisible()
  await expect.poll(async () => (await get<{ items: unknown[] }>(other, '/me/notices')).items.length, { timeout: 20_000 }).toBeGreaterThan(0)
  await page.getByRole('button', { name: '误报，撤回' }).click()
  await expect(page.getByText(/可撤回/)).toBeHidden()
  await expect.poll(async () => (await incidents(page, 'unit=hall-e'))[0]?.state, { timeout: 20_000 }).toBe('retracted')
  const [row] = await incidents(page, 'unit=hall-e')
  const { notices } = await get<{ notices: { to: { person: string }; reasons: { kind: string }[] }[] }>(page, `/incidents/${row?.id}`)
  const having = (which: (kind: string) => boolean) => new Set(notices.filter((notice) => notice.reasons.some((reason) => which(reason.kind))).map((notice) => notice.to.person))
  const told = having((kind) => kind !== 'retracted')
  const again = having((kind) => kind === 'retracted')
  expect(told.size).toBeGreaterThan(0)
  for (const one of told) expect([...again], `${one} is told again`).toContain(one)
})
