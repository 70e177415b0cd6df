import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Why a request is refused: the status, and a line for whoever looks. */
export interface Refusal {
  status: 400 | 401 | 403 | 405
  reason: string
}

/**
 * Who may use the server. It listens on loopback only, but every page in the person's browser and every program of other users can reach
 * that: so a request must name the server as its host (against DNS rebinding), must not come from another page, and must know the token.
 */
export class Access {
  readonly token = randomBytes(32).toString('base64url')
  readonly #hosts: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>
  readonly #cookie: string

  constructor(port: number) {
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
    this.#hosts = new Set(hosts)
    this.#origins = new Set(hosts.map((host) => `http://${host}`))
    // Browsers send a cookie to all ports of a host.
    this.#cookie = `cribsheet-${port}`
  }

  /** The cookie that a browser gets for the token, for as long as it stays open. */
  get setCookie(): string {
    return `${this.#cookie}=${this.token}; HttpOnly; SameSite=Strict; Path=/`
  }

  knows(token: string | null): boolean {
    if (token === null) return false
    const given = Buffer.from(token)
    const right = Buffer.from(this.token)
    return given.length === right.length && timingSafeEqual(given, right)
  }

  /** @returns null where the request may pass; whether it knows the token is for `refuseStranger` */
  refuseOrigin({ method, headers }: IncomingMessage): Refusal | null {
    if (method !== 'GET' && method !== 'HEAD') return { status: 405, reason: 'Only GET and HEAD.' }
    if (!this.#hosts.has(headers.host ?? '')) return { status: 403, reason: 'Another host was asked for.' }
    if (headers.origin !== undefined && !this.#origins.has(headers.origin))
      return { status: 403, reason: 'Asked by another page.' }
    return null
  }

  /** A page of another site cannot show a picture of ours either. */
  refuseStranger({ headers }: IncomingMessage): Refusal | null {
    const site = headers['sec-fetch-site']
    if (site === 'cross-site' || site === 'same-site') return { status: 403, reason: 'Asked by another page.' }
    if (this.knows(this.#tokenIn(headers.cookie ?? ''))) return null
    return { status: 401, reason: 'Open the address that `cribsheet serve` printed: it carries the token.' }
  }

  /** A WebSocket always tells its origin. */
  refuseSocket(request: IncomingMessage): Refusal | null {
    if (request.headers.origin === undefined) return { status: 403, reason: 'No origin.' }
    return this.refuseOrigin(request) ?? this.refuseStranger(request)
  }

  #tokenIn(cookies: string): string | null {
    const pairs = cookies.split(';').map((pair) => pair.trim().split('='))
    return pairs.find(([name]) => name === this.#cookie)?.[1] ?? null
  }
}
