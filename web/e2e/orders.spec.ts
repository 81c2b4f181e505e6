// Business goes on while the system is down: orders on the phone without a network, entered afterwards, reconciled.
import type { Page } from '@playwright/test'
import { get, send } from './ask'
import { expect, expectAccessible, expectNoOverflow, shoot, test } from './fixtures'

test.use({ house: 'orders' })

const kDesk = { width: 1440, height: 900 }
const kUnit = 'hall-a'

const call = async (page: Page, method: 'GET' | 'POST', path: string, body?: unknown): Promise<Record<string, unknown>> =>
  method === 'GET' ? get(page, path) : (await send(page, 'post', path, body)).body
interface Row {
  id: string
  number: string
  state: string
  business: string
  kind: string
  device: string | null
  doubts: string[]
}
const orders = async (page: Page, query = '') => (await call(page, 'GET', `/orders?unit=${kUnit}&limit=200${query}`)).items as Row[]

// Numbers that the device holds, from its own store.
function numbersHeld(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((found, fail) => {
        const open = indexedDB.open('tingan')
        open.onerror = () => fail(open.error)
        open.onsuccess = () => {
          const all = open.result.transaction('blocks').objectStore('blocks').getAll()
          all.onsuccess = () => {
            open.result.close()
            found((all.result as { next: number; last: number }[]).reduce((sum, block) => sum + block.last - block.next + 1, 0))
          }
        }
      }),
  )
}
// Everything that rests on the device, as text.
function resting(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((found, fail) => {
        const open = indexedDB.open('tingan')
        open.onerror = () => fail(open.error)
        open.onsuccess = () => {
          const all = open.result.transaction('orders').objectStore('orders').getAll()
          all.onsuccess = () => {
            open.result.close()
            found(JSON.stringify(all.result, (_key, value: unknown) => (value instanceof ArrayBuffer ? new TextDecoder('latin1').decode(value) : value)))
          }
        }
      }),
  )
}

async function ready(page: Page): Promise<void> {
  await page.goto('/field/orders')
  await expect(page.getByRole('button', { name: '缴费' })).toBeVisible()
  await expect.poll(() => numbersHeld(page)).toBeGreaterThanOrEqual(20)
}
async function sign(page: Page): Promise<void> {
  const glass = page.getByRole('img', { name: /签名/ })
  await glass.scrollIntoViewIfNeeded()
  const box = (await glass.boundingBox())!
  await page.mouse.move(box.x + 40, box.y + 60)
  await page.mouse.down()
  await page.mouse.move(box.x + 120, box.y + 30, { steps: 4 })
  await page.mouse.move(box.x + 200, box.y + 80, { steps: 4 })
  await page.mouse.up()
}
async function begin(page: Page, business: string, name: string, mobile: string): Promise<void> {
  await page.getByRole('button', { name: business }).click()
  await page.getByLabel(/客户姓名/).fill(name)
  await page.getByLabel(/联系电话/).fill(mobile)
}
async function payBill(page: Page, name: string, mobile: string, amount: string): Promise<void> {
  await begin(page, '缴费', name, mobile)
  await page.getByLabel(/缴费号码/).fill('861234567')
  await page.getByLabel(/缴费金额/).fill(amount)
  await page.getByRole('button', { name: '现金' }).click()
}
async function reportFault(page: Page, name: string, mobile: string): Promise<void> {
  await begin(page, '故障报修', name, mobile)
  await page.getByLabel(/故障号码或账号/).fill('KD880011')
  await page.getByRole('button', { name: '完全不能用' }).click()
}
const confirm = (page: Page) => page.getByRole('button', { name: '确认开单' }).click()
const slipNumber = async (page: Page) => ((await page.locator('.slip .number').textContent()) ?? '').trim()

test('what cannot be taken now becomes a callback, with what was typed of the customer', async ({ person }) => {
  const page = await person('clerk@hall-c')
  await ready(page)
  await payBill(page, '钱七', '13712345671', '20')
  await page.getByRole('button', { name: '改为登记回访' }).click()
  await expect(page.getByLabel(/客户姓名/)).toHaveValue('钱七')
  await expect(page.getByLabel(/联系电话/)).toHaveValue('13712345671')
  await page.getByRole('button', { name: '登记回访', exact: true }).click()
  await expect(page.locator('.slip')).toContainText('钱*')
  const { items } = await get<{ items: Row[] }>(page, '/orders?unit=hall-c&kind=callback')
  expect(items.map((row) => row.business)).toEqual(['bill-payment'])
})

test('three orders without a network, entered once each, one of them repaired, reconciled', async ({ person, node }) => {
  test.setTimeout(180_000)
  const desk = await person('hall-director@hall-a', { viewport: kDesk })
  const outage = String((await call(desk, 'POST', '/incidents', { unit: kUnit, type: 'outage', facts: { cause: 'system' } })).id)
  // Another counter took so much that the hall's cap is nearly reached: the phone cannot know.
  const big = await call(desk, 'POST', '/orders', {
    business: 'bill-payment', incident: outage, handed_over: true, taken_at: new Date(Date.now() - 60_000).toISOString(),
    name: '大客户', mobile: '13800000000', fields: { account: '86000001', amount: '99980', paid_by: 'cheque' },
  })
  await call(desk, 'POST', `/orders/${String(big.id)}/enter`, { reference: 'by-hand-1' })

  // The step leads there.
  const page = await person('clerk@hall-a')
  await page.goto('/field')
  await page.getByRole('link', { name: '去开单' }).first().click()
  await expect(page).toHaveURL(/\/field\/orders/)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  await ready(page)
  await expect(page.getByText(/停电或系统故障期间开单/)).toBeVisible()
  await expectAccessible(page)
  await expectNoOverflow(page)
  await shoot(page, 'take-home-phone-zh')

  await node.pause()
  await page.reload()
  await expect(page.getByText(/连不上节点/)).toBeVisible()
  await expect(page.getByRole('button', { name: '缴费' })).toBeVisible()

  // Mistakes are named on the spot.
  await payBill(page, '张三', '1381234567', '2000.01')
  await page.getByLabel(/缴费号码/).click()
  await expect(page.getByText('“联系电话”应为 11 位手机号')).toBeVisible()
  await confirm(page)
  await expect(page.getByText('单笔金额最多 2000.00 元')).toBeVisible()
  await expectAccessible(page)
  await shoot(page, 'take-wrong-phone-zh')
  await page.getByLabel(/联系电话/).fill('13812345678')
  await page.getByLabel(/缴费金额/).fill('50')
  await sign(page)
  await shoot(page, 'take-form-phone-zh')
  await confirm(page)
  await expect(page.getByText(/还没送到，存在本机/).first()).toBeVisible()
  const numbers = [await slipNumber(page)]
  await expectAccessible(page)
  await expectNoOverflow(page)
  await shoot(page, 'take-slip-offline-phone-zh')
  // What the browser would print is the slip alone.
  await page.emulateMedia({ media: 'print' })
  await expect(page.locator('.slip')).toBeVisible()
  await expect(page.locator('header.top')).toBeHidden()
  await page.emulateMedia({ media: 'screen' })
  await page.getByRole('button', { name: '开下一张' }).click()

  await reportFault(page, '李四', '13900000001')
  await confirm(page)
  numbers.push(await slipNumber(page))
  await page.getByRole('button', { name: '开下一张' }).click()
  await reportFault(page, '王五', '13900000002')
  await confirm(page)
  numbers.push(await slipNumber(page))
  await page.getByRole('button', { name: '开下一张' }).click()
  expect(new Set(numbers).size).toBe(3)
  for (const number of numbers) expect(number).toMatch(/^hall-a-\d{6}$/)
  await expect(page.getByText('3 张单还没送到')).toBeVisible()
  expect(await resting(page)).not.toMatch(/张三|李四|13812345678/)
  await page.reload()
  await expect(page.getByText('3 张单还没送到')).toBeVisible()
  await shoot(page, 'take-unsent-phone-zh')

  await node.start()
  await expect(page.getByText(/张单还没送到/)).toBeHidden({ timeout: 40_000 })
  expect(await resting(page)).toBe('[]')
  const there = (await orders(desk)).filter((row) => numbers.includes(row.number))
  expect(there.map((row) => row.number).sort()).toEqual([...numbers].sort())
  const wrong = there.find((row) => row.number === numbers[0])
  expect(wrong).toMatchObject({ state: 'set-aside', doubts: ['order.over-total-cap'] })

  // Restored; the rehearsal first, then go.
  await call(desk, 'POST', `/incidents/${outage}/facts`, { set: { restored: true } })
  await desk.goto('/orders?tab=replay')
  const plan = desk.locator('.plan li')
  await expect(plan.filter({ hasText: '张自动录入' })).toContainText('2')
  await expect(plan.filter({ hasText: '张搁置' })).toContainText('1')
  await expectAccessible(desk)
  await shoot(desk, 'orders-rehearsal-desk-zh')
  await desk.getByRole('button', { name: '开始补录 2 张' }).click()
  await expect(desk.getByText(/补录结束/)).toBeVisible({ timeout: 40_000 })
  await shoot(desk, 'orders-replayed-desk-zh')
  expect((await orders(desk, '&state=entered')).filter((row) => numbers.includes(row.number))).toHaveLength(2)

  // Not reconciled: what is missing is said; the gate is open.
  await desk.getByRole('tab', { name: '对账' }).click()
  await expect(desk.getByText('还没对平')).toBeVisible()
  await expectAccessible(desk)
  await shoot(desk, 'orders-unreconciled-desk-zh')

  // Repaired and entered.
  await desk.getByRole('tab', { name: /待处理/ }).click()
  await desk.getByRole('button', { name: numbers[0] }).click()
  const drawer = desk.getByRole('dialog')
  await expect(drawer.getByText('超过本厅累计上限')).toBeVisible()
  await expect(drawer.getByText('张*')).toBeVisible()
  await drawer.getByRole('button', { name: '查看完整资料' }).click()
  await drawer.getByRole('button', { name: '修正', exact: true }).click()
  await expect(drawer.getByText('13812345678', { exact: true })).toBeVisible()
  await expectAccessible(desk)
  await shoot(desk, 'orders-drawer-desk-zh')
  await drawer.getByRole('button', { name: '修正', exact: true }).click()
  await drawer.locator('#f-amount').fill('10')
  await shoot(desk, 'orders-repair-desk-zh')
  await drawer.getByRole('button', { name: '改好，重新排队' }).click()
  await expect(drawer.getByText('查看资料').first()).toBeVisible()
  await drawer.getByRole('button', { name: '关闭' }).click()
  await desk.getByRole('tab', { name: '补录' }).click()
  await desk.getByRole('button', { name: '开始补录 1 张' }).click()
  await expect.poll(async () => (await orders(desk, '&state=entered')).filter((row) => numbers.includes(row.number)).length, { timeout: 40_000 }).toBe(3)

  // Reconciled: the hall's sums, and the incident's gate.
  await desk.getByRole('tab', { name: '对账' }).click()
  await expect(desk.getByText('账平：每一张单都有着落，没有缺号')).toBeVisible()
  await shoot(desk, 'orders-reconciled-desk-zh')
  await desk.goto(`/incidents/${outage}`)
  await desk.getByRole('tab', { name: '结案条件' }).click()
  await expect(desk.getByText('账平：每一张单都有着落，没有缺号')).toBeVisible()
  await expect(desk.locator('.gates li.met').filter({ hasText: '每一张预受理单都有着落' })).toBeVisible()
  await shoot(desk, 'orders-gate-desk-zh')

  // The hall's own desk shows it at a glance.
  await desk.goto('/hall')
  await expect(desk.getByRole('region', { name: '应急受理' })).toContainText('受理 4，已录入 4')
  await expectAccessible(desk)
  await shoot(desk, 'hall-orders-desk-zh')

  // The customer's slip.
  const slip = await desk.request.get(`/api/v1/orders/${there[0]!.id}/slip`)
  expect(slip.status()).toBe(200)
  expect(slip.headers()['content-type']).toContain('application/pdf')
  const bytes = await slip.body()
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
  expect(bytes.length).toBeGreaterThan(2000)
})

test('two pages of one device never mint the same number', async ({ person, node }) => {
  const page = await person('clerk@hall-b')
  await page.goto('/field/orders')
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  const other = await page.context().newPage()
  await other.goto('/field/orders')
  for (const each of [page, other]) await expect(each.getByRole('button', { name: '故障报修' })).toBeVisible()
  await expect.poll(() => numbersHeld(page)).toBeGreaterThanOrEqual(20)
  await node.pause()
  const numbers: string[] = []
  for (let round = 0; round < 2; ++round) {
    for (const each of [page, other]) await reportFault(each, '赵六', `1390000010${round}`)
    await Promise.all([page, other].map(confirm))
    for (const each of [page, other]) {
      await expect(each.locator('.slip .number')).toHaveText(/hall-b-\d{6}/)
      numbers.push(await slipNumber(each))
      await each.getByRole('button', { name: '开下一张' }).click()
    }
  }
  expect(new Set(numbers).size).toBe(4)
  await node.start()
  await expect.poll(async () => ((await (await page.request.get('/api/v1/orders?unit=hall-b&limit=50')).json().catch(() => ({ items: [] }))) as { items: Row[] }).items?.map((row) => row.number).sort(), { timeout: 40_000 }).toEqual([...numbers].sort())
})

test('a callback with a picture taken on line; the node keeps its caps', async ({ person }) => {
  const page = await person('clerk@hall-c')
  await page.goto('/field/orders')
  await begin(page, '补换卡', '孙七', '13700000001')
  await expect(page.getByText('此业务不能预受理，请登记回访')).toBeVisible()
  await page.getByRole('button', { name: '登记回访', exact: true }).click()
  await expect(page.getByText('已送到')).toBeVisible()
  await expect(page.locator('.slip')).toContainText('给您回电话')
  await page.getByRole('button', { name: '开下一张' }).click()

  await begin(page, '销户', '周八', '13700000002')
  await page.getByLabel(/销户号码/).fill('13700000003')
  await page.getByLabel(/机主身份证号/).fill('11010519491231002x')
  await page.getByRole('button', { name: '放弃' }).click()
  await confirm(page)
  await expect(page.getByText(/还有 2 处要改/)).toBeVisible()
  await sign(page)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: /拍照.*身份证正面/ }).click()
  await (await chooser).setFiles({ name: 'id.png', mimeType: 'image/png', buffer: Buffer.from(kPixel, 'base64') })
  await expect(page.getByText('已拍')).toBeVisible()
  await confirm(page)
  await expect(page.getByText('已送到')).toBeVisible()
  await shoot(page, 'take-slip-phone-zh')
  const rows = ((await (await page.request.get('/api/v1/orders?unit=hall-c')).json()) as { items: (Row & { photos: string[] })[] }).items
  expect(rows.find((row) => row.business === 'number-cancellation')?.photos).toHaveLength(1)
  expect(rows.find((row) => row.business === 'sim-replacement')?.kind).toBe('callback')

  const desk = await person('shift-leader@hall-c', { viewport: kDesk })
  await desk.goto('/orders?tab=work')
  await desk.getByRole('button', { name: rows.find((row) => row.kind === 'callback')!.number }).click()
  const drawer = desk.getByRole('dialog')
  await drawer.getByRole('button', { name: '记回访结果' }).click()
  await drawer.getByLabel('说了什么').fill('明天带身份证来')
  await drawer.getByRole('button', { name: '接通，已办' }).click()
  await expect(drawer.getByText('已兑现')).toBeVisible()
})
const kPixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

test('blank forms are printed, what was written on them comes in by number, a bad row is named', async ({ person }) => {
  const desk = await person('hall-director@hall-d', { viewport: kDesk })
  const pack = await call(desk, 'POST', '/packs', { unit: 'hall-d', size: 10 })
  const paper = await desk.request.get(`/api/v1/packs/${String(pack.pack)}?unit=hall-d&format=pdf`)
  expect((await paper.body()).subarray(0, 5).toString()).toBe('%PDF-')
  await desk.goto('/orders?tab=packs')
  await expect(desk.getByText('纸单第 1 叠')).toBeVisible()
  await desk.getByRole('combobox', { name: '写的是哪项业务' }).click()
  await desk.getByRole('option', { name: '缴费' }).last().click()
  await expect(desk.getByRole('link', { name: 'XLSX 模板' })).toBeVisible()
  const first = Number(pack.first)
  const rows = [
    'form_number,customer_name,customer_mobile,field.account,field.amount,field.paid_by',
    `${first},张三,13812345678,86123456,50,cash`,
    `${first + 1},李四,123,86123456,50,cash`,
    `${first + 500},王五,13812345679,86123456,50,cash`,
  ]
  await desk.locator('input[type=file]').setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) })
  await expect(desk.getByText(/收下 1 张，1 张收下但要修正，0 张原已在册，1 行没收/)).toBeVisible()
  await expect(desk.getByRole('row').filter({ hasText: '联系电话' })).toContainText('已收，待修正')
  await expectAccessible(desk)
  await shoot(desk, 'orders-import-desk-zh')
})

for (const tab of ['list', 'work', 'replay', 'promises', 'reconcile', 'packs', 'notice'] as const) {
  test(`/orders ${tab} fits every width in both languages`, async ({ person }) => {
    const page = await person('hall-director@hall-c', { viewport: kDesk })
    await page.goto(tab === 'notice' ? '/orders/notice' : `/orders?tab=${tab}`)
    await page.waitForLoadState('networkidle').catch(() => undefined)
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await page.getByRole('button', { name: 'English' }).click()
      for (const width of [360, 768, 1440, 1920]) {
        await page.setViewportSize({ width, height: 900 })
        await expectNoOverflow(page)
        if (width === 360 || width === 1440) await shoot(page, `orders-${tab}-${language}-${width}`)
      }
    }
    await page.setViewportSize(kDesk)
    await expectAccessible(page)
    // Nothing of the phone's own look comes along.
    expect(await page.evaluate(() => getComputedStyle(document.body).fontFamily)).toContain('PingFang')
  })
}

test('the phone page fits a small screen in both languages', async ({ person }) => {
  const page = await person('clerk@hall-c', { viewport: { width: 360, height: 740 } })
  await page.goto('/field/orders')
  for (const language of ['zh', 'en'] as const) {
    if (language === 'en') await page.getByRole('button', { name: 'English' }).click()
    await expectNoOverflow(page)
    await expectAccessible(page)
    await shoot(page, `take-home-${language}-360`)
    await page.getByRole('button', { name: language === 'zh' ? '宽带新装' : 'Broadband order' }).click()
    await expectNoOverflow(page)
    await expectAccessible(page)
    await shoot(page, `take-form-${language}-360`)
    await page.getByRole('button', { name: language === 'zh' ? '返回' : 'Back', exact: true }).click()
  }
})
