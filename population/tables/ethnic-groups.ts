import { type Term, termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';

/** GB/T 3304: code, name, English, and residents of Yunnan per 10,000 (census of 2020, rounded; Uyghur raised to 20, assumption). */
const groups: readonly (readonly [string, string, string, number])[] = [
  ['01', '汉族', 'Han', 6690],
  ['02', '蒙古族', 'Mongol', 12],
  ['03', '回族', 'Hui', 155],
  ['04', '藏族', 'Tibetan', 31],
  ['05', '维吾尔族', 'Uyghur', 20],
  ['06', '苗族', 'Miao', 265],
  ['07', '彝族', 'Yi', 1075],
  ['08', '壮族', 'Zhuang', 256],
  ['09', '布依族', 'Buyei', 13],
  ['10', '朝鲜族', 'Korean', 1],
  ['11', '满族', 'Manchu', 3],
  ['12', '侗族', 'Dong', 1],
  ['13', '瑶族', 'Yao', 48],
  ['14', '白族', 'Bai', 340],
  ['15', '土家族', 'Tujia', 2],
  ['16', '哈尼族', 'Hani', 345],
  ['17', '哈萨克族', 'Kazakh', 0],
  ['18', '傣族', 'Dai', 266],
  ['19', '黎族', 'Li', 1],
  ['20', '傈僳族', 'Lisu', 149],
  ['21', '佤族', 'Va', 81],
  ['22', '畲族', 'She', 0],
  ['23', '高山族', 'Gaoshan', 0],
  ['24', '拉祜族', 'Lahu', 97],
  ['25', '水族', 'Sui', 2],
  ['26', '东乡族', 'Dongxiang', 0],
  ['27', '纳西族', 'Naxi', 66],
  ['28', '景颇族', 'Jingpo', 33],
  ['29', '柯尔克孜族', 'Kyrgyz', 0],
  ['30', '土族', 'Tu', 0],
  ['31', '达斡尔族', 'Daur', 0],
  ['32', '仫佬族', 'Mulao', 0],
  ['33', '羌族', 'Qiang', 0],
  ['34', '布朗族', 'Blang', 26],
  ['35', '撒拉族', 'Salar', 0],
  ['36', '毛南族', 'Maonan', 0],
  ['37', '仡佬族', 'Gelao', 0],
  ['38', '锡伯族', 'Xibe', 0],
  ['39', '阿昌族', 'Achang', 9],
  ['40', '普米族', 'Pumi', 9],
  ['41', '塔吉克族', 'Tajik', 0],
  ['42', '怒族', 'Nu', 7],
  ['43', '乌孜别克族', 'Uzbek', 0],
  ['44', '俄罗斯族', 'Russian', 0],
  ['45', '鄂温克族', 'Evenki', 0],
  ['46', '德昂族', "De'ang", 5],
  ['47', '保安族', 'Bonan', 0],
  ['48', '裕固族', 'Yugur', 0],
  ['49', '京族', 'Gin', 0],
  ['50', '塔塔尔族', 'Tatar', 0],
  ['51', '独龙族', 'Derung', 2],
  ['52', '鄂伦春族', 'Oroqen', 0],
  ['53', '赫哲族', 'Hezhen', 0],
  ['54', '门巴族', 'Monba', 0],
  ['55', '珞巴族', 'Lhoba', 0],
  ['56', '基诺族', 'Jino', 6],
];

const term = termsOf(systems.ethnicGroup);

export interface EthnicGroup {
  term: Term;
  share: number;
}

export const ethnicGroups: readonly EthnicGroup[] = groups.map(([code, zh, en, share]) => ({
  term: term(code, zh, en),
  share,
}));
