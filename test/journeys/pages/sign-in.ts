import type { Page } from 'playwright-core';

/** The door: people of the demonstration, to be chosen without a password. */
export class SignInPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  open = () => this.#page.goto('/');

  notice = () => this.#page.getByText('Demonstration sign-in: no password');

  async look(text: string) {
    await this.#page.getByLabel('Name, role or place').fill(text);
  }

  people = () => this.#page.locator('.demo-person .name-main').allInnerTexts();

  async choose(name: string) {
    await this.#page.getByRole('button', { name }).click();
  }
}
