"""Links two tables with Splink, as its documentation says, and tells what it cost.

One argument: a JSON task {kind, left, right, out, temp, memoryMb, threads, seed}. Writes to `out` the scored pairs
(l, r, weight, one_to_one) as Parquet; prints one line of JSON with the process's own cost.
"""
import json
import logging
import resource
import sys
import time

import duckdb
import splink
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

logging.getLogger("splink").setLevel(logging.ERROR)
STARTED = time.time()
TASK = json.loads(sys.argv[1])
# Its documentation: 1e7 "is often adequate"; 1e8 takes ten minutes here, because IDs are compared by edit distance.
U_PAIRS = 1e7
# Match weights below this are no links at any threshold worth sweeping.
LOWEST = -20


def custom(name, levels):
    return cl.CustomComparison(output_column_name=name, comparison_levels=levels)


def tf(level, column):
    return level.configure(tf_adjustment_column=column)


def city():
    """Columns are standardised by the bench: folded names, pinyin, clean IDs, days as YYYY-MM-DD."""
    comparisons = [
        # Distances on pinyin, because DuckDB counts the bytes of Han characters.
        custom("name", [
            cll.NullLevel("name"),
            cll.ExactMatchLevel("name", term_frequency_adjustments=True),
            cll.CustomLevel("name_l = former_r OR former_l = name_r", "former name"),
            tf(cll.ExactMatchLevel("sound"), "sound"),
            cll.ExactMatchLevel("characters"),
            cll.JaroWinklerLevel("sound", 0.92),
            cll.ExactMatchLevel("given_sound"),
            cll.JaroWinklerLevel("sound", 0.8),
            cll.ExactMatchLevel("surname"),
            cll.ElseLevel(),
        ]),
        cl.DamerauLevenshteinAtThresholds("citizen_id", [1, 2]),
        cl.DateOfBirthComparison("birth", input_is_string=True, datetime_format="%Y-%m-%d"),
        cl.ExactMatch("sex"),
        custom("guardians", [
            cll.NullLevel("guardian_names"),
            cll.ArrayIntersectLevel("guardian_ids", 1),
            cll.ArrayIntersectLevel("guardian_names", 2),
            cll.ArrayIntersectLevel("guardian_names", 1),
            cll.ElseLevel(),
        ]),
        cl.ArrayIntersectAtSizes("phones", 1),
        custom("place", [
            cll.NullLevel("township"),
            cll.ExactMatchLevel("address"),
            cll.ExactMatchLevel("village"),
            cll.ExactMatchLevel("township"),
            cll.ElseLevel(),
        ]),
    ]
    blocks = [
        block_on("citizen_id"),
        block_on("name", "birth"),
        block_on("sound", "birth"),
        block_on("characters", "birth"),
        "l.former = r.name AND l.birth = r.birth",
        "l.name = r.former AND l.birth = r.birth",
        block_on("given_sound", "birth", "sex"),
        block_on("birth", "address"),
        block_on("sound", "address"),
        block_on("birth", "guardian_ids", arrays_to_explode=["guardian_ids"]),
        block_on("birth", "sex", "guardian_names", arrays_to_explode=["guardian_names"]),
        block_on("birth", "phones", arrays_to_explode=["phones"]),
        block_on("sound", "guardian_ids", arrays_to_explode=["guardian_ids"]),
        block_on("sound", "guardian_names", arrays_to_explode=["guardian_names"]),
        block_on("sound", "phones", arrays_to_explode=["phones"]),
        block_on("substr(citizen_id, 7)"),
        block_on("substr(citizen_id, 1, 14)", "surname"),
        block_on("name", "substr(birth, 1, 7)"),
        block_on("name", "substr(birth, 1, 4)", "substr(birth, 9, 2)"),
        block_on("name", "substr(birth, 6, 5)"),
    ]
    deterministic = [block_on("citizen_id", "name"), block_on("name", "birth", "phones", arrays_to_explode=["phones"])]
    passes = [block_on("name", "birth"), block_on("citizen_id")]
    return comparisons, blocks, deterministic, 0.95, passes


def febrl4():
    """The detailed model of Splink's own example for these very files."""
    comparisons = [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison(
            "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
        ),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
    ]
    blocks = [
        block_on("given_name", "surname"),
        "l.given_name = r.surname and l.surname = r.given_name",
        block_on("date_of_birth"),
        block_on("soc_sec_id"),
        block_on("state", "address_1"),
        block_on("street_number", "address_1"),
        block_on("postcode"),
    ]
    deterministic = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    return comparisons, blocks, deterministic, 0.8, [block_on("date_of_birth"), block_on("postcode")]


def main():
    stages = {}

    def stage(name, since):
        now = time.time()
        stages[name] = round(now - since, 2)
        return now

    con = duckdb.connect(config={"threads": TASK["threads"], "memory_limit": f"{TASK['memoryMb']}MB"})
    con.execute(f"SET temp_directory = '{TASK['temp']}'")
    con.execute("SET enable_progress_bar = false")
    con.execute(f"CREATE TABLE lhs AS FROM read_parquet('{TASK['left']}')")
    con.execute(f"CREATE TABLE rhs AS FROM read_parquet('{TASK['right']}')")
    api = DuckDBAPI(con)
    tables = [api.register("lhs", dataset_display_name="a_left"), api.register("rhs", dataset_display_name="b_right")]
    comparisons, blocks, deterministic, recall, passes = {"city": city, "febrl4": febrl4}[TASK["kind"]]()
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=blocks,
        retain_matching_columns=False,
    )
    linker = Linker(tables, settings)
    at = stage("read", STARTED)
    linker.training.estimate_probability_two_random_records_match(deterministic, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=TASK["seed"])
    for rule in passes:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True
        )
    at = stage("train", at)
    pairs = linker.inference.predict(threshold_match_weight=LOWEST)
    at = stage("predict", at)
    clusters = linker.clustering.cluster_using_single_best_links(
        pairs, duplicate_free_datasets=["a_left", "b_right"], threshold_match_weight=LOWEST
    )
    at = stage("one to one", at)
    p, c = pairs.physical_name, clusters.physical_name
    con.execute(f"""COPY (
        SELECT p.unique_id_l AS l, p.unique_id_r AS r, p.match_weight AS weight,
            cl.cluster_id = cr.cluster_id AS one_to_one
        FROM {p} p
        JOIN {c} cl ON cl.source_dataset = 'a_left' AND cl.unique_id = p.unique_id_l
        JOIN {c} cr ON cr.source_dataset = 'b_right' AND cr.unique_id = p.unique_id_r
    ) TO '{TASK['out']}' (FORMAT parquet)""")
    stage("write", at)
    if TASK.get("model"):
        linker.misc.save_model_to_json(TASK["model"], overwrite=True)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        "wallSeconds": time.time() - STARTED,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        "peakMb": usage.ru_maxrss / 1024,
        "answer": {
            "version": splink.__version__,
            "duckdb": duckdb.__version__,
            "pairs": con.execute(f"SELECT count(*) FROM {p}").fetchone()[0],
            "stages": stages,
        },
    }))


main()
