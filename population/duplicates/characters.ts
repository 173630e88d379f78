import { createRequire } from 'node:module';
import { elementAt, type Random } from '../random.ts';
import { givenNames } from '../tables/names.ts';

/** Forms in which characters of names are written elsewhere: the simplified one, then the traditional one. */
const written =
  '张張 华華 国國 伟偉 丽麗 兰蘭 芳芳 军軍 龙龍 红紅 艳豔 云雲 琼瓊 凤鳳 银銀 贤賢 贵貴 义義 发發 东東 飞飛 鹏鵬 涛濤 辉輝 杰傑 泽澤 轩軒 宁寧 莹瑩 静靜 梦夢 刚剛 强強 兴興 荣榮 会會 学學 芸蕓 洁潔 颖穎 诗詩 语語 怀懷 陈陳 杨楊 刘劉 吕呂 赵趙 吴吳 孙孫 马馬 罗羅 谢謝 许許 韩韓 邓鄧 冯馮 萧蕭';

const traditional = new Map(written.split(' ').map((pair) => [pair.slice(0, 1), pair.slice(1)] as const));

export const otherWritten = (character: string): string => traditional.get(character) ?? '';

type Pinyin = typeof import('pinyin-pro').pinyin;

let homophones: Map<string, string[]> | undefined;

const more =
  '晓小筱肖 伟玮维卫 丽莉俐 芳方 静婧敬 敏闽 娟鹃涓 军君钧 俊峻骏 杰洁捷 涛韬滔 鹏朋 建健剑 志智治 文雯闻 宇雨羽语 子紫梓 欣新心馨 涵含晗 轩萱宣 怡宜仪 佳嘉家 琪奇祺琦 明铭茗 国果 华桦花 英瑛鹰 兰岚蓝 梅玫眉 珍真贞 秀绣 春椿 红宏洪鸿虹 艳燕雁 海 永勇咏 玲灵铃 强 刚钢 平萍苹 波博 辉晖徽 斌彬滨 磊蕾 浩皓昊 然冉 睿瑞 阳洋扬';

/** Characters of names, and others that are heard alike, by how they sound. */
function load(): Map<string, string[]> {
  const { pinyin } = createRequire(import.meta.url)('pinyin-pro') as { pinyin: Pinyin };
  const fashions = givenNames.flatMap(({ female, male }) => [female, male]).flatMap(Object.values<string>);
  const bySound = new Map<string, string[]>();
  for (const character of new Set([...fashions.join(''), ...more.replaceAll(' ', '')])) {
    const sound = pinyin(character, { toneType: 'num' });
    bySound.set(sound, [...(bySound.get(sound) ?? []), character]);
  }
  return new Map([...bySound.values()].flatMap((alike) => alike.map((character) => [character, alike] as const)));
}

/** Another character that is heard alike; empty where none is known. */
export function sameSound(character: string, random: Random): string {
  homophones ??= load();
  const others = (homophones.get(character) ?? []).filter((other) => other !== character);
  return others.length === 0 ? '' : elementAt(others, random.int(0, others.length - 1));
}
