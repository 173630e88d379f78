import type { Column } from '#lib/csv/read-table.ts';

export const importKinds = ['organizations', 'departments', 'practitioners', 'registrations', 'services'] as const;
export type ImportKind = (typeof importKinds)[number];

type AnyColumn = Column<string> & { example: string };

const column = (name: string, english: string, chinese: string, example: string, isRequired = false): AnyColumn => ({
  name,
  headings: [english, chinese],
  isRequired,
  example,
});

/** What a file of each kind may hold; the names are the fields of the forms, `institution` and `licence` name who is meant. */
export const importColumns: Readonly<Record<ImportKind, readonly AnyColumn[]>> = {
  organizations: [
    column('name', 'name', '名称', '通海县人民医院', true),
    column('english', 'english_name', '英文名称', 'Tonghai County People’s Hospital'),
    column('kind', 'kind', '机构类别', 'general-hospital', true),
    column('grade', 'grade', '等级', '2A'),
    column('division', 'division', '行政区划代码', '530423', true),
    column('creditCode', 'credit_code', '统一社会信用代码', '12530423MB0000001X'),
    column('institutionCode', 'institution_code', '机构代码', ''),
    column('insuranceCode', 'insurance_code', '医保机构编码', ''),
    column('parentInstitution', 'parent', '上级机构代码', ''),
    column('phone', 'phone', '电话', '0877-3012345'),
    column('line', 'address', '详细地址', '礼乐西路 1 号'),
    column('beds', 'beds', '床位', '300'),
  ],
  departments: [
    column('institution', 'institution', '机构代码', '12530423MB0000001X', true),
    column('department', 'department', '诊疗科目', '03.04', true),
    column('name', 'name', '科室名称', '心内科'),
    column('english', 'english_name', '英文名称', 'Cardiology'),
    column('phone', 'phone', '电话', ''),
  ],
  practitioners: [
    column('name', 'name', '姓名', '陈一禾', true),
    column('pinyin', 'pinyin', '拼音', 'Chen Yihe'),
    column('sex', 'sex', '性别', '女'),
    column('birthDate', 'birth_date', '出生日期', '1988-05-16'),
    column('licence', 'licence', '执业证书编码', '110530423000123', true),
    column('title', 'title', '职称', '主治医师'),
    column('licensedFrom', 'licensed_from', '执业起始日期', ''),
    column('licensedUntil', 'licensed_until', '执业截止日期', ''),
    column('phone', 'phone', '电话', ''),
  ],
  registrations: [
    column('licence', 'licence', '执业证书编码', '110530423000123', true),
    column('institution', 'institution', '机构代码', '12530423MB0000001X', true),
    column('role', 'role', '岗位', 'physician', true),
    column('department', 'department', '诊疗科目', '03.04'),
    column('isMain', 'main', '主执业机构', '是'),
    column('from', 'from', '起始日期', '2024-01-01'),
    column('until', 'until', '截止日期', ''),
  ],
  services: [
    column('institution', 'institution', '机构代码', '12530423MB0000001X', true),
    column('name', 'name', '服务名称', '预防接种门诊', true),
    column('english', 'english_name', '英文名称', 'Vaccination clinic'),
    column('department', 'department', '诊疗科目', '01'),
    column('hours', 'hours', '服务时间', '周一至周五 8:00-11:30'),
    column('phone', 'phone', '电话', ''),
  ],
};
