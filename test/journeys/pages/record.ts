import type { Locator, Page } from 'playwright-core';

/** The record of one person: banner, home page and timeline. */
export class RecordPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  openOf = (patientId: string, page = '') => this.#page.goto(`/people/${patientId}${page}`);

  openOwn = (page = '') => this.#page.goto(`/me${page}`);

  banner = (): Locator => this.#page.locator('.person-banner');

  card = (title: string): Locator =>
    this.#page.locator('section.card').filter({ has: this.#page.getByRole('heading', { name: title, exact: true }) });

  entry = (card: string, text: string | RegExp): Locator =>
    this.card(card).getByRole('listitem').filter({ hasText: text });

  chart = (name: string): Locator => this.#page.getByRole('img', { name: new RegExp(`^${name}, \\d+ values`) });

  async showTable(name: string) {
    await this.#page.getByRole('button', { name: `${name}: Table` }).click();
  }

  async goTo(page: string) {
    await this.#page
      .getByRole('navigation', { name: 'Pages of the record' })
      .locator('visible=true')
      .getByRole('link', { name: page })
      .click();
  }

  async narrowTo(kind: string) {
    await this.#page.getByRole('navigation', { name: 'Kinds of entry' }).getByRole('link', { name: kind }).click();
  }

  occasions = (): Locator => this.#page.locator('.occasion-body').filter({ has: this.#page.getByRole('heading') });
}
