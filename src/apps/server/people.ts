import { type DemoPerson, demoPeople } from '#population/region.ts';
import type { DemonstrationRegion } from './queries.ts';

/** Who may look at a record without a demonstration region: a stand-in until people have accounts. */
const operator: DemoPerson = {
  id: 'operator',
  role: 'administrator',
  name: { zh: '平台管理员', en: 'Platform administrator' },
  organization: { zh: '本平台', en: 'This platform' },
  reference: '',
  description: { zh: '查看本平台上的居民档案', en: 'Looks at the records of this platform' },
};

/** As whom one may sign in: the people of the demonstration region, or the one operator where there is none. */
export function signInPeople(region: DemonstrationRegion | undefined): DemoPerson[] {
  return region ? demoPeople(region) : [operator];
}
