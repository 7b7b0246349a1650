/** Uploads a table: shows how far it is, leads to what was found in it, or says why it was refused. */

const form = /** @type {HTMLFormElement} */ (document.getElementById('upload'));
const file = /** @type {HTMLInputElement} */ (document.getElementById('file'));
const button = /** @type {HTMLButtonElement} */ (document.getElementById('upload-button'));
const progress = /** @type {HTMLElement} */ (document.getElementById('upload-progress'));
const bar = /** @type {HTMLProgressElement} */ (document.getElementById('upload-bar'));
const words = /** @type {HTMLElement} */ (document.getElementById('upload-text'));
const refusal = /** @type {HTMLElement} */ (document.getElementById('upload-refusal'));
const ASK_MS = 400;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (file.files?.[0]) send(file.files[0]);
});
file.addEventListener('change', () => file.files?.[0] && send(file.files[0]));
for (const kind of ['dragover', 'dragleave', 'drop']) {
  form.addEventListener(kind, (event) => {
    event.preventDefault();
    form.dataset.over = String(kind === 'dragover');
    const dropped = /** @type {DragEvent} */ (event).dataTransfer?.files[0];
    if (kind === 'drop' && dropped) send(dropped);
  });
}

/** @param {File} chosen */
function send(chosen) {
  const token = crypto.randomUUID();
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append('file', chosen);
  begin(`Sending ${chosen.name} …`);
  let asking = 0;
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    bar.value = (loaded / total) * 0.5;
  });
  request.upload.addEventListener('load', () => {
    words.textContent = 'Reading it line by line …';
    asking = window.setInterval(() => ask(token), ASK_MS);
  });
  request.addEventListener('loadend', () => {
    clearInterval(asking);
    finish(request);
  });
  request.open('POST', '/api/tables');
  request.setRequestHeader('Accept', 'application/json');
  request.setRequestHeader('X-Upload', token);
  request.send(body);
}

/** @param {string} token */
async function ask(token) {
  const answer = await fetch(`/api/tables/progress/${token}`).catch(() => null);
  if (answer?.ok) bar.value = 0.5 + 0.5 * (await answer.json()).share;
}

/** @param {string} text */
function begin(text) {
  button.disabled = true;
  refusal.hidden = true;
  progress.hidden = false;
  bar.value = 0;
  words.textContent = text;
}

/** @param {XMLHttpRequest} request */
function finish(request) {
  button.disabled = false;
  progress.hidden = true;
  const answer = parsed(request.responseText);
  if (request.status === 201) {
    location.href = `/tables/${answer.id}`;
    return;
  }
  const cure = typeof answer?.cure === 'string' && !answer.detail?.includes(answer.cure) ? ` ${answer.cure}` : '';
  refusal.textContent = `${answer?.detail ?? 'The server cannot be reached. Try again in a moment.'}${cure}`;
  refusal.hidden = false;
  file.value = '';
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
