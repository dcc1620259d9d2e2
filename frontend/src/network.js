/*! Kantama, EUPL-1.2 */
// The map of one contact. Places come from the server, and the table beside it says the same: without WebGL or scripts it stands alone.
import Graph from 'graphology'
import Sigma from 'sigma'

const section = document.querySelector('[data-network]')
const stage = section?.querySelector('[data-network-stage]')
const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })

// WebGL knows no OKLCH, and no custom property: what the browser paints with one.
function colourOf(name, share = 1) {
  canvas.canvas.width = canvas.canvas.height = 1
  const probe = stage.appendChild(document.createElement('i'))
  probe.style.color = `var(${name})`
  canvas.fillStyle = getComputedStyle(probe).color
  probe.remove()
  canvas.fillRect(0, 0, 1, 1)
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data
  return `rgba(${red}, ${green}, ${blue}, ${share})`
}

// Names stand outwards, so that they meet no lines, and few of each other.
const sideOf = ({ x, y }) => (x === 0 && y === 0 ? 'above' : x < 0 ? 'left' : 'right')

function draw({ nodes, edges }) {
  const graph = new Graph({ type: 'undirected' })
  const ink = colourOf('--ink')
  for (const { id, tone, ...node } of nodes) graph.addNode(id, { ...node, side: sideOf(node), color: tone ? colourOf(`--data-${tone}`) : colourOf('--control') })
  for (const { from, to, strength } of edges) {
    graph.addEdge(from, to, { size: strength ? 1 + 3 * strength : 0.75, color: colourOf('--control', strength ? 0.7 : 0.35) })
  }
  const sigma = new Sigma(graph, stage, {
    styles: {
      nodes: {
        x: { attribute: 'x' },
        y: { attribute: 'y' },
        size: { attribute: 'size' },
        color: { attribute: 'color' },
        label: { attribute: 'label' },
        labelColor: ink,
        labelSize: 13,
        labelPosition: { attribute: 'side' },
        labelVisibility: { whenState: 'isHovered', then: 'visible', else: 'auto' },
      },
      edges: { size: { attribute: 'size' }, color: { attribute: 'color' } },
    },
    settings: {
      itemSizesReference: 'screen',
      gestureTarget: 'page',
      enableCameraZooming: false,
      enableCameraPanning: false,
      labelRenderedSizeThreshold: 0,
      // Room for the names of those at the edge.
      stagePadding: Math.min(112, stage.clientWidth / 5),
    },
  })
  sigma.on('clickNode', ({ node }) => {
    const url = graph.getNodeAttribute(node, 'url')
    if (url) location.assign(url)
  })
  return sigma
}

if (section && document.createElement('canvas').getContext('webgl2')) {
  section.hidden = false
  const drawn = JSON.parse(document.getElementById('network-drawn').textContent)
  let sigma = draw(drawn)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    sigma.kill()
    sigma = draw(drawn)
  })
}
