// Charts, drawn by recharts, which comes only with pages that have one.
import { createElement as h } from "react";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { useI18n } from "$/public/i18n.js";

const isStill = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const quiet = { fill: "var(--gray-11)", fontSize: 12 };

/** A bar for each day: `rows` are `{day, value}`, `unit` is a currency or empty for plain numbers. */
export function DayBars({ rows, unit, label }) {
  const i18n = useI18n();
  const show = (value) => (unit ? i18n.money(value, unit) : i18n.number(value, 0));
  const short = (value) => (unit ? i18n.money(value, unit, true) : i18n.short(value));
  return h(
    "div",
    { className: "chart", dir: "ltr", role: "img", "aria-label": label, "data-testid": "usage-chart" },
    h(
      ResponsiveContainer,
      { width: "100%", height: 220, initialDimension: { width: 320, height: 220 } },
      h(
        BarChart,
        { data: rows, margin: { top: 8, right: 8, bottom: 0, left: 0 }, accessibilityLayer: false },
        h(CartesianGrid, { vertical: false, stroke: "var(--gray-a4)" }),
        h(XAxis, {
          dataKey: "day",
          tickFormatter: i18n.day,
          tickLine: false,
          axisLine: { stroke: "var(--gray-a6)" },
          tick: quiet,
          minTickGap: 24,
        }),
        h(YAxis, { tickFormatter: short, tickLine: false, axisLine: false, tick: quiet, width: 64, tickCount: 4 }),
        h(Tooltip, {
          cursor: { fill: "var(--gray-a3)" },
          content: ({ active, payload }) =>
            active && payload?.length
              ? h(
                  "div",
                  { className: "chart-tip" },
                  h("span", { className: "quiet" }, i18n.day(payload[0].payload.day)),
                  h("span", { className: "strong tabular" }, show(payload[0].value)),
                )
              : null,
        }),
        h(Bar, {
          dataKey: "value",
          fill: "var(--accent-9)",
          radius: [3, 3, 0, 0],
          maxBarSize: 36,
          isAnimationActive: !isStill(),
          animationDuration: 120,
        }),
      ),
    ),
  );
}
