/** Asks the server, and turns its refusals into sentences. */

/** A refusal: what the server says, in words for people. */
export class Refusal extends Error {
  /** @param {number} status @param {any} problem */
  constructor(status, problem) {
    super(problem?.detail || 'The server did not answer as expected. Try again.');
    this.status = status;
    this.code = problem?.code ?? '';
    /** @type {any[]} */
    this.problems = problem?.problems ?? [];
  }
}

/**
 * Raises a `Refusal` and nothing else, also where no whole answer came.
 *
 * @param {string} method
 * @param {string} path
 * @param {{ body?: unknown, text?: string, headers?: Record<string, string>, keepalive?: boolean }} [more]
 * @returns {Promise<{ value: any, headers: Headers }>}
 */
export async function ask(method, path, { body, text, headers, keepalive } = {}) {
  const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
  /** @type {Response} */
  let response;
  /** @type {any} */
  let value = null;
  try {
    response = await fetch(path, {
      method,
      headers: {
        Accept: 'application/json',
        ...(sent !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent }),
      ...(keepalive && { keepalive }),
    });
    if (response.headers.get('Content-Type')?.includes('json')) value = await response.json();
  } catch {
    throw new Refusal(0, {
      detail: 'The server cannot be reached. What you do is kept here and sent again.',
      code: 'offline',
    });
  }
  if (!response.ok) throw new Refusal(response.status, value);
  return { value, headers: response.headers };
}
