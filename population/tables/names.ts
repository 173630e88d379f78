/** Surnames by share of the population, parts per 10,000 (Ministry of Public Security, name report of 2020, rounded; tail assumed). */
export const surnames: readonly (readonly [string, number])[] = splitWeights(
  '王725 李719 张683 刘540 陈453 杨308 黄223 赵218 吴205 周197 徐173 孙151 马130 朱126 胡131 郭115 何121 林115 高100 罗86 郑85 ' +
    '梁84 谢72 宋81 唐65 许66 韩61 邓62 冯63 曹57 彭53 曾50 肖59 田52 董61 潘48 袁52 蔡46 蒋47 余48 于62 杜47 叶42 程47 魏45 苏46 ' +
    '吕46 丁43 任42 卢41 姚39 沈41 钟37 姜40 崔39 谭36 陆36 范36 汪36 廖34 石34 金36 韦30 贾33 夏31 付32 方32 邹31 熊32 白28 孟30 ' +
    '秦28 邱28 侯27 江26 尹26 薛26 闫25 段25 雷24 龙21 黎23 史22 陶19 贺20 毛18 郝18 顾18 龚18 邵18 万18 覃17 武18 钱17 戴18 严17 ' +
    '莫15 孔15 向13 常14 普30 木10 和12 欧阳7 上官2 司马2 诸葛2 皇甫1 令狐1 尉迟1 慕容1 司徒1',
);

/** Surnames that some peoples of Yunnan bear often; the rest of the name follows the Han fashion (assumption). */
export const surnamesByPeople: Readonly<Record<string, string>> = {
  '03': '马马马马纳合沙林桂保丁',
  '07': '李杨普普鲁施毕罗方龙沙',
  '14': '杨李赵段张王苏尹董赵杜',
  '16': '李白陈罗车普朱马',
  '27': '和和和和木木杨李',
  '20': '余李胡邓和',
  '21': '李赵田魏肖',
  '24': '李张罗扎娜石',
  '06': '杨王李张熊陶古侯马',
  '08': '陆黄韦农王李沈侬',
};

export interface GivenNameFashion {
  /** The last birth year of the fashion. */
  until: number;
  female: { first: string; second: string; single: string };
  male: { first: string; second: string; single: string };
}

/** Given names by year of birth: first and second character of two, and names of one (after the name reports of 2018 to 2021; choice assumed). */
export const givenNames: readonly GivenNameFashion[] = [
  {
    until: 1959,
    female: { first: '秀桂玉素淑凤兰翠美春惠月金琼', second: '英兰珍华芳琴仙芬清莲梅香云芝', single: '英兰珍芬芝' },
    male: { first: '国建德文永光正开世家明福忠学', second: '华明祥林才生荣富贵康清义发昌', single: '明华林忠祥' },
  },
  {
    until: 1979,
    female: {
      first: '丽红艳晓春海琼永美云雪秀文玉',
      second: '华梅英萍芬琴霞玲芳红仙燕琼娟',
      single: '丽红艳芳敏梅霞燕',
    },
    male: { first: '建志国文永家云春海俊红明卫新', second: '军平伟华勇明强林云斌辉波忠红', single: '军伟勇强斌辉波涛' },
  },
  {
    until: 1999,
    female: {
      first: '晓雪婷佳丽静思梦艳海文春玉慧',
      second: '婷梅丽敏娟玲艳雯莹洁芳颖娜蓉',
      single: '婷静娜敏丹莉颖倩',
    },
    male: { first: '志俊文建海永家浩天晓国云思宏', second: '伟鹏杰超涛磊斌辉龙飞峰洋波凯', single: '伟鹏杰超磊涛洋凯' },
  },
  {
    until: 2100,
    female: { first: '梓欣子雨诗思一可语若佳梦依沐', second: '涵怡萱彤琪妍宸桐瑶汐诺冉悦雯', single: '悦玥萱琪' },
    male: { first: '子浩宇俊梓一天明奕博嘉沐泽铭', second: '轩宸泽涵然睿豪洋辰霖航熙恒阳', single: '睿轩宸浩' },
  },
];

/** Peoples whose names have no Han surname: names in their usual transcription (common names; choice assumed). */
export const ownNames = {
  uyghur: {
    female: '阿依古丽 古丽娜尔 热依汗古丽 帕提古丽 阿依夏木古丽 迪丽努尔 早热古丽 阿米娜 茹仙古丽 努尔比亚',
    male: '买买提 艾合买提 吐尔逊 阿卜杜热合曼 库尔班 玉素甫 伊力哈木 阿卜杜喀迪尔 艾尔肯 木拉提',
  },
  tibetan: {
    female: '卓玛 央金 拉姆 次仁卓玛 格桑拉姆 白玛央宗 德吉 尼玛卓嘎 扎西拉姆 永宗',
    male: '扎西 多吉 次仁 尼玛 格桑 扎西多吉 洛桑 旺堆 达瓦次仁 江初',
  },
  dai: {
    female:
      '玉香 玉罕 玉腊 玉温 玉喃 玉旺 玉应 玉叫 玉光 玉儿 玉波 玉坎 玉香罕 玉温香 玉罕燕 玉旺娇 玉腊香 玉叫罕 玉应罕 玉光香 玉儿罕 玉坎香 玉波罕 玉喃香',
    male: '岩罕 岩温 岩香 岩叫 岩龙 岩坎 岩罗 岩光 岩扁 岩应 岩旺 岩三 岩温罕 岩香坎 岩罕龙 岩坎温 岩叫龙 岩光罕 岩应罕 岩罗温 岩旺香 岩龙罕 岩三坎 岩温龙',
  },
} as const;

/** Characters that a name reads otherwise than the dictionary's first reading. */
export const nameReadings: Readonly<Record<string, string>> = {
  岩: 'ai',
  单: 'shan',
  曾: 'zeng',
  覃: 'qin',
  纳: 'na',
  和: 'he',
  车: 'che',
};

function splitWeights(text: string): readonly (readonly [string, number])[] {
  return text.split(' ').map((entry) => {
    const characters = entry.replace(/\d+/, '');
    return [characters, Number(entry.slice(characters.length))] as const;
  });
}
