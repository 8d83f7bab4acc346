"""Fit and prediction by Python's lifetimes, timed: compare.py DAYS.csv CUTOFF

DAYS.csv: customer_id,sold_on,sales without a heading. Prints one "name seconds" or "name value" a line.
"""

import sys
import time
import warnings

import pandas
from lifetimes import BetaGeoFitter, GammaGammaFitter
from lifetimes.utils import summary_data_from_transaction_data

warnings.filterwarnings("ignore")
days_file, cutoff = sys.argv[1:3]
last = time.perf_counter()


def step(name):
    global last
    now = time.perf_counter()
    print(name, now - last)
    last = time.perf_counter()


days = pandas.read_csv(days_file, names=["customer_id", "sold_on", "sales"], parse_dates=["sold_on"])
step("read")
summary = summary_data_from_transaction_data(
    days, "customer_id", "sold_on", monetary_value_col="sales", observation_period_end=cutoff, freq="D", freq_multiplier=7
)
step("customers")
purchases = BetaGeoFitter()
purchases.fit(summary["frequency"], summary["recency"], summary["T"])
step("fit_purchases")
repeat = summary[(summary["frequency"] > 0) & (summary["monetary_value"] > 0)]
values = GammaGammaFitter()
values.fit(repeat["frequency"], repeat["monetary_value"])
step("fit_values")
summary["alive"] = purchases.conditional_probability_alive(summary["frequency"], summary["recency"], summary["T"])
summary["expected"] = purchases.conditional_expected_number_of_purchases_up_to_time(
    52, summary["frequency"], summary["recency"], summary["T"]
)
summary["value"] = values.conditional_expected_average_profit(summary["frequency"], summary["monetary_value"])
summary["lifetime_value"] = values.customer_lifetime_value(
    purchases, summary["frequency"], summary["recency"], summary["T"], summary["monetary_value"],
    time=12, discount_rate=1.1 ** (1 / 12) - 1, freq="W",
)
step("predict")
for name in ("r", "alpha", "a", "b"):
    print(name, purchases.params_[name])
for name in ("p", "q", "v"):
    print(name, values.params_[name])
print("expected", summary["expected"].sum())
print("lifetime_value", summary["lifetime_value"].sum())
