export { selectCurrent } from './queries.ts';
