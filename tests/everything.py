"""Files that make every key of the JSON documents hold something: each kind of target, chart, breach, place and mark."""

PLAN = """\
organisation: Riverside
title: Care plan
area: riverside
year_names: FY24
compare: previous
publisher: The council
licence: {title: Our terms, url: "https://example.org/terms"}
edition: {date: 2024-05-15, board: Care Committee, title: Scorecard, presented_by: The clerk, purpose: To be noted., last: 2024-02-14}
priorities:
  - id: care
    title: Care
    note: The first promise.
    objectives:
      - {title: Visits, note: At home., kpis: [visits, rates, homes, elsewhere, words]}
areas:
  riverside: Riverside
  hillside: {name: Hillside, short: Hill}
  lowland: Lowland
  nation: {name: The nation, whole: true}
sources:
  plan: {title: The plan, url: "https://example.org/plan", note: Out in May.}
bodies: {board: Health Board}
owners: {head: Head of Care}
status: {amber: near, tolerance: 1%, words: {missed: off target}}
"""
VISITS = """\
title: Visits
definition: Visits.
code: V1
statement: We will visit more.
note: All homes.
aim: increase
unit: count
better: higher
owner: head
frequency: annual
lag: 3 months
sources: [plan]
dimensions: {age: {young: Under 25, old: Over 25}}
commentary: {2024-04-30: Two offices closed.}
also_shows: [rates/share]
checks:
  - {total: on-the-way, parts: [young, old]}
  - {total: 100, parts: [young, old]}
  - {whole: on-the-way, parts: [old]}
  - {median: wait, share_within: in-time, limit: 2m}
measures:
  on-the-way:
    title: On the way
    short: Way
    noun: visits
    note: Renewals count.
    margin: 5
    step: {2022/23: A new office.}
    baseline: 2021/22
    targets:
      - {at_least: 500, from: 2021/22, by: 2024/25, over: 12 months, label: Plan, tolerance: 2, source: plan, trajectory: {2023/24: 440}}
    triggers: [{when: decrease, level: 0.05, minimum: 10%}]
    references: [{label: Last plan, value: 450}, {label: Range, between: [400, 500]}, {label: Before, at_least: {period: 2021/22, change: -10%}}]
    observations: {2021/22: 460, 2022/23: 470, 2023/24: {value: 431, marks: [provisional], note: One month is missing., margin: 4}}
  relative: {title: Relative, targets: [{at_least: {period: 2022/23, change: 2}}], observations: {2022/23: 470, 2023/24: 471}}
  previous: {title: Previous, targets: [{at_least: {period: previous}}], observations: {2022/23: 470, 2023/24: 471}}
  range: {title: Range, targets: [{between: [90, 100], until: 2024/25}], observations: {2022/23: 95, 2023/24: 80}}
  near: {title: Near, targets: [{at_least: 100, tolerance: 5%}], observations: {2021/22: 101, 2022/23: 99, 2023/24: 96}}
  alone: {title: Alone, targets: [{at_least: 100}], observations: {2020/21: 101, 2023/24: 50}}
  back: {title: Back, targets: [{at_least: 100}], observations: {2022/23: 50, 2023/24: 110}}
  ended: {title: Ended, targets: [{at_least: 100, until: 2021/22}], observations: {2021/22: 50, 2022/23: 70, 2023/24: 80}}
  missing: {title: Missing, targets: [{at_least: 100}], observations: {2022/23: 110, 2023/24: {marks: [not-available]}}}
  gained: {title: Gained, kind: cumulative, since: 2021-04-01, targets: [{at_least: 100}], observations: {2023-03-31: 40, 2024-03-31: 50}}
  rising: {title: Rising, triggers: [{when: increase, level: 0.05}], observations: {2022/23: 100, 2023/24: 200}}
  windows: {title: Windows, kind: average, unit: days, observations: {2017 to 2019: 10, 2019 to 2021: 15, 2021 to 2023: 20, 2022 to 2024: 21}}
  young: {title: Young, is: {age: young}, observations: {2022/23: 40, 2023/24: 40}}
  old: {title: Old, is: {age: old}, observations: {2022/23: 60, 2023/24: 60}}
  wait: {title: Wait, unit: duration, better: lower, observations: {2022/23: 3m, 2023/24: 1m}}
  in-time: {title: In time, unit: percent, decimals: 1, observations: {2022/23: 40, 2023/24: {value: 60, numerator: 60, denominator: 100}}}
"""
RATES = """\
title: Rates
definition: Rates.
unit: percent
better: higher
measures:
  share:
    title: Share
    better: {near: 50}
    frequency: annual
    observations: {2022/23: 40, 2023/24: 45}
    peers: {hillside: {2023/24: 30}, lowland: {2023/24: 45}, nation: {2023/24: 60}}
  charted:
    title: Charted
    unit: days
    better: lower
    kind: average
    baseline: 2011/12
    targets: [{at_most: 60}]
    observations: {2011/12: 50, 2012/13: 52, 2013/14: 50, 2014/15: 52, 2015/16: 50, 2016/17: 52, 2017/18: 50, 2018/19: 52, 2019/20: 50, 2020/21: 52, 2021/22: 50, 2022/23: 52, 2023/24: 66}
  works: {title: Works, unit: count, better: neither, observations: {2022/23: 50, 2023/24: 10}}
  staff: {title: Staff, unit: count, kind: snapshot, observations: {2023-03: 5, 2024-03: 5}}
  cost: {title: Cost, unit: {currency: GBP}, scale: million, better: lower, area: hillside, observations: {2022/23: 5000000, 2023/24: 6500000}}
  computed: {title: Computed, derived: {share: works, of: [works, pay]}}
  pay: {title: Pay, unit: count, observations: {2022/23: 50, 2023/24: 90}}
  each: {title: Each, unit: ratio, derived: {numerator: [works], denominator: [pay]}}
  less: {title: Less, unit: count, derived: {add: [pay], subtract: [works]}}
"""
HOMES = """\
title: Homes
definition: Homes.
unit: count
better: higher
aim: increase
measures:
  built: {observations: {2022/23: {value: 9, marks: [queried], note: Odd.}, 2023/24: 12}}
"""
ELSEWHERE = """\
title: Elsewhere
definition: Watched by others.
no_figures: {because: monitored-elsewhere, body: board}
"""
WORDS = """\
title: Words
definition: In words.
unit: count
better: higher
measures:
  good: {title: Good, targets: [{in_words: Good.}], observations: {2023/24: {assessment: near}}}
  to-come: {title: To come, no_figures: {because: in-words, text: It goes well., as_of: 2023/24}}
"""
FILES = {
    "kpis/plan.yaml": PLAN,
    "kpis/care/visits.yaml": VISITS,
    "kpis/care/rates.yaml": RATES,
    "kpis/care/homes.yaml": HOMES,
    "kpis/care/elsewhere.yaml": ELSEWHERE,
    "kpis/care/words.yaml": WORDS,
}
