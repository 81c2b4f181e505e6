import { expect, expectNoOverflow, kPhone, shoot, signIn, test } from './fixtures'

test.use({ house: 'console', timeScale: 60 })

test('a step done is on another screen; two tabs share one stream; what is late says so', async ({ person, chrome, node }) => {
  const context = await chrome.newContext({ baseURL: node.url, viewport: kPhone })
  const page = await context.newPage()
  let streams = 0
  context.on('request', (request) => {
    if (request.url().endsWith('/api/v1/stream')) ++streams
  })
  await signIn(page, 'duty-manager@hall-a')
  const second = await context.newPage()
  await second.goto('/field')
  await expect(second.getByRole('button', { name: '火灾' })).toBeVisible()

  const director = await person('hall-director@hall-a')
  await director.getByRole('button', { name: '火灾' }).click()
  await director.getByRole('button', { name: '确认上报' }).click()
  for (const each of [page, second]) {
    await each.getByRole('button', { name: /现在做/ }).click()
    await expect(each.locator('article h1')).toBeVisible()
  }
  expect(streams).toBe(1)

  // The clock runs sixty times as fast: deadlines pass, the words turn to a plus, others are told.
  await expect(director.getByText(/已超时 \+/)).toBeVisible({ timeout: 20_000 })
  await expectNoOverflow(director)
  await shoot(director, 'field-late-phone-zh')
  await context.close()
})

test('a clerk of one hall sees nothing of another', async ({ person }) => {
  const director = await person('hall-director@hall-b')
  await director.getByRole('button', { name: '客流激增' }).click()
  await director.getByRole('button', { name: '确认上报' }).click()
  await expect(director.locator('article h1')).toBeVisible()
  const clerk = await person('clerk@hall-c')
  await expect(clerk.getByRole('heading', { name: '出了什么事？' })).toBeVisible()
  await expect(clerk.getByText('本厅正在处置')).toHaveCount(0)
  const answer = await clerk.request.get('/api/v1/incidents?unit=hall-b')
  expect(answer.ok() ? ((await answer.json()) as { items: unknown[] }).items : []).toEqual([])
})

test('the first load of the phone place stays under 200 KB and takes nothing of the desk', async ({ chrome, node }) => {
  const context = await chrome.newContext({ baseURL: node.url, viewport: kPhone, serviceWorkers: 'block' })
  const page = await context.newPage()
  await signIn(page, 'guard@hall-d')
  const client = await context.newCDPSession(page)
  await client.send('Network.enable')
  await client.send('Network.setCacheDisabled', { cacheDisabled: true })
  let bytes = 0
  const later = new Set<string>()
  const urls: string[] = []
  client.on('Network.responseReceived', (event) => {
    urls.push(event.response.url)
    // Whole plans, kept for the hour without a network, come once the place stands.
    if (event.response.url.includes('/api/v1/plans/')) later.add(event.requestId)
  })
  client.on('Network.loadingFinished', (event) => {
    if (!later.has(event.requestId)) bytes += event.encodedDataLength
  })
  await page.goto('/field')
  await expect(page.getByRole('button', { name: '火灾' })).toBeVisible()
  const assets = urls.filter((url) => !url.includes('/api/'))
  expect(assets.filter((url) => /Desk|echarts|element/i.test(url))).toEqual([])
  expect(urls.filter((url) => !url.startsWith(node.url))).toEqual([])
  test.info().annotations.push({ type: 'bytes', description: String(bytes) })
  expect(bytes).toBeLessThan(200 * 1024)
  await context.close()
})

test('a desk page takes nothing of the phone', async ({ person }) => {
  const page = await person('hall-director@hall-d', { viewport: { width: 1440, height: 900 } })
  const urls: string[] = []
  page.on('request', (request) => urls.push(request.url()))
  for (const path of ['/hall', '/plans/outage', '/rehearse']) {
    await page.goto(path)
    await expect(page.locator('#content h1').first()).toBeVisible()
  }
  expect(urls.filter((url) => /assets\/field-(?!store)/.test(url))).toEqual([])
})
