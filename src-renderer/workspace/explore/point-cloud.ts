import type { MapView } from './lasso.ts'

const vertexSource = `
attribute vec2 place;
attribute float chosen;
uniform vec3 view;
uniform vec2 room;
uniform float size;
varying float isChosen;
void main() {
  vec2 at = (view.yz + view.x * place) / room * 2.0 - 1.0;
  gl_Position = vec4(at.x, -at.y, chosen > 0.5 ? 0.0 : 0.5, 1.0);
  gl_PointSize = chosen > 0.5 ? size * 1.6 : size;
  isChosen = chosen;
}`

const fragmentSource = `
precision mediump float;
uniform vec4 colour;
uniform vec4 chosenColour;
varying float isChosen;
void main() {
  float distance = length(gl_PointCoord - 0.5);
  if (distance > 0.5) discard;
  gl_FragColor = isChosen > 0.5 ? chosenColour : colour;
}`

export type Colour = readonly [number, number, number, number]

/** Points by WebGL: 100,000 are one call. */
export class PointCloud {
  readonly #gl: WebGLRenderingContext
  readonly #program: WebGLProgram
  readonly #places: WebGLBuffer
  readonly #chosen: WebGLBuffer
  #count = 0

  /** @returns null where this browser has no WebGL */
  static on(canvas: HTMLCanvasElement): PointCloud | null {
    const gl = canvas.getContext('webgl', { antialias: false, premultipliedAlpha: false })
    return gl && new PointCloud(gl)
  }

  private constructor(gl: WebGLRenderingContext) {
    this.#gl = gl
    this.#program = link(gl)
    this.#places = gl.createBuffer()
    this.#chosen = gl.createBuffer()
    gl.useProgram(this.#program)
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA)
  }

  /** @param places (n, 2), 0 to 1 */
  setPlaces(places: Float32Array): void {
    this.#count = places.length / 2
    this.#fill(this.#places, 'place', places, 2)
    this.setChosen(new Float32Array(this.#count))
  }

  /** @param chosen (n), 0 or 1 */
  setChosen(chosen: Float32Array): void {
    this.#fill(this.#chosen, 'chosen', chosen, 1)
  }

  draw(view: MapView, colours: { colour: Colour; chosen: Colour }, density: number): void {
    const gl = this.#gl
    const { width, height } = gl.canvas
    gl.viewport(0, 0, width, height)
    gl.clearColor(0, 0, 0, 0)
    gl.clear(gl.COLOR_BUFFER_BIT)
    const place = (name: string) => gl.getUniformLocation(this.#program, name)
    gl.uniform3f(place('view'), view.scale, view.left, view.top)
    gl.uniform2f(place('room'), width / density, height / density)
    gl.uniform1f(place('size'), density * (this.#count > 20_000 ? 3 : this.#count > 2000 ? 4 : 6))
    gl.uniform4f(place('colour'), ...colours.colour)
    gl.uniform4f(place('chosenColour'), ...colours.chosen)
    gl.drawArrays(gl.POINTS, 0, this.#count)
  }

  #fill(buffer: WebGLBuffer, attribute: string, values: Float32Array, size: number): void {
    const gl = this.#gl
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW)
    const location = gl.getAttribLocation(this.#program, attribute)
    gl.enableVertexAttribArray(location)
    gl.vertexAttribPointer(location, size, gl.FLOAT, false, 0, 0)
  }
}

function link(gl: WebGLRenderingContext): WebGLProgram {
  const program = gl.createProgram()
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexSource],
    [gl.FRAGMENT_SHADER, fragmentSource],
  ] as const) {
    const shader = gl.createShader(type)
    if (!shader) throw new Error('WebGL makes no shader.')
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true)
    throw new Error(`WebGL does not link: ${gl.getProgramInfoLog(program) ?? ''}`)
  return program
}
