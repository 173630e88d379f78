/** Words of invented hospital names, one for each hospital of a level in turn. */
export const hospitalWords = '明和 惠众 安泽 瑞安 博爱 云岭 同德 仁恒 泽民 广济 和顺 瑞康 嘉和 永康 济世 慈惠'.split(
  ' ',
);

/** Words of invented residents' communities and villages. */
export const communityWords =
  '文星 龙泉 翠湖 迎春 环城 兴隆 明珠 古柏 金桥 玉河 和平 东门 西门 南门 北门 紫光 景苑 新华'.split(' ');
export const villageWords =
  '大桥 小新 上营 下营 东渠 马家湾 石坎 古城 海东 落水 兴义 镇海 五垴 山寨 者湾 云龙 长河 杨柳 李家庄 白龙 老街 大树'.split(
    ' ',
  );

export const streetWords = '文昌街 兴运路 环城南路 礼乐西路 秀山路 桑园路 湖滨路 万象路 民主街 解放路'.split(' ');
export const estateWords = '翠苑小区 阳光花园 金色家园 康居小区 湖畔雅居 文苑小区'.split(' ');

export const pharmacyWords = '惠民大药房 百姓堂药店 康源大药房 仁心堂药店'.split(' ');
