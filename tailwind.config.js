// The design tokens, named by meaning. Each colour is a pair for the light and the
// dark scheme, chosen by color-scheme (css/input.css). Contrast: ink and ink-soft on
// canvas and surface are AAA, every state on its own soft colour is AA. Each is a
// variable, so that higher contrast takes only a few lines.

const palette = {
  canvas: ["#f8f7f4", "#151412"],
  surface: ["#ffffff", "#1d1c19"],
  sunken: ["#f2f0ec", "#252320"],
  line: ["#e6e3dd", "#34312c"],
  "line-strong": ["#8f897e", "#78736a"],
  ink: ["#1c1a17", "#f1efeb"],
  "ink-soft": ["#4d4943", "#c6c1b8"],
  "ink-faint": ["#69645b", "#a19b91"],
  accent: ["#0f6b66", "#52c3b8"],
  "accent-strong": ["#0a524e", "#7ad6cd"],
  "accent-soft": ["#e2f0ee", "#17332f"],
  "on-accent": ["#ffffff", "#04211e"],
  active: ["#176b38", "#74d294"],
  "active-soft": ["#e4f3e9", "#17301f"],
  attention: ["#855000", "#f1b658"],
  "attention-soft": ["#fcf0db", "#36290f"],
  exhausted: ["#673cab", "#c3a7f6"],
  "exhausted-soft": ["#f0eafb", "#2c2340"],
  expired: ["#415368", "#a9bbd1"],
  "expired-soft": ["#e8edf3", "#222c38"],
  disabled: ["#5a564f", "#b6b0a7"],
  "disabled-soft": ["#eeece8", "#2c2a26"],
  danger: ["#ae231b", "#ff958d"],
  "danger-soft": ["#fdecea", "#3d1b19"],
  "danger-strong": ["#8d1a13", "#ffb0aa"],
  "on-danger": ["#ffffff", "#2b0806"],
};

const colours = Object.fromEntries(Object.keys(palette).map((name) => [name, `var(--${name})`]));
const variables = Object.fromEntries(Object.entries(palette).map(([name, [light, dark]]) => [`--${name}`, `light-dark(${light}, ${dark})`]));

/** @type {import('tailwindcss').Config} */
module.exports = {
  content: ["./views/**/*.templ", "./static/js/*.js"],
  theme: {
    colors: {
      transparent: "transparent",
      current: "currentColor",
      ...colours,
    },
    fontFamily: {
      sans: ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Helvetica Neue", "Arial", "sans-serif"],
      mono: ["var(--mono)"],
    },
    // Written out in css/input.css.
    fontSize: {},
    fontWeight: {},
    letterSpacing: {},
    borderRadius: { none: "0", DEFAULT: "6px", card: "10px", full: "9999px" },
    boxShadow: {
      float: "0 1px 2px rgb(0 0 0 / 0.06), 0 8px 28px rgb(0 0 0 / 0.16)",
      none: "none",
    },
  },
  plugins: [({ addBase }) => addBase({ ":root": { ...variables, "--mono": 'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace' } })],
};
