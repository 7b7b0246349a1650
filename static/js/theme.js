/** Light or dark: what the system says, until a person says otherwise; the server then draws it so from the start. */

const YEAR = 31_536_000;

/** @param {HTMLElement} button */
export function mountTheme(button) {
  button.addEventListener('click', () => {
    const theme = current() === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
    document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=strict`;
    document.dispatchEvent(new Event('theme'));
  });
}

/** @returns {'light' | 'dark'} */
export function current() {
  const told = document.documentElement.dataset.theme;
  if (told === 'light' || told === 'dark') return told;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
