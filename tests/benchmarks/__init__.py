"""Wall time and memory of a pull beside what an analyst would write: ``python -m tests.benchmarks``.

A loopback server in its own process serves pages rendered beforehand. Every sample is a process of its own, the
variants take turns, and medians, ratios, and the bars they are held against come out as Markdown and JSON.
"""
