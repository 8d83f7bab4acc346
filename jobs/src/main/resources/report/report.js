(function () {
  "use strict";
  var root = document.documentElement;
  var data = JSON.parse(document.getElementById("report-data").textContent);
  var drawn = [];
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function colour(name) { return getComputedStyle(root).getPropertyValue("--" + name).trim(); }
  function escaped(text) {
    return String(text).replace(/[&<>"']/g, function (c) { return "&#" + c.charCodeAt(0) + ";"; });
  }
  function count(value) { return Math.round(value).toLocaleString("en-US"); }
  function percent(share, decimals) {
    var digits = decimals !== undefined ? decimals : share !== 0 && Math.abs(share) < 0.00995 ? 2 : 1;
    return (100 * share).toFixed(digits).replace("-", "\u2212") + "\u00a0%";
  }
  function shareOf(part, whole) { return whole > 0 ? part / whole : 0; }
  function words(name) { var text = String(name).replace(/_/g, " "); return text.charAt(0).toUpperCase() + text.slice(1); }
  function shortened(text, length) { return text.length > length ? text.slice(0, length - 1) + "\u2026" : text; }
  function total(rows, field) { return rows.reduce(function (sum, row) { return sum + (row[field] || 0); }, 0); }

  function base(narrow) {
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: narrow ? 11 : 12.5, color: colour("ink") },
      grid: { left: 4, right: narrow ? 24 : 28, top: 34, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, icon: "roundRect", textStyle: { color: colour("ink"), fontSize: narrow ? 11 : 12.5 }, selectedMode: false },
      tooltip: {
        confine: true, backgroundColor: colour("card"), borderColor: colour("line"),
        textStyle: { color: colour("ink"), fontSize: 12.5 }, extraCssText: "white-space:normal;max-width:20rem;box-shadow:0 2px 10px rgba(0,0,0,.15)"
      }
    };
  }
  function valueAxis(format, more) {
    return Object.assign({
      type: "value", axisLabel: { color: colour("muted"), formatter: format, hideOverlap: true }, axisLine: { show: false }, axisTick: { show: false },
      splitLine: { lineStyle: { color: colour("grid") } }, nameTextStyle: { color: colour("muted") }
    }, more || {});
  }
  var pen = document.createElement("canvas").getContext("2d");
  // A name goes on in a next line after a hyphen, an underscore or a blank; only a part that is longer is shortened.
  function wrapped(text, length) {
    var lines = [""];
    (text.match(/[^-_ ]+[-_ ]?|[-_ ]/g) || [""]).forEach(function (part) {
      var last = lines.length - 1;
      if (lines[last] && (lines[last] + part).trimEnd().length > length) { lines.push(part); } else { lines[last] += part; }
    });
    return lines.map(function (line) { return shortened(line.trimEnd(), length); });
  }
  // Names are wrapped at a length, the plot moved right by what they take, and each row is made high enough for them.
  function nameRows(options, names, length, row, other) {
    var family = options.textStyle.fontFamily;
    var most = 1;
    var shown = names.map(function (name) {
      var lines = name.split("\n").reduce(function (all, line) { return all.concat(wrapped(line, length)); }, []);
      most = Math.max(most, lines.length);
      return lines.join("\n");
    });
    if (row) { options.height = other + Math.max(row, 15 * most + 9) * names.length; }
    pen.font = "12px " + family;
    var widest = Math.max.apply(null, shown.join("\n").split("\n").map(function (line) { return pen.measureText(line).width; }));
    options.grid.left = Math.ceil(widest * 1.04) + 14;
    options.grid.bottom = 26;
    options.grid.containLabel = false;
    options.yAxis = {
      type: "category", data: shown, inverse: true, axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { color: colour("ink"), fontSize: 12, fontFamily: family, lineHeight: 15, interval: 0 }
    };
  }
  function bar(name, series, values, label) {
    return {
      name: name, type: "bar", barMaxWidth: 22, itemStyle: { color: colour(series), borderRadius: 2 }, data: values,
      label: { show: !!label, color: colour("ink"), position: "right", formatter: label, fontSize: 11.5 }
    };
  }

  // Customers who rose and fell across the line below each level but the last; none where no earlier snapshot is there.
  function crossings(levels) {
    var moves = data.spread.moves.filter(function (move) { return move.dimension === "pyramid_level"; });
    if (!moves.length) { return []; }
    var order = levels.concat("inactive");
    return levels.slice(0, -1).map(function (level, place) {
      var arrow = { below: place + 1, up: 0, down: 0 };
      moves.forEach(function (move) {
        var from = order.indexOf(move.fromClass);
        var to = order.indexOf(move.toClass);
        if (from < 0 || to < 0) { return; }
        if (from > place && to <= place) { arrow.up += move.countCustomers; }
        if (from <= place && to > place) { arrow.down += move.countCustomers; }
      });
      return arrow;
    });
  }

  var charts = {
    intake: function (narrow) {
      var rows = data.intake.sources;
      var names = rows.map(function (row) { return row.source; });
      var options = base(narrow);
      options.grid.right = 62;
      options.xAxis = valueAxis(function (value) { return value === 0 ? "0" : percent(value, value * 1000 % 10 ? 1 : 0); }, { splitNumber: narrow ? 2 : 6 });
      nameRows(options, names, narrow ? 17 : 34, 34, 70);
      var duplicates = bar("Duplicates", "series-4", rows.map(function (row) { return shareOf(row.rowsDuplicate, row.rowsRead); }));
      var refused = bar("Refused", "series-3", rows.map(function (row) { return shareOf(row.rowsQuarantined, row.rowsRead); }),
        function (at) {
          var row = rows[at.dataIndex];
          return percent(shareOf(row.rowsQuarantined + row.rowsDuplicate, row.rowsRead));
        });
      duplicates.stack = refused.stack = "rows";
      options.series = [duplicates, refused];
      options.tooltip.formatter = function (at) {
        var row = rows[at.dataIndex];
        return "<b>" + escaped(names[at.dataIndex]) + "</b><br>" + count(row.rowsRead) + " read<br>" + count(row.rowsAccepted)
          + " accepted<br>" + count(row.rowsDuplicate) + " duplicates<br>" + count(row.rowsQuarantined) + " refused";
      };
      return options;
    },
    reasons: function (narrow) {
      var rows = data.intake.reasons.slice(0, 10);
      var options = base(narrow);
      options.legend.show = false;
      options.grid.top = 6;
      options.grid.right = 58;
      options.xAxis = valueAxis(count, { splitNumber: narrow ? 2 : 5, minInterval: 1 });
      nameRows(options, rows.map(function (row) {
        return row.rule + (row.column ? (narrow ? "\n" : ": ") + row.column : "") + "\n" + row.source;
      }), narrow ? 20 : 40, narrow ? 54 : 40, 46);
      options.series = [bar("Rows", "series-3", rows.map(function (row) { return row.countRows; }), function (at) { return count(at.value); })];
      options.tooltip.formatter = function (at) {
        var row = rows[at.dataIndex];
        return "<b>" + escaped(row.rule) + "</b>" + (row.column ? " on " + escaped(row.column) : "") + "<br>source " + escaped(row.source)
          + "<br>" + count(row.countRows) + " rows, " + count(row.countOpen) + " open";
      };
      return options;
    },
    capture: function (narrow) {
      var rows = data.capture.sources.slice(0, 4);
      var measures = [["Customer known", "knownShare"], ["Name and address", "namedShare"], ["Bought before", "repeatShare"],
        ["E-mail or phone", "reachableShare"], ["May be contacted", "permittedShare"], ["Loyalty card", "cardShare"]].filter(function (measure) {
        return rows.some(function (row) { return row[measure[1]] !== null; });
      });
      var options = base(narrow);
      options.legend.type = "scroll";
      options.grid.right = narrow ? 50 : 58;
      options.xAxis = valueAxis(function (value) { return value === 0 ? "0" : percent(value, 0); }, { min: 0, max: 1, interval: narrow ? 0.5 : 0.2 });
      nameRows(options, measures.map(function (measure) { return measure[0]; }), narrow ? 12 : 24, 14 + 16 * rows.length, 64);
      options.series = rows.map(function (row, index) {
        var series = bar(row.source, "series-" + [1, 4, 2, 3][index], measures.map(function (measure) {
          return row[measure[1]] === null ? "-" : row[measure[1]];
        }), function (at) { return at.value === "-" ? "" : percent(at.value, at.value === 1 ? 0 : 1); });
        series.barMaxWidth = 15;
        series.barGap = "12%";
        return series;
      });
      options.tooltip.formatter = function (at) {
        return "<b>" + escaped(at.seriesName) + "</b><br>" + measures[at.dataIndex][0].toLowerCase() + ": " + percent(at.value) + " of "
          + count(rows[at.seriesIndex].countSales) + " sales";
      };
      return options;
    },
    pyramid: function (narrow) {
      var rows = data.value.levels.filter(function (row) { return row.level !== "inactive"; });
      var customers = total(rows, "countCustomers");
      var sales = data.value.salesAmount;
      var options = base(narrow);
      options.height = 76 + 46 * rows.length;
      var most = Math.max.apply(null, rows.map(function (row) {
        return Math.max(shareOf(row.countCustomers, customers), shareOf(row.salesAmount, sales));
      }));
      // Room for the labels beyond the longest bar.
      var reach = narrow ? most * 1.75 : Math.ceil(10 * most * 1.15) / 10;
      options.grid.right = narrow ? 2 : 28;
      options.xAxis = valueAxis(function (value) { return percent(Math.abs(value), 0); }, { min: -reach, max: reach, interval: reach > 0.7 ? 0.2 : 0.1 });
      if (narrow) { options.xAxis.show = false; }
      nameRows(options, rows.map(function (row) { return words(row.level); }), 20);
      var left = bar("Share of active customers", "series-4", rows.map(function (row) { return -shareOf(row.countCustomers, customers); }),
        function (at) { return percent(-at.value); });
      left.label.position = "left";
      var right = bar("Share of sales", "series-1", rows.map(function (row) { return shareOf(row.salesAmount, sales); }),
        function (at) { return percent(at.value); });
      left.stack = right.stack = "level";
      left.barMaxWidth = right.barMaxWidth = 30;
      options.series = [left, right];
      var arrows = crossings(rows.map(function (row) { return row.level; }));
      if (arrows.length) {
        // Between two levels: who crossed the line. A second axis has room between the rows of the first.
        options.height += 8 * rows.length;
        options.yAxis = [options.yAxis, { type: "value", min: 0, max: rows.length, inverse: true, show: false }];
        options.series.push({
          type: "scatter", yAxisIndex: 1, symbolSize: 1, silent: true, itemStyle: { color: "transparent" }, z: 5,
          data: arrows.map(function (arrow) { return [0, arrow.below]; }),
          label: {
            show: true, position: "inside", fontSize: 11.5, color: colour("ink"),
            formatter: function (at) { return "\u25b2 " + count(arrows[at.dataIndex].up) + "   \u25bc " + count(arrows[at.dataIndex].down); }
          }
        });
      }
      options.tooltip.formatter = function (at) {
        if (at.seriesType === "scatter") { return ""; }
        var row = rows[at.dataIndex];
        return "<b>" + escaped(words(row.level)) + "</b><br>" + count(row.countCustomers) + " customers<br>sales " + count(row.salesAmount)
          + "<br>contribution " + count(row.contributionAmount);
      };
      return options;
    },
    whale: function (narrow) {
      var points = data.value.whale.points.map(function (point) { return [point.customerShare, point.contributionShare]; });
      var peak = data.value.whale.peak;
      var isHumped = peak.contributionShare > 1.0005;
      var options = base(narrow);
      options.height = narrow ? 270 : 340;
      options.legend.show = false;
      options.grid.top = 30;
      options.grid.bottom = 30;
      options.xAxis = valueAxis(function (value) { return percent(value, 0); }, { min: 0, max: 1, interval: narrow ? 0.25 : 0.1, name: "share of customers, best first", nameLocation: "middle", nameGap: 26 });
      options.yAxis = valueAxis(function (value) { return percent(value, 0); }, { min: 0, max: Math.max(1.1, Math.ceil(peak.contributionShare * 10.8) / 10), interval: peak.contributionShare > 1.6 ? 0.5 : 0.25 });
      options.yAxis.axisLabel.showMaxLabel = false;
      options.series = [{
        type: "line", data: points, showSymbol: false, lineStyle: { width: 2.5, color: colour("series-1") },
        itemStyle: { color: colour("series-1") }, areaStyle: { color: colour("series-1"), opacity: 0.1 },
        markLine: { silent: true, symbol: "none", animation: false, data: [{ yAxis: 1 }], lineStyle: { color: colour("muted"), type: "dashed" }, label: { show: false } },
        markPoint: isHumped ? {
          silent: true, animation: false, symbol: "circle", symbolSize: 9, itemStyle: { color: colour("series-3") },
          data: [{ coord: [peak.customerShare, peak.contributionShare] }],
          label: { position: peak.customerShare > 0.75 ? "left" : "top", distance: 9, offset: peak.customerShare > 0.75 ? [6, -12] : [0, 0], color: colour("ink"), fontWeight: 600, formatter: "peak " + percent(peak.contributionShare) }
        } : undefined
      }];
      options.tooltip.trigger = "axis";
      options.tooltip.formatter = function (at) {
        return "the best " + percent(at[0].value[0]) + "<br>bring <b>" + percent(at[0].value[1]) + "</b>";
      };
      return options;
    },
    "lifetime-classes": function (narrow) {
      var rows = data.lifetime.classes;
      var options = base(narrow);
      options.height = 70 + 44 * rows.length;
      options.grid.right = 58;
      options.xAxis = valueAxis(function (value) { return value.toFixed(1); }, { splitNumber: narrow ? 3 : 6 });
      nameRows(options, rows.map(function (row) { return row.label; }), 24);
      options.series = [
        bar("Expected", "series-4", rows.map(function (row) { return row.expected; }), function (at) { return at.value.toFixed(2); }),
        bar("Actual", "series-1", rows.map(function (row) { return row.actual; }), function (at) { return at.value.toFixed(2); })
      ];
      options.series.forEach(function (series) { series.barMaxWidth = 13; series.barGap = "15%"; });
      options.tooltip.formatter = function (at) {
        var row = rows[at.dataIndex];
        return "<b>" + escaped(row.label) + "</b><br>" + count(row.countCustomers) + " customers<br>expected " + row.expected.toFixed(2)
          + "<br>actual " + row.actual.toFixed(2);
      };
      return options;
    },
    "lifetime-weeks": function (narrow) {
      var rows = data.lifetime.weeks;
      var cut = rows.filter(function (row) { return !row.isHoldout; }).length;
      var options = base(narrow);
      options.height = narrow ? 280 : 340;
      options.grid.top = 48;
      options.grid.bottom = 30;
      options.xAxis = valueAxis(count, { min: 0, max: rows.length, splitNumber: narrow ? 4 : 10, minInterval: 1, name: "weeks since the first purchase", nameLocation: "middle", nameGap: 26 });
      options.yAxis = valueAxis(count, { min: 0 });
      function line(name, series, field, type) {
        return {
          name: name, type: "line", showSymbol: false, lineStyle: { width: 2.5, color: colour(series), type: type }, itemStyle: { color: colour(series) },
          data: [[0, 0]].concat(rows.map(function (row) { return [row.week, row[field]]; }))
        };
      }
      options.series = [line("Expected", "series-4", "expected", "dashed"), line("Actual", "series-1", "actual", "solid")];
      options.series[0].markLine = {
        silent: true, symbol: "none", animation: false, data: [{ xAxis: cut }], lineStyle: { color: colour("muted"), type: "dashed" },
        label: { formatter: "cut-off", color: colour("muted"), position: "end" }
      };
      options.tooltip.trigger = "axis";
      options.tooltip.formatter = function (at) {
        return "week " + count(at[0].value[0]) + at.map(function (point) { return "<br>" + escaped(point.seriesName) + " <b>" + count(point.value[1]) + "</b>"; }).join("");
      };
      return options;
    },
    churn: function (narrow) {
      var rows = data.churn.states;
      var customers = total(rows, "countCustomers");
      var contribution = data.value.contributionAmount;
      var options = base(narrow);
      options.height = 70 + 54 * rows.length;
      options.grid.right = 58;
      options.xAxis = valueAxis(function (value) { return value === 0 ? "0" : percent(value, 0); }, { splitNumber: narrow ? 2 : 6 });
      nameRows(options, rows.map(function (row) { return words(row.state).replace(" ", "\n"); }), 24);
      options.series = [
        bar("Share of customers", "series-4", rows.map(function (row) { return shareOf(row.countCustomers, customers); }), function (at) { return percent(at.value); })
      ];
      if (contribution > 0) {
        options.series.push(bar("Share of contribution", "series-1", rows.map(function (row) { return shareOf(row.contributionAmount, contribution); }), function (at) { return percent(at.value); }));
      }
      options.series.forEach(function (series) { series.barMaxWidth = 15; series.barGap = "15%"; });
      options.tooltip.formatter = function (at) {
        var row = rows[at.dataIndex];
        return "<b>" + escaped(words(row.state)) + "</b><br>" + count(row.countCustomers) + " customers<br>contribution " + count(row.contributionAmount);
      };
      return options;
    },
    rules: function (narrow) {
      var rows = data.crossSelling.rules;
      var most = Math.max.apply(null, rows.map(function (row) { return row.countBaskets; }));
      var options = base(narrow);
      options.height = narrow ? 280 : 340;
      options.legend.show = false;
      options.grid.top = 30;
      options.grid.bottom = 30;
      options.xAxis = valueAxis(function (value) { return percent(value); }, { name: "support: share of baskets with all of the rule", nameLocation: "middle", nameGap: 26, scale: true, splitNumber: narrow ? 3 : 6 });
      options.yAxis = valueAxis(function (value) { return count(value); }, { name: "lift", nameLocation: "end", nameGap: 12, nameTextStyle: { align: "right", color: colour("muted") }, min: 0 });
      options.series = [{
        type: "scatter", itemStyle: { color: colour("series-1"), opacity: 0.55, borderColor: colour("card"), borderWidth: 1 },
        data: rows.map(function (row) { return [row.support, row.lift]; }),
        symbolSize: function (value, at) { return 6 + 18 * Math.sqrt(rows[at.dataIndex].countBaskets / most); }
      }];
      options.tooltip.formatter = function (at) {
        var row = rows[at.dataIndex];
        return escaped(row.antecedent.join(" + ")) + "<br>\u2192 <b>" + escaped(row.consequent) + "</b><br>lift " + row.lift.toFixed(1)
          + ", " + count(row.countBaskets) + " baskets";
      };
      return options;
    }
  };

  function draw() {
    drawn.forEach(function (chart) { chart.dispose(); });
    drawn = [];
    Object.keys(charts).forEach(function (name) {
      var element = document.getElementById("chart-" + name);
      if (!element) { return; }
      var options = charts[name](element.clientWidth < 520);
      element.style.height = options.height + "px";
      delete options.height;
      var chart = window.echarts.init(element, null, { renderer: "svg" });
      chart.setOption(options);
      drawn.push(chart);
    });
    root.dataset.chartsDrawn = drawn.length;
    root.dataset.viewportWidth = root.clientWidth;
    root.dataset.contentWidth = root.scrollWidth;
  }

  var button = document.getElementById("theme");
  function isDark() { return root.dataset.theme ? root.dataset.theme === "dark" : dark.matches; }
  function showTheme() {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-pressed", String(isDark()));
    button.setAttribute("aria-label", isDark() ? "Switch to light colours" : "Switch to dark colours");
    draw();
  }
  button.addEventListener("click", function () {
    root.dataset.theme = isDark() ? "light" : "dark";
    showTheme();
  });
  dark.addEventListener("change", showTheme);

  var width = root.clientWidth;
  window.addEventListener("resize", function () {
    if (root.clientWidth !== width) { width = root.clientWidth; draw(); }
  });

  // Paper is white, narrower than a screen, and shows every table.
  var before = null;
  window.addEventListener("beforeprint", function () {
    if (before) { return; }
    var closed = Array.prototype.filter.call(document.querySelectorAll("details"), function (d) { return !d.open; });
    before = { theme: root.dataset.theme, closed: closed };
    closed.forEach(function (d) { d.open = true; });
    root.dataset.theme = "light";
    document.body.style.maxWidth = "660px";
    draw();
    document.body.style.maxWidth = "";
  });
  window.addEventListener("afterprint", function () {
    if (!before) { return; }
    before.closed.forEach(function (d) { d.open = false; });
    if (before.theme) { root.dataset.theme = before.theme; } else { delete root.dataset.theme; }
    before = null;
    draw();
  });

  showTheme();
})();
