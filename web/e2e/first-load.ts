// How long until a slow phone can be used: from the address to a tappable grid in /field, first visit, nothing kept, with
// the throttle of the browser's tools (4x CPU; "Slow 4G": 562 ms to each answer, 180 KB/s). A figure to report, not a test:
// npm run first-load [-- RUNS]
import { chromium } from '@playwright/test'
import { kArguments, kBrowser, kPhone, signIn } from './fixtures'
import { startNode } from './node'

const kSlow4g = { offline: false, latency: 562.5, downloadThroughput: (1.6e6 * 0.9) / 8, uploadThroughput: (750e3 * 0.9) / 8 }
const runs = Number(process.argv[2] ?? 5)

const node = await startNode()
const browser = await chromium.launch({ executablePath: kBrowser, args: kArguments })
try {
  const first = await browser.newContext({ baseURL: node.url, viewport: kPhone })
  await signIn(await first.newPage(), 'guard@hall-d')
  const storageState = await first.storageState()
  await first.close()
  const seconds: number[] = []
  for (let i = 0; i < runs; ++i) {
    const context = await browser.newContext({ baseURL: node.url, viewport: kPhone, storageState })
    const page = await context.newPage()
    const client = await context.newCDPSession(page)
    await client.send('Network.enable')
    await client.send('Network.emulateNetworkConditions', kSlow4g)
    await client.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    const requests: { url: string; from: number; to: number; bytes: number }[] = []
    const open = new Map<string, (typeof requests)[number]>()
    let start = 0
    client.on('Network.requestWillBeSent', (event) => {
      start ||= event.timestamp
      const row = { url: event.request.url.replace(node.url, ''), from: event.timestamp - start, to: 0, bytes: 0 }
      open.set(event.requestId, row)
      requests.push(row)
    })
    client.on('Network.loadingFinished', (event) => {
      const row = open.get(event.requestId)
      if (row) Object.assign(row, { to: event.timestamp - start, bytes: event.encodedDataLength })
    })
    // The page itself says when: from the start of the navigation to the frame that shows the grid.
    await page.addInitScript(() => {
      const look = new MutationObserver(() => {
        if (![...document.querySelectorAll('button')].some((button) => button.textContent?.trim() === '火灾')) return
        look.disconnect()
        requestAnimationFrame(() => ((window as unknown as { usable: number }).usable = performance.now()))
      })
      look.observe(document, { childList: true, subtree: true })
    })
    await page.goto('/field', { waitUntil: 'commit', timeout: 60_000 })
    await page.locator('button:has-text("火灾")').waitFor({ timeout: 60_000 })
    seconds.push((await page.evaluate(() => (window as unknown as { usable: number }).usable)) / 1000)
    if (process.env.WATERFALL && i === runs - 1) {
      for (const row of requests) process.stdout.write(`${row.from.toFixed(2)} ${row.to.toFixed(2)} ${String(row.bytes).padStart(7)} ${row.url}\n`)
    }
    await context.close()
  }
  const sorted = [...seconds].sort((a, b) => a - b)
  const say = (value: number | undefined) => (value ?? 0).toFixed(2)
  process.stdout.write(`first load of /field, 4x CPU, Slow 4G, ${runs} runs: median ${say(sorted[Math.floor(runs / 2)])} s, best ${say(sorted[0])} s, worst ${say(sorted[runs - 1])} s\n`)
} finally {
  await browser.close()
  await node.stop()
}
