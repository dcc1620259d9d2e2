// The worker that finds a proof of work (base.proof): a challenge in, the challenge with its solution out, both as base64 of JSON; "" where it cannot.
import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2'

const solved = async (text) => {
  const { challenge } = JSON.parse(atob(text))
  const solution = await solveChallenge({ challenge, deriveKey })
  return solution ? btoa(JSON.stringify({ challenge, solution })) : ''
}

self.onmessage = async ({ data }) => {
  self.postMessage(await solved(data).catch(() => ''))
}
