import { pinyin } from 'pinyin-pro';

const kinds: readonly (readonly [suffix: string, word: string])[] = [
  ['特别行政区', 'Special Administrative Region'],
  ['壮族自治区', 'Zhuang Autonomous Region'],
  ['回族自治区', 'Hui Autonomous Region'],
  ['维吾尔自治区', 'Uyghur Autonomous Region'],
  ['自治区', 'Autonomous Region'],
  ['自治州', 'Autonomous Prefecture'],
  ['自治县', 'Autonomous County'],
  ['自治旗', 'Autonomous Banner'],
  ['民族苏木', 'Ethnic Sumu'],
  ['居民委员会', 'Residents’ Committee'],
  ['村民委员会', 'Villagers’ Committee'],
  ['居委会', 'Residents’ Committee'],
  ['村委会', 'Villagers’ Committee'],
  ['社区', 'Community'],
  ['街道', 'Subdistrict'],
  ['地区', 'Prefecture'],
  ['林区', 'Forestry District'],
  ['特区', 'Special District'],
  ['新区', 'New Area'],
  ['高新技术产业开发区', 'High-tech Development Zone'],
  ['经济技术开发区', 'Economic and Technological Development Zone'],
  ['经济开发区', 'Economic Development Zone'],
  ['开发区', 'Development Zone'],
  ['农场', 'Farm'],
  ['苏木', 'Sumu'],
  ['省', 'Province'],
  ['市', 'City'],
  ['盟', 'League'],
  ['旗', 'Banner'],
  ['区', 'District'],
  ['县', 'County'],
  ['镇', 'Town'],
  ['乡', 'Township'],
  ['村', 'Village'],
];

const peoples: readonly (readonly [zh: string, en: string])[] = (
  '蒙古族Mongol 蒙古Mongol 回族Hui 藏族Tibetan 维吾尔族Uyghur 苗族Miao 彝族Yi 壮族Zhuang 布依族Bouyei 朝鲜族Korean 满族Manchu ' +
  '侗族Dong 瑶族Yao 白族Bai 土家族Tujia 哈尼族Hani 哈萨克族Kazakh 哈萨克Kazakh 傣族Dai 黎族Li 傈僳族Lisu 佤族Va 畲族She ' +
  '拉祜族Lahu 水族Sui 东乡族Dongxiang 纳西族Naxi 景颇族Jingpo 柯尔克孜族Kyrgyz 柯尔克孜Kyrgyz 土族Tu 达斡尔族Daur 仫佬族Mulao ' +
  '羌族Qiang 布朗族Blang 撒拉族Salar 毛南族Maonan 仡佬族Gelao 锡伯族Xibe 锡伯Xibe 阿昌族Achang 普米族Pumi 塔吉克族Tajik ' +
  '塔吉克Tajik 怒族Nu 鄂温克族Evenk 德昂族De’ang 保安族Bonan 裕固族Yugur 独龙族Derung 鄂伦春族Oroqen 赫哲族Hezhen 门巴族Monba ' +
  '珞巴族Lhoba 基诺族Jino 各族Multi-ethnic'
)
  .split(' ')
  .map((word) => {
    const start = word.search(/[A-Z]/);
    return [word.slice(0, start), word.slice(start)] as const;
  });

/** Established spellings that pinyin does not give (GB/T 2260 writes them so), by characters. */
const established: Readonly<Record<string, string>> = {
  全国: 'China',
  内蒙古自治区: 'Inner Mongolia Autonomous Region',
  西藏自治区: 'Tibet Autonomous Region',
  陕西省: 'Shaanxi Province',
  香港特别行政区: 'Hong Kong Special Administrative Region',
  澳门特别行政区: 'Macao Special Administrative Region',
  台湾省: 'Taiwan Province',
};

/** Readings that a dictionary of common words gets wrong in place names. */
const placeReadings: Readonly<Record<string, string>> = { 戛: 'ga', 耈: 'gou' };

/** Syllables without tones, character by character; anything that has no reading stands for itself. */
export function syllablesOf(name: string): string[] {
  const syllables = pinyin(name, { toneType: 'none', type: 'array', v: true });
  return [...name].map((character, index) => placeReadings[character] ?? syllables[index] ?? character);
}

/** The usual English of a place: 峨山彝族自治县 is Eshan Yi Autonomous County. */
export function placeInEnglish(name: string): string {
  const own = established[name];
  if (own !== undefined) return own;
  const kind = kinds.find(([suffix]) => name.endsWith(suffix) && name.length > suffix.length);
  const { core, words } = splitPeoples(kind ? name.slice(0, -kind[0].length) : name);
  return [wordOf(core), ...words, ...(kind ? [kind[1]] : [])].filter(Boolean).join(' ');
}

function splitPeoples(name: string): { core: string; words: string[] } {
  const words: string[] = [];
  let core = name;
  for (;;) {
    const people = peoples.find(([zh]) => core.endsWith(zh) && core.length > zh.length);
    if (people === undefined) return { core, words };
    core = core.slice(0, -people[0].length);
    words.unshift(people[1]);
  }
}

/** One capitalised word with the apostrophe of the orthography (GB/T 16159): 西安 is Xi’an. */
function wordOf(core: string): string {
  let word = '';
  for (const syllable of syllablesOf(core)) word += word !== '' && /^[aeo]/.test(syllable) ? `’${syllable}` : syllable;
  return word.charAt(0).toUpperCase() + word.slice(1);
}
