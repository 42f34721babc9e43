"""The table of hostile input, row by row: what it is, and which tests beside the corpus hold it."""

from typing import NamedTuple

from hostile.corpus import CORPUS


class Row(NamedTuple):
    """One row. `tests` are `file::test`, the files under `tests/`; `missing` says why there is no test yet."""

    number: int
    what: str
    tests: tuple[str, ...] = ()
    missing: str = ""


_HERE = "hostile/test_surroundings.py::"
_BOOKS = "hostile/test_workbooks.py::"
_HYGIENE = "test_reader_hygiene.py::test_hidden_characters_are_named_with_their_column"
_NESTED = "test_reader_agreement.py::test_deep_nesting_is_found_in_no_time"
_TOLD = "test_reader.py::test_a_value_that_programs_read_differently_is_told_and_kept_as_text"
_UNUSED = "test_reader.py::test_what_kpi_files_do_not_use_is_told_and_passed_over"

ROWS = (
    Row(1, "Aliases that grow a billionfold", ("test_reader_agreement.py::test_a_large_hostile_file_costs_seconds_at_most",)),
    Row(2, "Deep nesting", (_NESTED, "test_reader_agreement.py::test_twenty_levels_are_allowed_and_one_more_is_not")),
    Row(3, "A name twice", ("test_reader.py::test_a_name_written_twice_is_told_with_both_lines_at_the_second",)),
    Row(4, "Tags that run code", (_UNUSED,)),
    Row(5, "A value that contains itself", (_UNUSED,)),
    Row(6, "Not a number, infinity, overflow", (_TOLD,)),
    Row(7, "Numbers of 5,000 digits", ("test_reader.py::test_more_than_fifteen_digits_are_too_many",)),
    Row(8, "More decimals than a machine keeps", ("test_reader.py::test_more_than_fifteen_digits_are_too_many",)),
    Row(9, "Values that programs read differently", (_TOLD,)),
    Row(10, "Days that are none", ("test_human_period.py",)),
    Row(11, "Windows-1252", ("test_reader_hygiene.py::test_other_encodings_are_guessed",)),
    Row(12, "UTF-16", ("test_reader_hygiene.py::test_other_encodings_are_guessed",)),
    Row(13, "A byte-order mark", ("test_reader.py::test_a_byte_order_mark_and_a_missing_line_end_are_only_warned_of",)),
    Row(14, "Characters that can't be seen", (_HYGIENE,)),
    Row(15, "Text turned round", (_HYGIENE, "test_text.py::test_what_cannot_be_seen_is_shown_by_its_number")),
    Row(16, "Letters of another script", (_HYGIENE,)),
    Row(17, "NUL and escape characters", (_HYGIENE,)),
    Row(18, "Escape characters, escaped", (_HYGIENE, "test_reporters.py::test_no_hidden_character_reaches_the_terminal_or_a_file")),
    Row(19, "Other line ends", ("test_lint.py::test_lines_are_counted_alike_in_files_with_other_line_ends",)),
    Row(20, "An unfinished merge", ("test_reader_hygiene.py::test_every_trace_of_a_merge_is_told",)),
    Row(21, "Tabs, curly quotes, colons and other slips", ("test_reader_trouble.py::test_a_usual_slip_has_words_of_its_own",)),
    Row(22, "Nothing, a list, a word, two documents", ("test_reader_trouble.py::test_some_things_stop_the_reading",)),
    Row(23, "Names that are no text", ("test_reader.py::test_a_name_that_programs_read_differently_is_told_and_kept",)),
    Row(24, "Too much of anything", ("test_reader_agreement.py::test_a_large_hostile_file_costs_seconds_at_most",)),
    Row(25, "Text that keeps a pattern busy", ("test_schema.py::test_a_pattern_means_the_same_everywhere_and_is_quick",)),
    Row(26, "Digits of other scripts, a line end at the end", ("test_schema.py::test_a_bad_id_is_refused_as_a_name_and_as_a_value",)),
    Row(27, "Links out of the repository", ("test_store_paths.py::test_a_linked_file_is_told_and_not_followed",)),
    Row(28, "Links in a circle, folders, pipes, sockets, devices", ("test_store_paths.py::test_a_pipe_is_told_and_not_waited_for",)),
    Row(29, "A file that may not be read", (f"{_HERE}test_a_file_that_may_not_be_read_hides_nothing_in_the_others",)),
    Row(30, "Ids and names that climb out", ("test_store_paths.py::test_a_name_that_is_no_id_is_told_with_a_better_one",)),
    Row(31, "Two names that some disks take for one", ()),
    Row(32, "Names that forge a finding", ("test_workflows.py", "test_reporter_github.py::test_only_our_commands_are_commands_and_they_say_what_was_found")),
    Row(33, "Text that forges a finding", ("test_workflows.py", "test_reporter_github.py::test_only_our_commands_are_commands_and_they_say_what_was_found")),
    Row(34, "A commit's name that is an option", ("test_git.py::test_what_names_no_commit_is_refused_and_does_nothing", "test_git.py::test_no_program_that_settings_name_is_started")),
    Row(35, "No git, a shallow clone, somebody else's repository", (f"{_HERE}test_lint_needs_no_git", "test_git.py::test_a_clone_without_its_history_says_how_to_get_it", "test_git.py::test_a_repository_of_somebody_else_is_told_with_the_way_out")),
    Row(36, "Text that is Markdown or HTML", ("test_pages_hostile.py", "test_markdown.py")),
    Row(37, "Links with another target", ("test_markdown.py::test_a_link_has_exactly_its_text_and_one_target_that_no_text_can_leave",)),
    Row(38, "Text in pictures", ("test_chart.py::test_a_hostile_title_comes_back_as_typed",)),
    Row(39, "Text that a spreadsheet runs", ("test_export.py::test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe",)),
    Row(40, "Pages that differ by machine", (f"{_HERE}test_pages_are_the_same_bytes_in_any_surroundings",)),
    Row(41, "Two pages with one name", ("test_cli_broken.py::test_a_scorecard_of_which_a_part_is_missing_is_not_told",)),
    Row(42, "Hostile workbooks", (f"{_BOOKS}test_a_hostile_workbook_is_refused_in_one_sentence_and_changes_nothing", f"{_BOOKS}test_so_is_every_one_that_would_take_much_time_or_memory", f"{_BOOKS}test_a_formula_is_refused_at_its_cell_and_nothing_is_written", f"{_BOOKS}test_any_bytes_are_a_table_or_a_sentence")),
    Row(43, "Two writers at once", ("test_edit.py::test_writers_at_once_lose_nothing", "test_edit.py::test_a_file_that_changed_meanwhile_is_not_overwritten")),
    Row(44, "A full disk", (f"{_HERE}test_a_full_disk_leaves_the_pages_as_they_were", "test_edit.py::test_a_disk_without_room_leaves_the_file_as_it_was")),
    Row(45, "Killed half-way", ("test_faults.py::test_a_write_that_is_stopped_anywhere_leaves_the_old_content_or_the_new", "test_output.py::test_what_a_killed_run_left_half_written_is_cleared_away")),
    Row(46, "A folder that can't be written", (f"{_HERE}test_lint_works_where_nothing_may_be_written",)),
    Row(47, "Modes and links of what is written", ("test_output.py::test_a_page_that_is_a_link_is_replaced_and_not_followed",)),
    Row(48, "Clock and time zone", (f"{_HERE}test_pages_are_the_same_bytes_in_any_surroundings",)),
    Row(49, "No UTF-8", (f"{_HERE}test_findings_are_the_same_in_any_surroundings",)),
    Row(50, "A reader that leaves early", (f"{_HERE}test_a_reader_that_leaves_early_ends_lint_quietly",)),
    Row(51, "A result that can't be written", ("test_cli.py::test_a_full_disk_is_one_sentence",)),
    Row(52, "Ctrl-C", (f"{_HERE}test_ctrl_c_while_checking_ends_with_130",)),
    Row(53, "No terminal", (f"{_HERE}test_findings_are_the_same_in_any_surroundings",)),
    Row(54, "Windows paths", (), "checked on no Windows machine yet"),
    Row(55, "A plan that turns rules off", ("test_lint_settings.py",)),
    Row(56, "Code from the repository", (_UNUSED,)),
)  # fmt: skip
"""Numbered as where they were collected; the first 33 are input, then what is written, then the surroundings."""


def table() -> str:
    """README.md, made of the rows."""
    head = [
        "# Hostile input",
        "",
        "Made by `tests/hostile/rows.py`; `pytest --update` renews it.",
        "Every example of the corpus (`tests/hostile/corpus.py`) is given to the command line as a process of its own, with",
        "a time limit and a memory limit: see `tests/hostile/test_corpus.py`. The other tests are named.",
        "",
        "| No. | Input | In the corpus | Other tests under `tests/` |",
        "| ---: | --- | --- | --- |",
    ]
    lines = []
    for row in ROWS:
        here = "; ".join(hostile.name for hostile in CORPUS if hostile.number == row.number)
        there = ", ".join(f"`{test.rpartition('::')[2]}`" for test in row.tests) or f"{row.missing}"
        lines.append(f"| {row.number} | {row.what} | {here} | {there} |")
    return "\n".join([*head, *lines]) + "\n"
