/**
 * First six digits of citizen IDs: the place and day of first registration (GB 11643 with GB/T 2260 of that day).
 * Today's code, then each former one with the first day on which it was no longer given; those until 1997-06-18
 * belong to 四川. From general knowledge, good enough for invented people.
 */
const TABLE = `
500101 512201<1997-06-18
500102 512301<1997-06-18
500103 510202<1997-06-18
500104 510203<1997-06-18
500105 510211<1997-06-18
500106 510212<1997-06-18
500107 510213<1997-06-18
500108 510214<1997-06-18
500109 510215<1997-06-18
500110 510223<1997-06-18 500222<2011-10-22
500111 510230<1997-06-18 500225<2011-10-22
500112 510224<1997-06-18
500113 510222<1997-06-18
500114 513523<1997-06-18 500239<2000-06-25
500115 510221<1997-06-18 500221<2001-12-25
500116 510225<1997-06-18 500381<2006-10-22
500117 510226<1997-06-18 500382<2006-10-22
500118 510229<1997-06-18 500383<2006-10-22
500119 512323<1997-06-18 500384<2006-10-22
500120 510232<1997-06-18 500227<2014-05-02
500151 510228<1997-06-18 500224<2014-05-02
500152 510227<1997-06-18 500223<2015-04-28
500153 510231<1997-06-18 500226<2015-04-28
500154 512222<1997-06-18 500234<2016-06-08
500155 512224<1997-06-18 500228<2016-11-24
500156 512326<1997-06-18 500232<2016-11-24
500229 512229<1997-06-18
500230 512324<1997-06-18
500231 512322<1997-06-18
500233 512223<1997-06-18
500235 512225<1997-06-18
500236 512226<1997-06-18
500237 512227<1997-06-18
500238 512228<1997-06-18
500240 513521<1997-06-18
500241 513522<1997-06-18
500242 513524<1997-06-18
500243 513525<1997-06-18`

const FORMER = new Map(
  TABLE.trim()
    .split('\n')
    .map((line) => {
      const [code, ...former] = line.split(' ')
      return [code!, former.map((entry) => ({ code: entry.slice(0, 6), until: entry.slice(7) }))] as const
    }),
)

export const CITY_ADDRESS_CODES: readonly string[] = [...FORMER.keys()]

/** The code that was given on `day` (`YYYY-MM-DD`) where `code` is given today. */
export function addressCodeOn(code: string, day: string): string {
  return FORMER.get(code)?.find((former) => day < former.until)?.code ?? code
}

/** Places outside the city whose children and parents live here, as an address shows them. */
export const OUTSIDE_PLACES: readonly { readonly code: string; readonly name: string }[] = [
  { code: '511621', name: '四川省岳池县' },
  { code: '511623', name: '四川省邻水县' },
  { code: '511602', name: '四川省广安市广安区' },
  { code: '511722', name: '四川省宣汉县' },
  { code: '511724', name: '四川省大竹县' },
  { code: '510522', name: '四川省合江县' },
  { code: '510521', name: '四川省泸县' },
  { code: '511024', name: '四川省威远县' },
  { code: '510923', name: '四川省大英县' },
  { code: '511381', name: '四川省阆中市' },
  { code: '520302', name: '贵州省遵义市红花岗区' },
  { code: '520324', name: '贵州省正安县' },
  { code: '520381', name: '贵州省赤水市' },
  { code: '422802', name: '湖北省利川市' },
  { code: '422826', name: '湖北省咸丰县' },
  { code: '433130', name: '湖南省龙山县' },
  { code: '430525', name: '湖南省洞口县' },
  { code: '411525', name: '河南省固始县' },
  { code: '341225', name: '安徽省阜南县' },
  { code: '440883', name: '广东省吴川市' },
  { code: '350181', name: '福建省福清市' },
  { code: '330382', name: '浙江省乐清市' },
  { code: '530623', name: '云南省盐津县' },
  { code: '653125', name: '新疆维吾尔自治区莎车县' },
  { code: '513431', name: '四川省昭觉县' },
]
