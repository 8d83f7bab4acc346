"""Matching by Splink on DuckDB, timed: compare.py RECORDS_FOLDER CLUSTERS.parquet

RECORDS_FOLDER: Parquet with record_key and the columns of COMPARISONS, as core.customer_record has them.
CLUSTERS.parquet: record_key, cluster, threshold; each record once for each of THRESHOLDS, the first of which is timed.
Prints one "name seconds" a line.

The model is that of Splink's tutorial and its examples for persons: ready-made comparisons, frequencies of values where they can
be common, two rules to train by; one for all sets. Rules were chosen with the labelled sets in view, as ours were.
Cleaning is lower case, no blanks around, empty as null. Columns without any value are left out, and rules that name them.
"""

import logging
import sys
import time

import duckdb
import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.blocking_analysis import count_comparisons_from_blocking_rule

COMPARISONS = {
    "given_name": compare.NameComparison("given_name"),
    "family_name": compare.NameComparison("family_name"),
    "birth_date": compare.DateOfBirthComparison("birth_date", input_is_string=True),
    "email": compare.EmailComparison("email"),
    "phone": compare.LevenshteinAtThresholds("phone", 1).configure(term_frequency_adjustments=True),
    "postcode": compare.LevenshteinAtThresholds("postcode", 1).configure(term_frequency_adjustments=True),
    "city": compare.JaroWinklerAtThresholds("city", 0.9).configure(term_frequency_adjustments=True),
    "street": compare.JaroWinklerAtThresholds("street", [0.9, 0.7]).configure(term_frequency_adjustments=True),
    "tax_number": compare.DamerauLevenshteinAtThresholds("tax_number", [1, 2]),
}
# From those of Splink's tutorial and examples; which bring too many pairs for a large set is counted before any is made.
CANDIDATES = [
    ["email"],
    ["phone"],
    ["tax_number"],
    ["given_name", "family_name"],
    ["given_name", "postcode"],
    ["family_name", "postcode"],
    ["given_name", "city"],
    ["family_name", "city"],
    ["birth_date"],
    ["family_name"],
    ["substr(given_name, 1, 2)", "substr(family_name, 1, 2)", "substr(birth_date, 1, 4)"],
]
PAIRS_PER_RECORD = 15
# Nearly always right; together they are taken to find RECALL of the true pairs, as in the tutorial.
CERTAIN = [["email"], ["tax_number"], ["given_name", "birth_date"], ["family_name", "birth_date"]]
RECALL = 0.7
TRAINING = [["given_name", "family_name"], ["birth_date"]]
THRESHOLDS = [0.95, 0.5, 0.99]

logging.getLogger("splink").setLevel(logging.ERROR)
folder, clusters_file = sys.argv[1:3]
last = time.perf_counter()


def step(name):
    global last
    now = time.perf_counter()
    print(name, now - last, flush=True)
    last = time.perf_counter()


database = duckdb.connect(config={"threads": 2, "memory_limit": "4GB", "temp_directory": clusters_file + ".tmp"})
database.execute(f"CREATE TABLE written AS SELECT * FROM read_parquet('{folder}/*.parquet')")
step("read")
counts = ", ".join(f"count({column})" for column in COMPARISONS)
filled = database.execute(f"SELECT {counts} FROM written").fetchall()[0]
columns = [column for column, count in zip(COMPARISONS, filled) if count]
cleaned = ", ".join(f"nullif(lower(trim(CAST({column} AS VARCHAR))), '') AS {column}" for column in columns)
database.execute(f"CREATE TABLE records AS SELECT record_key, {cleaned} FROM written")


def rules(candidates):
    missing = set(COMPARISONS) - set(columns)
    return [block_on(*parts) for parts in candidates if not any(column in part for column in missing for part in parts)]


def pairs_of(rule):
    counted = count_comparisons_from_blocking_rule(
        table_or_tables=["records"],
        blocking_rule=rule,
        link_type="dedupe_only",
        db_api=api,
        unique_id_column_name="record_key",
        compute_post_filter_count=False,
    )
    return counted["number_of_comparisons_generated_pre_filter_conditions"] / 2


api = DuckDBAPI(database)
step("clean")
records = database.execute("SELECT count(*) FROM records").fetchall()[0][0]
chosen = [rule for rule in rules(CANDIDATES) if pairs_of(rule) <= PAIRS_PER_RECORD * records]
step("choose_rules")
settings = SettingsCreator(
    link_type="dedupe_only",
    unique_id_column_name="record_key",
    comparisons=[COMPARISONS[column] for column in columns],
    blocking_rules_to_generate_predictions=chosen,
    retain_matching_columns=False,
    retain_intermediate_calculation_columns=False,
)
linker = Linker("records", settings, api, set_up_basic_logging=False)
step("settings")
linker.training.estimate_probability_two_random_records_match(rules(CERTAIN), recall=RECALL)
step("prior")
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=42)
step("random_pairs")
for rule in rules(TRAINING):
    linker.training.estimate_parameters_using_expectation_maximisation(rule)
step("expectation_maximisation")
pairs = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
step("predict")
found = []
for threshold in THRESHOLDS:
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold)
    if threshold == THRESHOLDS[0]:
        step("cluster")
    found.append(
        f"SELECT record_key, cluster_id AS cluster, CAST({threshold} AS DOUBLE) AS threshold FROM {clusters.physical_name}"
    )
database.execute(f"COPY ({' UNION ALL '.join(found)}) TO '{clusters_file}' (FORMAT parquet)")
