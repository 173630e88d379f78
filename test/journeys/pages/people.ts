import type { Page } from 'playwright-core';

/** The list in which staff look for a resident. */
export class PeoplePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  open = (text = '') => this.#page.goto(text === '' ? '/people' : `/people?q=${encodeURIComponent(text)}`);

  field = () => this.#page.getByRole('textbox', { name: /^Name in characters/ });

  async search(text: string) {
    await this.field().fill(text);
    await this.#page.waitForURL((url) => url.searchParams.get('q') === text);
  }

  async found(count: number) {
    await this.#page
      .getByRole('heading', { name: count === 1 ? '1 person' : `${count} people`, exact: true })
      .waitFor();
  }

  names = () => this.#page.locator('.people-name-line .name-main').allInnerTexts();

  async openWithKeys() {
    await this.#page.keyboard.press('Escape');
    await this.#page.keyboard.press('j');
    await this.#page.keyboard.press('Enter');
  }
}
