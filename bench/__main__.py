"""The benchmarks by name: `python -m bench NAME` prints a table and, as its last line, one JSON object."""

import argparse

from bench import executor, fanout, growth, product_page, report, reserve, start

BENCHES = {bench.NAME: bench.run for bench in (executor, fanout, growth, product_page, reserve, start)}


def main() -> None:
    """Run the one that is named."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure, and print ratios.")
    parser.add_argument("name", choices=sorted(BENCHES))
    report.show(BENCHES[parser.parse_args().name]())


if __name__ == "__main__":
    main()
