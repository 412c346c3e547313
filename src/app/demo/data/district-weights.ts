/**
 * Residents by district in ten thousands, rounded, from the census of 2020 (general knowledge), 两江新区 and 北碚区
 * re-added for the change of 2025-11-06. Only the proportions matter.
 */
export const RESIDENTS: Readonly<Record<string, number>> = {
  万州区: 157,
  涪陵区: 112,
  渝中区: 59,
  大渡口区: 42,
  江北区: 93,
  沙坪坝区: 148,
  九龙坡区: 153,
  南岸区: 120,
  北碚区: 78,
  綦江区: 101,
  大足区: 83,
  渝北区: 219,
  两江新区: 318,
  巴南区: 118,
  黔江区: 49,
  长寿区: 69,
  江津区: 136,
  合川区: 125,
  永川区: 115,
  南川区: 57,
  璧山区: 76,
  铜梁区: 69,
  潼南区: 69,
  荣昌区: 67,
  开州区: 120,
  梁平区: 65,
  武隆区: 36,
  城口县: 20,
  丰都县: 56,
  垫江县: 65,
  忠县: 72,
  云阳县: 93,
  奉节县: 74,
  巫山县: 46,
  巫溪县: 39,
  石柱土家族自治县: 39,
  秀山土家族苗族自治县: 50,
  酉阳土家族苗族自治县: 61,
  彭水苗族土家族自治县: 53,
}

/** Where families move to for work: more live there than are registered, and pupils of other districts sit in the schools. */
export const CENTRAL: ReadonlySet<string> = new Set(
  '渝中区 大渡口区 江北区 沙坪坝区 九龙坡区 南岸区 北碚区 渝北区 两江新区 巴南区'.split(' '),
)

/** Where 土家族 and 苗族 live. */
export const MINORITY_SHARE: Readonly<Record<string, number>> = {
  黔江区: 0.7,
  石柱土家族自治县: 0.72,
  秀山土家族苗族自治县: 0.6,
  酉阳土家族苗族自治县: 0.84,
  彭水苗族土家族自治县: 0.68,
  武隆区: 0.08,
}
