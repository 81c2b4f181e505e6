// The real program on a free port with a folder of its own; ended by SIGTERM.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const kRoot = resolve(fileURLToPath(import.meta.url), '../../..')
const kBinary = process.env.TINGAN_BINARY ?? join(kRoot, 'build/release/tingan')
const kWeb = process.env.TINGAN_WEB ?? join(kRoot, 'web/dist')

export interface Node {
  url: string
  data: string // its folder
  stop(): Promise<void> // for good: its data go, too
  pause(): Promise<void>
  start(): Promise<void> // again, on the same port with the same data
}

// `name`: over TLS, with an authority and a certificate of the node's own for that host name.
export async function startNode(options: { timeScale?: number; port?: number; name?: string } = {}): Promise<Node> {
  const data = mkdtempSync(join(tmpdir(), 'tingan-e2e-'))
  const port = options.port ?? (await freePort())
  let child: ChildProcess | null = null
  let log = ''

  const start = async () => {
    const args = ['serve', '--demo', '--data', data, '--listen', `127.0.0.1:${port}`, '--web', kWeb]
    if (options.timeScale) args.push('--time-scale', String(options.timeScale))
    child = spawn(kBinary, args, { cwd: kRoot, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stderr?.on('data', (piece: Buffer) => (log += piece.toString()))
    await new Promise<void>((ready, fail) => {
      let line = ''
      child?.stdout?.on('data', (piece: Buffer) => {
        line += piece.toString()
        if (/^listening on http\S+\n/.test(line)) ready()
      })
      child?.once('exit', (code) => fail(new Error(`the node ended with ${code}: ${log}`)))
    })
  }
  const end = async () => {
    const running = child
    child = null
    if (!running || running.exitCode !== null) return
    running.removeAllListeners('exit')
    await new Promise<void>((gone) => {
      running.once('exit', () => gone())
      running.kill('SIGTERM')
    })
  }
  if (options.name) execFileSync(kBinary, ['tls', 'init', '--data', data, '--name', options.name])
  await start()
  const stop = async () => {
    await end()
    rmSync(data, { recursive: true, force: true })
  }
  const url = options.name ? `https://${options.name}:${port}` : `http://127.0.0.1:${port}`
  return { url, data, start, pause: end, stop }
}

// A page that is offline comes back to the same origin, so the port has to be known before.
function freePort(): Promise<number> {
  return new Promise((found, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? found(address.port) : fail(new Error('no port'))))
    })
  })
}
