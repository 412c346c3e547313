import type { ThemeConfig } from 'antd'

/** The tokens of the house, once for Ant Design; `style/base.css` has the same as custom properties. */
const INK = '#1F2329'
const SECOND_INK = '#646A73'
const LINE = '#E5E6EB'
const GROUND = '#F5F6F7'
const BRAND = '#0F4C5C'
const BRAND_LIGHT = '#E6EFF1'
const AMBER_TEXT = '#8F5B0F'
const GREEN = '#2E7D4F'

const FONTS = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'

/**
 * Errors are ink, not red: vermilion is kept for children who are not accounted for.
 * A phone has 17 px text and 48 px targets.
 */
export function themeFor(isNarrow: boolean): ThemeConfig {
  return {
    token: {
      colorPrimary: BRAND,
      colorLink: BRAND,
      colorLinkHover: BRAND,
      colorInfo: BRAND,
      colorError: INK,
      colorWarning: AMBER_TEXT,
      colorSuccess: GREEN,
      colorText: INK,
      colorTextSecondary: SECOND_INK,
      colorTextPlaceholder: SECOND_INK,
      colorTextDescription: SECOND_INK,
      colorBorder: '#C9CDD4',
      colorBorderSecondary: LINE,
      colorBgLayout: GROUND,
      controlItemBgActive: BRAND_LIGHT,
      borderRadius: 6,
      borderRadiusLG: 6,
      borderRadiusSM: 4,
      fontFamily: FONTS,
      fontSize: isNarrow ? 17 : 14,
      fontSizeLG: isNarrow ? 17 : 14,
      fontWeightStrong: 600,
      controlHeight: isNarrow ? 48 : 32,
      controlHeightLG: isNarrow ? 52 : 40,
      controlHeightSM: isNarrow ? 44 : 26,
      boxShadow: 'none',
      boxShadowSecondary: '0 0 0 1px #E5E6EB',
      boxShadowTertiary: 'none',
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 400 },
      Input: { activeShadow: '0 0 0 2px #B9CFD4' },
      Select: { optionSelectedBg: BRAND_LIGHT },
      Modal: { titleFontSize: isNarrow ? 19 : 16 },
    },
  }
}
