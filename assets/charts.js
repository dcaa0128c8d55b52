// Charts, drawn by recharts, which comes only with pages that have one.
import { createElement as h } from "react";
import { Bar, BarChart, CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { useI18n } from "$/public/i18n.js";

const isStill = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const quiet = { fill: "var(--gray-11)", fontSize: 12 };

/** A chart over time: `rows` are `{day, value}`; `words` say how a day, a value, and a short one are written. */
function overTime({ rows, label, testid, words, Chart, series, cursor }) {
  return h(
    "div",
    { className: "chart", dir: "ltr", role: "img", "aria-label": label, "data-testid": testid },
    h(
      ResponsiveContainer,
      { width: "100%", height: 220, initialDimension: { width: 320, height: 220 } },
      h(
        Chart,
        { data: rows, margin: { top: 8, right: 8, bottom: 0, left: 0 }, accessibilityLayer: false },
        h(CartesianGrid, { vertical: false, stroke: "var(--gray-a4)" }),
        h(XAxis, {
          dataKey: "day",
          tickFormatter: words.day,
          tickLine: false,
          axisLine: { stroke: "var(--gray-a6)" },
          tick: quiet,
          minTickGap: 24,
        }),
        h(YAxis, { tickFormatter: words.short, tickLine: false, axisLine: false, tick: quiet, width: 64, tickCount: 4 }),
        h(Tooltip, {
          cursor,
          content: ({ active, payload }) =>
            active && payload?.length
              ? h(
                  "div",
                  { className: "chart-tip" },
                  h("span", { className: "quiet" }, words.day(payload[0].payload.day)),
                  h("span", { className: "strong tabular" }, words.value(payload[0].value)),
                )
              : null,
        }),
        series,
      ),
    ),
  );
}

const motion = () => ({ isAnimationActive: !isStill(), animationDuration: 120 });

/** A bar for each day: `rows` are `{day, value}`, `unit` is a currency or empty for plain numbers. */
export function DayBars({ rows, unit, label }) {
  const i18n = useI18n();
  const words = {
    day: i18n.day,
    value: (value) => (unit ? i18n.money(value, unit) : i18n.number(value, 0)),
    short: (value) => (unit ? i18n.money(value, unit, true) : i18n.short(value)),
  };
  const series = h(Bar, { dataKey: "value", fill: "var(--accent-9)", radius: [3, 3, 0, 0], maxBarSize: 36, ...motion() });
  const cursor = { fill: "var(--gray-a3)" };
  return overTime({ rows, label, testid: "usage-chart", words, Chart: BarChart, series, cursor });
}

/** A line from month to month: `rows` are `{day, value}` with the first day of each. */
export function MonthLine({ rows, label }) {
  const i18n = useI18n();
  const words = { day: i18n.month, value: (value) => i18n.number(value, 0), short: i18n.short };
  const dot = rows.length < 25 ? { r: 3, fill: "var(--accent-9)" } : false;
  const series = h(Line, { dataKey: "value", stroke: "var(--accent-9)", strokeWidth: 2, dot, ...motion() });
  const cursor = { stroke: "var(--gray-a6)" };
  return overTime({ rows, label, testid: "month-chart", words, Chart: LineChart, series, cursor });
}
